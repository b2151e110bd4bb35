/**
 * Length-encoded integers of the MySQL protocol: one byte below 0xfb, or a marker (0xfc, 0xfd,
 * 0xfe) and then 2, 3 or 8 bytes, little endian. 0xfb is the marker of NULL, see row.ts.
 */

/** The most bytes that an integer takes, marker included. */
export const maxLenencSize = 9;
/** The marker of an integer of eight bytes. */
const longMarker = 0xfe;

/** Returns how many bytes the integer at `at` takes, marker included. */
export function lenencSize(bytes: Uint8Array, at: number): number {
  const first = bytes[at] as number;
  return first < 0xfb ? 1 : first === 0xfc ? 3 : first === 0xfd ? 4 : first === longMarker ? 9 : 1;
}

/** Returns the integer at `at`, exact up to 2^53. The caller has looked for NULL's marker (0xfb). */
export function lenencValue(bytes: Uint8Array, at: number): number {
  const first = bytes[at] as number;
  if (first < 0xfb) return first;
  let value = 0;
  for (let i = lenencSize(bytes, at) - 1; i > 0; i--)
    value = value * 256 + (bytes[at + i] as number);
  return value;
}

/** Writes `value` at `at`, in one byte or in nine; returns where it ends. */
export function writeLenenc(to: Uint8Array, at: number, value: number): number {
  if (value >= 0xfb) return writeLongLenenc(to, at, value);
  to[at] = value;
  return at + 1;
}

/** The same, always in nine bytes, for a value that is not known before what follows it is written. */
export function writeLongLenenc(to: Uint8Array, at: number, value: number): number {
  to[at] = longMarker;
  let rest = value;
  for (let i = 1; i < maxLenencSize; i++) {
    to[at + i] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  return at + maxLenencSize;
}
