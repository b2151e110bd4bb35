import { codePoint, sequenceSize } from './utf8.js';

/* Counts terminal cells as the mysql client does, so that tables are padded like its tables. */

/**
 * The first and last character of each range that the client counts as two terminal cells. Observed
 * (`mariadb` 10.11), from its padding of every character up to U+4FFFF: its tables are not newer
 * than Unicode 4, so an emoji counts as one cell, and so does a combining mark.
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

/** Returns the number of terminal cells that `bytes[start … end)` take. */
export type DisplayWidth = (bytes: Uint8Array, start: number, end: number) => number;

/**
 * Returns a function that counts cells in a character set as the client does. Observed (`mariadb`
 * 10.11): in UTF-8 the ranges above count two cells, and bytes that are not valid UTF-8 count none;
 * in Shift JIS and EUC-JP the first byte of a character alone determines its bytes and cells, even
 * if the next bytes are invalid; in all other sets, including two-byte sets, each byte is one cell.
 */
export function createClientWidth(characterSet: string): DisplayWidth {
  if (characterSet === 'utf8mb4') return (bytes, start, end) => utf8Width(bytes, start, end, 4);
  if (characterSet === 'utf8mb3' || characterSet === 'utf8') {
    return (bytes, start, end) => utf8Width(bytes, start, end, 3);
  }
  if (characterSet === 'sjis' || characterSet === 'cp932') {
    return (bytes, start, end) => multiByteWidth(bytes, start, end, shiftJis);
  }
  if (characterSet === 'ujis' || characterSet === 'eucjpms') {
    return (bytes, start, end) => multiByteWidth(bytes, start, end, eucJp);
  }
  return (_bytes, start, end) => end - start;
}

/** Return the number of bytes and of cells of a character from its first byte. */
interface LeadByteRules {
  bytes: (first: number) => number;
  cells: (first: number) => number;
}

/** Half-width katakana (0xa1 to 0xdf) are single bytes. */
const shiftJis: LeadByteRules = {
  bytes: (first) => (first < 0x80 || (first > 0xa0 && first < 0xe0) ? 1 : 2),
  cells: (first) => (first < 0x80 || (first > 0xa0 && first < 0xe0) ? 1 : 2),
};

/** 0x8e begins a half-width katakana, 0x8f a character of JIS X 0212. */
const eucJp: LeadByteRules = {
  bytes: (first) => (first < 0x80 ? 1 : first === 0x8f ? 3 : 2),
  cells: (first) => (first < 0x80 || first === 0x8e ? 1 : 2),
};

function multiByteWidth(
  bytes: Uint8Array,
  start: number,
  end: number,
  rules: LeadByteRules,
): number {
  let cells = 0;
  for (let position = start; position < end; ) {
    const first = bytes[position] as number;
    cells += rules.cells(first);
    position += rules.bytes(first);
  }
  return cells;
}

function utf8Width(bytes: Uint8Array, start: number, end: number, maxSize: number): number {
  let cells = 0;
  let position = start;
  while (position < end) {
    const first = bytes[position] as number;
    if (first < 0x80) {
      position++;
      cells++;
      continue;
    }
    const size = sequenceSize(bytes, position, end, maxSize);
    if (size > 0) cells += isWide(codePoint(bytes, position, size)) ? 2 : 1;
    position += size || 1;
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
