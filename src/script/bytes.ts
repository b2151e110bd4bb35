/** The bytes that mean something in a script. */
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
  slash: 0x2f,
  capitalM: 0x4d,
  capitalN: 0x4e,
  backslash: 0x5c,
  backtick: 0x60,
} as const;

/** Blanks as the client knows them, the same in all its character sets: space, tab to return. */
export function isBlank(value: number | undefined): boolean {
  return value === 0x20 || (value !== undefined && value >= 0x09 && value <= 0x0d);
}

export function isQuote(value: number | undefined): boolean {
  return value === byte.singleQuote || value === byte.doubleQuote || value === byte.backtick;
}

/** The first position from `position` on that holds no blank; the length if there is none. */
export function skipBlanks(bytes: Uint8Array, position: number): number {
  let next = position;
  while (next < bytes.length && isBlank(bytes[next])) next++;
  return next;
}

/** `bytes` without those at its end for which `cut` has 1. */
export function trimEnd(bytes: Uint8Array, cut: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > 0 && cut[bytes[end - 1] as number] === 1) end--;
  return bytes.subarray(0, end);
}

/** The bytes before the first NUL: what the client sees where it takes bytes for a C string. */
export function untilNul(bytes: Uint8Array): Uint8Array {
  const nul = bytes.indexOf(0);
  return nul < 0 ? bytes : bytes.subarray(0, nul);
}

/** Whether `part`, which is not empty, stands in `bytes` at `position`. */
export function standsAt(bytes: Uint8Array, position: number, part: Uint8Array): boolean {
  if (bytes[position] !== part[0]) return false;
  for (let i = 1; i < part.length; i++) if (bytes[position + i] !== part[i]) return false;
  return true;
}

/** Where `part` stands in `bytes`, from `position` on; -1 if nowhere. */
export function find(bytes: Uint8Array, part: Uint8Array, position = 0): number {
  return asBuffer(bytes).indexOf(part, position);
}

/** The same bytes, seen as a Buffer. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
