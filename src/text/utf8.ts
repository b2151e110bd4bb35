/* Measures and decodes the UTF-8 sequences of text in bytes. */

/**
 * Returns the number of bytes of the multi-byte character at `position` in the client's character
 * set; 1 for everything else, such as a lead byte without a valid byte after it.
 */
export type CharacterLength = (bytes: Uint8Array, position: number) => number;

/**
 * Returns the size in bytes of the well-formed UTF-8 sequence at `position`; 0 if there is none of
 * at most `maxSize` bytes. Accepts encoded surrogates.
 */
export function sequenceSize(
  bytes: Uint8Array,
  position: number,
  end: number,
  maxSize: number,
): number {
  const first = bytes[position] as number;
  if (first < 0x80) return 1;
  const size = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  if (size === 0 || size > maxSize || position + size > end) return 0;
  const second = bytes[position + 1] as number;
  if (first === 0xe0 && second < 0xa0) return 0;
  if (first === 0xf0 && second < 0x90) return 0;
  if (first === 0xf4 && second > 0x8f) return 0;
  for (let i = 1; i < size; i++) if (((bytes[position + i] as number) & 0xc0) !== 0x80) return 0;
  return size;
}

/** Like sequenceSize, but returns 0 for encoded surrogates (RFC 3629), and allows four bytes. */
export function characterSize(bytes: Uint8Array, position: number, end: number): number {
  const size = sequenceSize(bytes, position, end, 4);
  return size === 3 && bytes[position] === 0xed && (bytes[position + 1] as number) >= 0xa0
    ? 0
    : size;
}

/** Returns the code point of the well-formed sequence of `size` bytes at `position`. */
export function codePoint(bytes: Uint8Array, position: number, size: number): number {
  if (size === 1) return bytes[position] as number;
  let value = (bytes[position] as number) & (0xff >> (size + 1));
  for (let i = 1; i < size; i++) value = (value << 6) | ((bytes[position + i] as number) & 0x3f);
  return value;
}
