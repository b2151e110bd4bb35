/*
 * Detects and escapes characters that are unsafe on a terminal. All code that writes text to one
 * uses this file: for values of result sets, for messages and for the edited text.
 */

/**
 * The first and last character of each range from U+0080 on that controls a terminal, or that is
 * invisible and makes a text look like another one: C1, soft hyphen, direction marks and overrides,
 * line and paragraph separators, zero-width characters, lone surrogates, tags, noncharacters.
 */
const unsafeRanges: readonly (readonly [number, number])[] = [
  [0x80, 0x9f],
  [0xad, 0xad],
  [0x34f, 0x34f],
  [0x61c, 0x61c],
  [0x180e, 0x180e],
  [0x200b, 0x200b],
  [0x200e, 0x200f],
  [0x2028, 0x202e],
  [0x2060, 0x206f],
  [0xd800, 0xdfff],
  [0xfdd0, 0xfdef],
  [0xfeff, 0xfeff],
  [0xfff0, 0xfffb],
  [0xfffe, 0xffff],
];
const unsafeAbove: readonly (readonly [number, number])[] = [
  [0x1bca0, 0x1bca3],
  [0x1d173, 0x1d17a],
  [0xe0000, 0xe00ff],
];

/** The scripts and pictographs that need joiners begin with this character. */
const firstJoiningScript = 0x590;

let unsafeTable: Uint8Array | undefined;

/** Whether an ASCII character is a control character: C0 or DEL. */
export function isControl(character: number): boolean {
  return character < 0x20 || character === 0x7f;
}

/**
 * Whether a character from U+0080 on must be escaped. For the two joiners, which are part of
 * Persian and Indic words and of emoji, and for rare variation selectors, this depends on the
 * adjacent characters: between Latin letters they are only a way to hide something. `previous` is 0
 * at the beginning of the text, `next` at its end.
 */
export function isUnsafe(character: number, previous: number, next: number): boolean {
  if (character === 0x200c || character === 0x200d) {
    return previous < firstJoiningScript || next < firstJoiningScript || isUnsafe(next, 0, 0);
  }
  if (character < 0x10000) {
    unsafeTable ??= buildUnsafeTable();
    return unsafeTable[character] === 1;
  }
  if (character >= 0xe0100 && character <= 0xe01ef) return previous < 0x2e80;
  if ((character & 0xfffe) === 0xfffe) return true;
  return unsafeAbove.some(([first, last]) => character >= first && character <= last);
}

function buildUnsafeTable(): Uint8Array {
  const table = new Uint8Array(0x10000);
  for (const [first, last] of unsafeRanges) table.fill(1, first, last + 1);
  return table;
}

const namedEscapes: Record<number, string> = { 0: '\\0', 9: '\\t', 10: '\\n', 13: '\\r' };

/** Returns the escape of an ASCII control character or of an invalid byte: `\t`, `\x1b`. */
export function escapeByte(byte: number): string {
  return namedEscapes[byte] ?? `\\x${byte.toString(16).padStart(2, '0')}`;
}

/** Returns the escape of any other unsafe character: `\u202e`, `\u{e0041}`. */
export function escapeCharacter(character: number): string {
  const digits = character.toString(16);
  return character > 0xffff ? `\\u{${digits}}` : `\\u${digits.padStart(4, '0')}`;
}
