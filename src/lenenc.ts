/**
 * Length-encoded integers of the MySQL protocol: one byte below 0xfb, or a marker (0xfc, 0xfd,
 * 0xfe) with 2, 3 or 8 bytes behind it, little endian.
 */

/** How many bytes the integer at `at` takes, marker included. */
export function lenencSize(bytes: Uint8Array, at: number): number {
  const first = bytes[at] as number;
  return first < 0xfb ? 1 : first === 0xfc ? 3 : first === 0xfd ? 4 : first === 0xfe ? 9 : 1;
}

/** The integer at `at`; exact up to 2^53. NULL's marker (0xfb) is the caller's to look for. */
export function lenencValue(bytes: Uint8Array, at: number): number {
  const first = bytes[at] as number;
  if (first < 0xfb) return first;
  let value = 0;
  for (let i = lenencSize(bytes, at) - 1; i > 0; i--)
    value = value * 256 + (bytes[at + i] as number);
  return value;
}
