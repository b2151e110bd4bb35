/*
 * Reads and writes the length-encoded integers of the MySQL protocol: one byte below 0xfb, or a
 * marker (0xfc, 0xfd, 0xfe) followed by 2, 3 or 8 bytes, little endian. 0xfb marks NULL; see
 * row.ts.
 */

/** The largest size of an encoded integer in bytes, including the marker. */
export const maxLenencSize = 9;
/** Marks an integer of eight bytes. */
const longMarker = 0xfe;

/** Returns the size of the encoded integer at `offset` in bytes, including the marker. */
export function getLenencSize(bytes: Uint8Array, offset: number): number {
  const first = bytes[offset] as number;
  return first < 0xfb ? 1 : first === 0xfc ? 3 : first === 0xfd ? 4 : first === longMarker ? 9 : 1;
}

/**
 * Returns the integer at `offset`, exact up to 2^53. The caller must check for NULL (0xfb) first.
 */
export function readLenenc(bytes: Uint8Array, offset: number): number {
  const first = bytes[offset] as number;
  if (first < 0xfb) return first;
  let value = 0;
  for (let i = getLenencSize(bytes, offset) - 1; i > 0; i--)
    value = value * 256 + (bytes[offset + i] as number);
  return value;
}

/** Writes `value` at `offset` in one byte or in nine. Returns the offset after it. */
export function writeLenenc(target: Uint8Array, offset: number, value: number): number {
  if (value >= 0xfb) return writeLongLenenc(target, offset, value);
  target[offset] = value;
  return offset + 1;
}

/**
 * Writes `value` at `offset` in nine bytes. Returns the offset after it. The fixed size lets a
 * caller fill in a value that it knows only after it has written the bytes that follow.
 */
export function writeLongLenenc(target: Uint8Array, offset: number, value: number): number {
  target[offset] = longMarker;
  let remaining = value;
  for (let i = 1; i < maxLenencSize; i++) {
    target[offset + i] = remaining % 256;
    remaining = Math.floor(remaining / 256);
  }
  return offset + maxLenencSize;
}
