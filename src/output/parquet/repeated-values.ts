import type { Read } from './parquet-column.js';

/** So many different values are remembered. */
const slots = 256;
/** Longer values are taken to be different. */
const longest = 64;

/**
 * Reads as `read` does, which gives bytes, but gives the same object for values that were read
 * lately: in most columns of text they come again and again. To be used for one column of one group.
 */
export function sharingRepeated(read: Read): Read {
  const seen: Uint8Array[] = new Array(slots);
  return (bytes, start, end) => {
    const length = end - start;
    if (length === 0 || length > longest) return read(bytes, start, end);
    const [first, last] = [bytes[start] as number, bytes[end - 1] as number];
    const slot = (first * 31 + last * 7 + length) % slots;
    const known = seen[slot];
    if (known !== undefined && isSame(known, bytes, start, length)) return known;
    const value = read(bytes, start, end);
    if (value instanceof Uint8Array) seen[slot] = value;
    return value;
  };
}

function isSame(known: Uint8Array, bytes: Uint8Array, start: number, length: number): boolean {
  if (known.length !== length) return false;
  for (let i = 0; i < length; i++) if (known[i] !== bytes[start + i]) return false;
  return true;
}
