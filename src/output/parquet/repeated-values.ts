import type { ReadValue } from './parquet-column.js';

/** Number of values that the cache remembers. */
const cacheSize = 256;
/** Values longer than this many bytes are not cached. */
const maxSharedLength = 64;

/**
 * Returns a variant of `read` (which must return bytes) that returns the same object for equal
 * values that were read recently: most text columns repeat their values. The result is for one
 * column of one row group.
 */
export function shareRepeatedValues(read: ReadValue): ReadValue {
  const recentValues: Uint8Array[] = new Array(cacheSize);
  return (bytes, start, end) => {
    const length = end - start;
    if (length === 0 || length > maxSharedLength) return read(bytes, start, end);
    const [first, last] = [bytes[start] as number, bytes[end - 1] as number];
    const slot = (first * 31 + last * 7 + length) % cacheSize;
    const cached = recentValues[slot];
    if (cached !== undefined && equalsBytes(cached, bytes, start, length)) return cached;
    const value = read(bytes, start, end);
    if (value instanceof Uint8Array) recentValues[slot] = value;
    return value;
  };
}

function equalsBytes(
  cached: Uint8Array,
  bytes: Uint8Array,
  start: number,
  length: number,
): boolean {
  if (cached.length !== length) return false;
  for (let i = 0; i < length; i++) if (cached[i] !== bytes[start + i]) return false;
  return true;
}
