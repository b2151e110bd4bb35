/*
 * Rows of the text protocol into tab-separated values, whole chunks at a time. AssemblyScript: looks
 * like TypeScript, is compiled to WebAssembly, and does with 16 bytes at once what JavaScript does
 * with one. `src/output/kernel.ts` is the other side; what a row looks like as TSV says tsv.ts,
 * which also does what is left here: all that is rare.
 *
 * There is no allocation: JavaScript puts packets at `input`, and finds the text at `output`.
 */

/** The most bytes that are taken at once. */
export const inputSize: i32 = 128 * 1024;
/** A load or a store of 16 bytes may begin at the last byte of a row. */
const slack: i32 = 64;

export const input: i32 = <i32>memory.data(inputSize + slack, 16);
/** The worst that can happen to a byte is NULL's marker, which becomes `NULL` and a tab. */
export const output: i32 = <i32>memory.data(inputSize * 5 + slack, 16);

/** How many bytes of the input were taken, and how many rows that were. */
export let taken: i32 = 0;
export let rows: i32 = 0;

const headerLength: i32 = 4;
const nullMarker: i32 = 0xfb;
const tab: i8 = 0x09;
const newline: i8 = 0x0a;
const backslash: i8 = 0x5c;
const blockSize: i32 = 16;

/** What a byte up to a newline is written as behind a backslash; 0 where it stands for itself. */
const letters: i32 = <i32>memory.data<u8>([0x30, 0, 0, 0, 0, 0, 0, 0, 0, 0x74, 0x6e]);

/** `NULL` as a number of 32 bits, its first letter lowest. */
const nullText: i32 = 0x4c4c554e;

/**
 * Writes the rows of the packets in `input … input + size` to `output`, and gives how many bytes
 * that became. Stops before a packet that is not whole, that is longer than `longest`, that is no
 * row, or that is not what a row should be. `escaped`: all bits set, or none with --raw.
 */
export function toTsv(size: i32, longest: i32, escaped: i32): i32 {
  const end = input + size;
  let at = input;
  let out = output;
  let count = 0;
  while (end - at >= headerLength) {
    const length: i32 = load<i32>(at) & 0xffffff;
    const rowEnd = at + headerLength + length;
    // 0xfe begins the end of the rows, or a cell of 16 MB; 0xff an error.
    if (length > longest || rowEnd > end || length === 0) break;
    if (<i32>load<u8>(at, headerLength) >= 0xfe) break;
    const rowOut = writeRow(at + headerLength, rowEnd, out, escaped);
    if (rowOut === 0) break;
    out = rowOut;
    at = rowEnd;
    count++;
  }
  taken = at - input;
  rows = count;
  return out - output;
}

/** Gives where the output ends, or 0 where the cells do not end with the row. */
function writeRow(start: i32, end: i32, to: i32, escaped: i32): i32 {
  let at = start;
  let out = to;
  while (at < end) {
    let length: i32 = load<u8>(at);
    at++;
    if (length >= nullMarker) {
      if (length === nullMarker) {
        store<i32>(out, nullText);
        store<u8>(out, tab, 4);
        out += 5;
        continue;
      }
      // What takes more bytes is longer than the input.
      if (length === 0xfc) {
        length = load<u16>(at);
        at += 2;
      } else if (length === 0xfd) {
        length = load<i32>(at) & 0xffffff;
        at += 3;
      } else {
        return 0;
      }
    }
    if (length > end - at) return 0;
    // What stands behind the cell is written too, and overwritten by what comes next.
    const block = v128.load(at);
    v128.store(out, block);
    if (length <= blockSize) {
      const found = specials(block) & ((1 << length) - 1) & escaped;
      out = found === 0 ? out + length : copyEscaped(at, length, out, found);
    } else {
      out = copyLong(at, length, out, escaped);
    }
    at += length;
    store<u8>(out, tab);
    out++;
  }
  store<u8>(out - 1, newline);
  return out;
}

/** Copies a cell of any length; gives where the output ends. */
function copyLong(from: i32, length: i32, to: i32, escaped: i32): i32 {
  const end = from + length;
  let out = to;
  for (let at = from; at < end; at += blockSize) {
    const block = v128.load(at);
    v128.store(out, block);
    const size = min(end - at, blockSize);
    const found = specials(block) & ((1 << size) - 1) & escaped;
    out = found === 0 ? out + size : copyEscaped(at, size, out, found);
  }
  return out;
}

/** A bit for each byte of a block that may need an escape, the first byte's lowest. */
function specials(block: v128): i32 {
  const low = i8x16.le_u(block, i8x16.splat(newline));
  return i8x16.bitmask(v128.or(low, i8x16.eq(block, i8x16.splat(backslash))));
}

/**
 * Goes on with a block that was copied as it is, from the first of the bytes on that may need an
 * escape, of which `found` has a bit each; gives where the output ends.
 */
function copyEscaped(from: i32, length: i32, to: i32, found: i32): i32 {
  const end = from + length;
  let at = from;
  let out = to;
  for (let left = found; left !== 0; ) {
    const before = ctz(left);
    at += before;
    out += before;
    const byte: i32 = load<u8>(at);
    const letter: i32 = byte === backslash ? backslash : load<u8>(letters + byte);
    if (letter === 0) {
      store<u8>(out, byte);
      out++;
    } else {
      store<u8>(out, backslash);
      store<u8>(out, letter, 1);
      out += 2;
    }
    at++;
    v128.store(out, v128.load(at));
    left = (left >> before) >> 1;
  }
  return out + end - at;
}

/** Copies `size` bytes of `input` to `output` as a part of a cell, and gives how many they became. */
export function escapeText(size: i32): i32 {
  return copyLong(input, size, output, -1) - output;
}
