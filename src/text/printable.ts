import { isControl, isUnsafe } from './unsafe-characters.js';

const maxCharacters = 80;

/**
 * Returns untrusted text (from argv, a file, a DNS response), sanitized for one line of a terminal:
 * control characters, line separators, direction overrides, lone surrogates and other invisible
 * characters become `\xNN` or `\u{NNNN}`, and text of more than 80 characters is cut off with `…`.
 */
export function printable(text: string): string {
  const characters = Array.from(text);
  const isCut = characters.length > maxCharacters;
  const kept = isCut ? characters.slice(0, maxCharacters - 1) : characters;
  const codes = kept.map((character) => character.codePointAt(0) ?? 0);
  const shown = kept.map((character, index) => {
    const code = codes[index] ?? 0;
    const isSafe =
      code < 0x80
        ? !isControl(code)
        : !isUnsafe(code, codes[index - 1] ?? 0, codes[index + 1] ?? 0);
    return isSafe ? character : escapeCharacter(code);
  });
  return shown.join('') + (isCut ? '…' : '');
}

function escapeCharacter(code: number): string {
  const digits = code.toString(16);
  return digits.length > 2 ? `\\u{${digits}}` : `\\x${digits.padStart(2, '0')}`;
}
