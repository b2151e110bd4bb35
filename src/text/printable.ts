import { isControl, isUnsafe } from './unsafe.js';

const longest = 80;

/**
 * Returns a text that came from outside (argv, a file, a DNS answer), made safe for one line of a
 * terminal: control characters, line separators, direction overrides, lone surrogates and other
 * invisible characters become `\xNN` or `\u{NNNN}`, and of more than 80 characters the rest is
 * replaced by `…`.
 */
export function printable(text: string): string {
  const characters = Array.from(text);
  const isCut = characters.length > longest;
  const kept = isCut ? characters.slice(0, longest - 1) : characters;
  const codes = kept.map((character) => character.codePointAt(0) ?? 0);
  const shown = kept.map((character, index) => {
    const code = codes[index] ?? 0;
    const isSafe =
      code < 0x80
        ? !isControl(code)
        : !isUnsafe(code, codes[index - 1] ?? 0, codes[index + 1] ?? 0);
    return isSafe ? character : escaped(code);
  });
  return shown.join('') + (isCut ? '…' : '');
}

function escaped(code: number): string {
  const digits = code.toString(16);
  return digits.length > 2 ? `\\u{${digits}}` : `\\x${digits.padStart(2, '0')}`;
}
