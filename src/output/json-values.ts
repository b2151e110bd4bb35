import { characterSize } from '../text/utf8.js';
import type { OutputBuffer } from './output-buffer.js';

const quote = 0x22;
const backslash = 0x5c;

/** What a byte below a space, a quote or a backslash is written as; undefined: as itself. */
const escapes: (Buffer | undefined)[] = [];
for (const byte of [...Array(0x20).keys(), quote, backslash]) {
  escapes[byte] = Buffer.from(JSON.stringify(String.fromCharCode(byte)).slice(1, -1));
}
const longestEscape = 6;
/** How many bytes more a byte's escape has. */
const extra = Uint8Array.from({ length: 256 }, (_, byte) => (escapes[byte]?.length ?? 1) - 1);

/** Values longer than this are measured before room is made for them. */
const longValue = 64 * 1024;

const base64Begins = Buffer.from('{"base64":"');
const base64Ends = Buffer.from('"}');
/** A multiple of three: no padding in between. */
const base64Piece = 48 * 1024;

/** Appends UTF-8 as a JSON string; other bytes as `{"base64":"…"}`. */
export function writeTextOrBase64(
  out: OutputBuffer,
  bytes: Uint8Array,
  start: number,
  end: number,
): void {
  const room = end - start > longValue ? sizeOf(bytes, start, end) : (end - start) * longestEscape;
  out.reserve(room + 2);
  if (!writeText(out, bytes, start, end)) writeBase64(out, bytes, start, end);
}

/** Whether it was written: only UTF-8 is. There must be room. */
function writeText(out: OutputBuffer, bytes: Uint8Array, start: number, end: number): boolean {
  const to = out.bytes;
  let at = out.length;
  to[at++] = quote;
  for (let i = start; i < end; ) {
    const byte = bytes[i] as number;
    if (byte < 0x80) {
      const escaped =
        byte < 0x20 || byte === quote || byte === backslash ? escapes[byte] : undefined;
      if (escaped === undefined) {
        to[at++] = byte;
      } else {
        to.set(escaped, at);
        at += escaped.length;
      }
      i++;
      continue;
    }
    const size = characterSize(bytes, i, end);
    if (size === 0) return false;
    for (const stop = i + size; i < stop; i++) to[at++] = bytes[i] as number;
  }
  to[at++] = quote;
  out.length = at;
  return true;
}

/** How many bytes a text takes between its quotes, as far as it is UTF-8. */
function sizeOf(bytes: Uint8Array, start: number, end: number): number {
  let size = end - start;
  for (let i = start; i < end; i++) size += extra[bytes[i] as number] as number;
  return size;
}

/** Appends bytes as `{"base64":"…"}`. */
export function writeBase64(
  out: OutputBuffer,
  bytes: Uint8Array,
  start: number,
  end: number,
): void {
  out.append(base64Begins);
  for (let at = start; at < end; at += base64Piece) {
    const size = Math.min(base64Piece, end - at);
    out.appendText(Buffer.from(bytes.buffer, bytes.byteOffset + at, size).toString('base64'));
  }
  out.append(base64Ends);
}

const isDigit = (byte: number | undefined) => byte !== undefined && byte >= 0x30 && byte <= 0x39;

/** Whether JSON has a number that is written just so. */
export function isJsonNumber(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  const digits = () => {
    const from = at;
    while (at < end && isDigit(bytes[at])) at++;
    return at - from;
  };
  if (bytes[at] === 0x2d) at++;
  const leadingZero = bytes[at] === 0x30;
  const whole = digits();
  if (whole === 0 || (leadingZero && whole > 1)) return false;
  if (at < end && bytes[at] === 0x2e) {
    at++;
    if (digits() === 0) return false;
  }
  if (at < end && ((bytes[at] as number) | 0x20) === 0x65) {
    at++;
    if (at < end && (bytes[at] === 0x2b || bytes[at] === 0x2d)) at++;
    if (digits() === 0) return false;
  }
  return at === end;
}
