import { codePoint, sequenceSize } from './utf8.js';

/**
 * The characters that `mariadb` 10.11 counts as two cells of a terminal, first and last of each
 * range: measured by having it pad every character up to U+4FFFF. It knows nothing newer than
 * Unicode 4, so an emoji counts as one cell, and so does a combining mark.
 */
const wideRanges: readonly (readonly [number, number])[] = [
  [0x1100, 0x1159],
  [0x115f, 0x115f],
  [0x2329, 0x232a],
  [0x2e80, 0x2e99],
  [0x2e9b, 0x2ef3],
  [0x2f00, 0x2fd5],
  [0x2ff0, 0x2ffb],
  [0x3000, 0x303e],
  [0x3041, 0x3096],
  [0x3099, 0x30ff],
  [0x3105, 0x312c],
  [0x3131, 0x318e],
  [0x3190, 0x31b7],
  [0x31f0, 0x321e],
  [0x3220, 0x3243],
  [0x3250, 0x327d],
  [0x327f, 0x32fe],
  [0x3300, 0x4db5],
  [0x4e00, 0x9fa5],
  [0xa000, 0xa48c],
  [0xa490, 0xa4c6],
  [0xac00, 0xd7a3],
  [0xf900, 0xfa2d],
  [0xfa30, 0xfa6a],
  [0xfe30, 0xfe52],
  [0xfe54, 0xfe66],
  [0xfe68, 0xfe6b],
  [0xff01, 0xff60],
  [0xffe0, 0xffe6],
  [0x20000, 0x3fffd],
];

/** Counts the cells of a terminal that `bytes[start … end)` take. */
export type DisplayWidth = (bytes: Uint8Array, start: number, end: number) => number;

/**
 * How the client counts in a character set (measured): UTF-8 by character, the ranges above as two
 * cells and a byte that is no valid UTF-8 as none; Shift JIS and EUC-JP by what the first byte of a
 * character says, whether the rest is valid or not; in other sets, those of two bytes as well, each
 * byte is a cell.
 */
export function displayWidthIn(characterSet: string): DisplayWidth {
  if (characterSet === 'utf8mb4') return (bytes, start, end) => utf8Width(bytes, start, end, 4);
  if (characterSet === 'utf8mb3' || characterSet === 'utf8') {
    return (bytes, start, end) => utf8Width(bytes, start, end, 3);
  }
  if (characterSet === 'sjis' || characterSet === 'cp932') {
    return (bytes, start, end) => width(bytes, start, end, shiftJis);
  }
  if (characterSet === 'ujis' || characterSet === 'eucjpms') {
    return (bytes, start, end) => width(bytes, start, end, eucJp);
  }
  return (_bytes, start, end) => end - start;
}

/** Of each first byte of a character: its bytes and its cells. */
interface Sizes {
  bytes: (first: number) => number;
  cells: (first: number) => number;
}

/** Half-width katakana (0xa1 to 0xdf) are bytes of their own. */
const shiftJis: Sizes = {
  bytes: (first) => (first < 0x80 || (first > 0xa0 && first < 0xe0) ? 1 : 2),
  cells: (first) => (first < 0x80 || (first > 0xa0 && first < 0xe0) ? 1 : 2),
};

/** 0x8e begins a half-width katakana, 0x8f a character of JIS X 0212. */
const eucJp: Sizes = {
  bytes: (first) => (first < 0x80 ? 1 : first === 0x8f ? 3 : 2),
  cells: (first) => (first < 0x80 || first === 0x8e ? 1 : 2),
};

function width(bytes: Uint8Array, start: number, end: number, sizes: Sizes): number {
  let cells = 0;
  for (let at = start; at < end; ) {
    const first = bytes[at] as number;
    cells += sizes.cells(first);
    at += sizes.bytes(first);
  }
  return cells;
}

function utf8Width(bytes: Uint8Array, start: number, end: number, longest: number): number {
  let cells = 0;
  let at = start;
  while (at < end) {
    const first = bytes[at] as number;
    if (first < 0x80) {
      at++;
      cells++;
      continue;
    }
    const size = sequenceSize(bytes, at, end, longest);
    if (size > 0) cells += isWide(codePoint(bytes, at, size)) ? 2 : 1;
    at += size || 1;
  }
  return cells;
}

function isWide(character: number): boolean {
  if (character < 0x1100) return false;
  let low = 0;
  let high = wideRanges.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const [first, last] = wideRanges[middle] as readonly [number, number];
    if (character < first) high = middle - 1;
    else if (character > last) low = middle + 1;
    else return true;
  }
  return false;
}
