/** The bytes that have a special meaning in a script. */
export const byte = {
  tab: 0x09,
  newline: 0x0a,
  carriageReturn: 0x0d,
  space: 0x20,
  exclamation: 0x21,
  doubleQuote: 0x22,
  hash: 0x23,
  dollar: 0x24,
  singleQuote: 0x27,
  asterisk: 0x2a,
  dash: 0x2d,
  dot: 0x2e,
  slash: 0x2f,
  capitalG: 0x47,
  capitalM: 0x4d,
  capitalN: 0x4e,
  backslash: 0x5c,
  backtick: 0x60,
  tilde: 0x7e,
} as const;

/**
 * Whether a byte is a blank for the client: a space, or a byte from tab (0x09) to carriage return
 * (0x0d). The blanks are the same in all its character sets.
 */
export function isBlank(value: number | undefined): boolean {
  return value === 0x20 || (value !== undefined && value >= 0x09 && value <= 0x0d);
}

export function isQuote(value: number | undefined): boolean {
  return value === byte.singleQuote || value === byte.doubleQuote || value === byte.backtick;
}

/** Returns the first position from `position` on that is not a blank, or the length of `bytes`. */
export function skipBlanks(bytes: Uint8Array, position: number): number {
  let next = position;
  while (next < bytes.length && isBlank(bytes[next])) next++;
  return next;
}

/** Returns `bytes` without the bytes at its end for which `trimmable` contains 1. */
export function trimEnd(bytes: Uint8Array, trimmable: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > 0 && trimmable[bytes[end - 1] as number] === 1) end--;
  return bytes.subarray(0, end);
}

/** Returns the bytes before the first NUL, like the client where it uses a C string. */
export function truncateAtNul(bytes: Uint8Array): Uint8Array {
  const nul = bytes.indexOf(0);
  return nul < 0 ? bytes : bytes.subarray(0, nul);
}

/** Whether `bytes` contains `part`, which must not be empty, at `position`. */
export function matchesAt(bytes: Uint8Array, position: number, part: Uint8Array): boolean {
  if (bytes[position] !== part[0]) return false;
  for (let i = 1; i < part.length; i++) if (bytes[position + i] !== part[i]) return false;
  return true;
}

/** Returns the first position of `part` in `bytes` from `position` on, or -1. */
export function findBytes(bytes: Uint8Array, part: Uint8Array, position = 0): number {
  return asBuffer(bytes).indexOf(part, position);
}

/** Returns a Buffer that shares the memory of `bytes`. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
