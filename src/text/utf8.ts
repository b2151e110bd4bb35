/**
 * How many bytes the multi-byte character at `position` has, as the client's character set has
 * it; 1 for all else, such as a lead byte with no fitting byte behind it.
 */
export type CharacterLength = (bytes: Uint8Array, position: number) => number;

/**
 * Length of the well-formed UTF-8 sequence at `at`, at most `longest` bytes; 0 when there is none.
 * Surrogates are let through.
 */
export function sequenceSize(bytes: Uint8Array, at: number, end: number, longest: number): number {
  const first = bytes[at] as number;
  if (first < 0x80) return 1;
  const size = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  if (size === 0 || size > longest || at + size > end) return 0;
  const second = bytes[at + 1] as number;
  if (first === 0xe0 && second < 0xa0) return 0;
  if (first === 0xf0 && second < 0x90) return 0;
  if (first === 0xf4 && second > 0x8f) return 0;
  for (let i = 1; i < size; i++) if (((bytes[at + i] as number) & 0xc0) !== 0x80) return 0;
  return size;
}

/** The same by the letter of the standard (RFC 3629): a surrogate is no character. */
export function characterSize(bytes: Uint8Array, at: number, end: number): number {
  const size = sequenceSize(bytes, at, end, 4);
  return size === 3 && bytes[at] === 0xed && (bytes[at + 1] as number) >= 0xa0 ? 0 : size;
}

/** The character of the well-formed sequence of `size` bytes at `at`. */
export function codePoint(bytes: Uint8Array, at: number, size: number): number {
  if (size === 1) return bytes[at] as number;
  let value = (bytes[at] as number) & (0xff >> (size + 1));
  for (let i = 1; i < size; i++) value = (value << 6) | ((bytes[at + i] as number) & 0x3f);
  return value;
}
