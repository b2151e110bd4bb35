import { isControl, isUnsafe } from './unsafe-characters.js';

/**
 * Returns a word of a command, quoted for a shell where necessary. A word with characters that could
 * control a terminal is written as `$'…'`, which Bash, Zsh and Ksh read.
 */
export function quoteForShell(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  const codes = Array.from(word, (character) => character.codePointAt(0) ?? 0);
  const isSafe = codes.map((code, index) =>
    code < 0x80 ? !isControl(code) : !isUnsafe(code, codes[index - 1] ?? 0, codes[index + 1] ?? 0),
  );
  if (!isSafe.includes(false)) return `'${word.replaceAll("'", `'\\''`)}'`;
  const quoted = codes.map((code, index) => {
    const character = String.fromCodePoint(code);
    if (isSafe[index]) return /['\\]/.test(character) ? `\\${character}` : character;
    // Bytes, because `\u` depends on the locale.
    return Array.from(Buffer.from(character), (byte) => `\\${byte.toString(8).padStart(3, '0')}`);
  });
  return `$'${quoted.flat().join('')}'`;
}
