/*
 * What is unsafe on a terminal, for all who write text to one: values of results, messages, the text
 * being edited.
 */

/**
 * Characters from U+0080 on that control a terminal, or that are invisible and make a text look like
 * another: C1, soft hyphen, marks and overrides of direction, separators of lines and paragraphs,
 * characters without width, lone surrogates, tags, noncharacters. First and last of each range.
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

/** From here on: the scripts and pictures whose spelling needs joiners. */
const firstJoined = 0x590;

let unsafeTable: Uint8Array | undefined;

/** Tells whether a character controls the terminal: C0, DEL. */
export function isControl(character: number): boolean {
  return character < 0x20 || character === 0x7f;
}

/**
 * Tells whether a character from U+0080 on is shown as an escape. Of the two joiners, which Persian and
 * Indic words and emoji are spelt with, and of rare variation selectors, that depends on what stands
 * around them: between Latin letters they only hide. `before` and `after` are 0 where the text
 * begins and ends.
 */
export function isUnsafe(character: number, before: number, after: number): boolean {
  if (character === 0x200c || character === 0x200d) {
    return before < firstJoined || after < firstJoined || isUnsafe(after, 0, 0);
  }
  if (character < 0x10000) {
    unsafeTable ??= makeTable();
    return unsafeTable[character] === 1;
  }
  if (character >= 0xe0100 && character <= 0xe01ef) return before < 0x2e80;
  if ((character & 0xfffe) === 0xfffe) return true;
  return unsafeAbove.some(([first, last]) => character >= first && character <= last);
}

function makeTable(): Uint8Array {
  const table = new Uint8Array(0x10000);
  for (const [first, last] of unsafeRanges) table.fill(1, first, last + 1);
  return table;
}

const named: Record<number, string> = { 0: '\\0', 9: '\\t', 10: '\\n', 13: '\\r' };

/** How a control character of ASCII, or a byte that is no character, is shown: `\t`, `\x1b`. */
export function byteEscape(byte: number): string {
  return named[byte] ?? `\\x${byte.toString(16).padStart(2, '0')}`;
}

/** How another character is shown that must not be itself: `\u202e`, `\u{e0041}`. */
export function characterEscape(character: number): string {
  const digits = character.toString(16);
  return character > 0xffff ? `\\u{${digits}}` : `\\u${digits.padStart(4, '0')}`;
}
