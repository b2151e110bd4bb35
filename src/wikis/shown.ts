const LONGEST = 80;

/**
 * A text that came from outside (argv, a file, a DNS answer), made safe for one line of a
 * terminal: control characters, line separators, direction overrides and lone surrogates become
 * `\xNN` or `\u{NNNN}`, and what is longer than 80 characters is cut with `…`.
 */
export function shown(text: string): string {
  const characters = Array.from(text);
  const kept =
    characters.length > LONGEST ? [...characters.slice(0, LONGEST - 1), '…'] : characters;
  return kept.map((character) => (isUnsafe(character) ? escaped(character) : character)).join('');
}

/**
 * Cc, Cf (invisible, among them the overrides of direction), Cs (lone surrogates), Zl and Zp. Of
 * ASCII it is known; the expression costs every start half a millisecond where it is made at once.
 */
function isUnsafe(character: string): boolean {
  if (character >= ' ' && character <= '~') return false;
  return /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(character);
}

function escaped(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16);
  return code.length > 2 ? `\\u{${code}}` : `\\x${code.padStart(2, '0')}`;
}
