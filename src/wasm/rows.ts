/*
 * Converts rows of the text protocol to tab-separated values, a whole chunk per call. This file is
 * AssemblyScript, which looks like TypeScript and compiles to WebAssembly; it processes 16 bytes at
 * a time where JavaScript processes one. `src/output/kernel.ts` calls it. `src/output/tsv.ts`
 * documents the format, and writes the rare rows that this file does not convert.
 *
 * Nothing is allocated: JavaScript writes packets to `input` and reads the text from `output`.
 */

/** The maximum number of input bytes per call. */
export const inputSize: i32 = 128 * 1024;
/** Extra bytes, because a load or store of 16 bytes can begin at the last byte of a row. */
const slack: i32 = 64;

export const input: i32 = <i32>memory.data(inputSize + slack, 16);
/** The byte that grows most is the NULL marker, which becomes `NULL` and a tab: five bytes. */
export const output: i32 = <i32>memory.data(inputSize * 5 + slack, 16);

/** The number of input bytes and of rows that the last call converted. */
export let taken: i32 = 0;
export let rows: i32 = 0;

const headerLength: i32 = 4;
const nullMarker: i32 = 0xfb;
const tab: i8 = 0x09;
const newline: i8 = 0x0a;
const backslash: i8 = 0x5c;
const blockSize: i32 = 16;

/** The byte to write after a backslash for each byte up to newline; 0 if it needs no escape. */
const letters: i32 = <i32>memory.data<u8>([0x30, 0, 0, 0, 0, 0, 0, 0, 0, 0x74, 0x6e]);

/** `NULL` as a little-endian 32-bit integer. */
const nullText: i32 = 0x4c4c554e;

/**
 * Writes the rows of the packets in `input … input + size` to `output`, and returns the number of
 * bytes written. Stops before a packet that is incomplete, longer than `longest` bytes, not a row,
 * or not a valid row. `escaped`: a mask with all bits set, or 0 with --raw.
 */
export function toTsv(size: i32, longest: i32, escaped: i32, columns: i32): i32 {
  const end = input + size;
  let at = input;
  let out = output;
  let count = 0;
  while (end - at >= headerLength) {
    const length: i32 = load<i32>(at) & 0xffffff;
    const rowEnd = at + headerLength + length;
    // 0xfe begins the end-of-rows packet, or a cell of 16 MB or more; 0xff begins an error.
    if (length > longest || rowEnd > end || length === 0) break;
    if (<i32>load<u8>(at, headerLength) >= 0xfe) break;
    const rowOut = writeRow(at + headerLength, rowEnd, out, escaped, columns);
    if (rowOut === 0) break;
    out = rowOut;
    at = rowEnd;
    count++;
  }
  taken = at - input;
  rows = count;
  return out - output;
}

/**
 * Writes a row; returns the new end of the output, or 0 unless `columns` cells end exactly with the
 * row.
 */
function writeRow(start: i32, end: i32, to: i32, escaped: i32, columns: i32): i32 {
  let at = start;
  let left = columns;
  let out = to;
  while (at < end) {
    let length: i32 = load<u8>(at);
    at++;
    left--;
    if (length >= nullMarker) {
      if (length === nullMarker) {
        store<i32>(out, nullText);
        store<u8>(out, tab, 4);
        out += 5;
        continue;
      }
      // A cell with a longer length prefix is larger than the input.
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
    // The block may contain bytes after the cell; the next output overwrites them.
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
  if (left !== 0) return 0;
  store<u8>(out - 1, newline);
  return out;
}

/** Copies a cell of any length; returns the new end of the output. */
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

/** Returns a mask of the bytes of a block that may need an escape; the lowest bit is byte 0. */
function specials(block: v128): i32 {
  const low = i8x16.le_u(block, i8x16.splat(newline));
  return i8x16.bitmask(v128.or(low, i8x16.eq(block, i8x16.splat(backslash))));
}

/**
 * Rewrites a block that was copied unchanged, starting with the first byte that may need an escape.
 * `found` is the mask of those bytes. Returns the new end of the output.
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

/** Copies `size` bytes of `input` to `output` as part of a cell; returns the bytes written. */
export function escapeText(size: i32): i32 {
  return copyLong(input, size, output, -1) - output;
}
