import { characterSize } from '../text/utf8.js';
import type { OutputBuffer } from './output-buffer.js';

/* Writes values in JSON syntax: strings, base64 objects and numbers. */

const quote = 0x22;
const backslash = 0x5c;

/** The JSON escapes of control characters, quote and backslash; undefined for all other bytes. */
const escapes: (Buffer | undefined)[] = [];
for (const byte of [...Array(0x20).keys(), quote, backslash]) {
  escapes[byte] = Buffer.from(JSON.stringify(String.fromCharCode(byte)).slice(1, -1));
}
const longestEscape = 6;
/** The number of bytes by which the escape of each byte is longer than the byte. */
const escapeGrowth = Uint8Array.from(
  { length: 256 },
  (_, byte) => (escapes[byte]?.length ?? 1) - 1,
);

/** Values longer than this many bytes are measured before the output buffer reserves room. */
const longValue = 64 * 1024;

const base64Prefix = Buffer.from('{"base64":"');
const base64Suffix = Buffer.from('"}');
/** A multiple of three bytes, so that there is no padding between two pieces. */
const base64PieceSize = 48 * 1024;

/** Appends valid UTF-8 as a JSON string, other bytes as `{"base64":"…"}`. */
export function writeTextOrBase64(
  out: OutputBuffer,
  bytes: Uint8Array,
  start: number,
  end: number,
): void {
  const room =
    end - start > longValue ? measureText(bytes, start, end) : (end - start) * longestEscape;
  out.reserve(room + 2);
  if (!writeText(out, bytes, start, end)) writeBase64(out, bytes, start, end);
}

/**
 * Returns false, and appends nothing, unless the bytes are valid UTF-8. The caller reserves room.
 */
function writeText(out: OutputBuffer, bytes: Uint8Array, start: number, end: number): boolean {
  const destination = out.bytes;
  let position = out.length;
  destination[position++] = quote;
  for (let i = start; i < end; ) {
    const byte = bytes[i] as number;
    if (byte < 0x80) {
      const escaped =
        byte < 0x20 || byte === quote || byte === backslash ? escapes[byte] : undefined;
      if (escaped === undefined) {
        destination[position++] = byte;
      } else {
        destination.set(escaped, position);
        position += escaped.length;
      }
      i++;
      continue;
    }
    const size = characterSize(bytes, i, end);
    if (size === 0) return false;
    for (const stop = i + size; i < stop; i++) destination[position++] = bytes[i] as number;
  }
  destination[position++] = quote;
  out.length = position;
  return true;
}

/** Returns the length in bytes of valid UTF-8 as the content of a JSON string. */
function measureText(bytes: Uint8Array, start: number, end: number): number {
  let size = end - start;
  for (let i = start; i < end; i++) size += escapeGrowth[bytes[i] as number] as number;
  return size;
}

/** Appends bytes as `{"base64":"…"}`. */
export function writeBase64(
  out: OutputBuffer,
  bytes: Uint8Array,
  start: number,
  end: number,
): void {
  out.append(base64Prefix);
  for (let position = start; position < end; position += base64PieceSize) {
    const size = Math.min(base64PieceSize, end - position);
    out.appendText(Buffer.from(bytes.buffer, bytes.byteOffset + position, size).toString('base64'));
  }
  out.append(base64Suffix);
}

const isDigit = (byte: number | undefined) => byte !== undefined && byte >= 0x30 && byte <= 0x39;

/** Whether the bytes are a number in JSON syntax (RFC 8259). */
export function isJsonNumber(bytes: Uint8Array, start: number, end: number): boolean {
  let position = start;
  const skipDigits = () => {
    const digitsStart = position;
    while (position < end && isDigit(bytes[position])) position++;
    return position - digitsStart;
  };
  if (bytes[position] === 0x2d) position++;
  const leadingZero = bytes[position] === 0x30;
  const whole = skipDigits();
  if (whole === 0 || (leadingZero && whole > 1)) return false;
  if (position < end && bytes[position] === 0x2e) {
    position++;
    if (skipDigits() === 0) return false;
  }
  if (position < end && ((bytes[position] as number) | 0x20) === 0x65) {
    position++;
    if (position < end && (bytes[position] === 0x2b || bytes[position] === 0x2d)) position++;
    if (skipDigits() === 0) return false;
  }
  return position === end;
}
