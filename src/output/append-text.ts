import type { OutputBuffer } from './output-buffer.js';

const space = 0x20;

/** Appends `bytes[start … end)` with each NUL as a space, as in the client's readable formats. */
export function appendWithoutNul(
  out: OutputBuffer,
  bytes: Uint8Array,
  start: number,
  end: number,
): void {
  out.append(bytes.subarray(start, end));
  for (let i = out.length - (end - start); i < out.length; i++) {
    if (out.bytes[i] === 0) out.bytes[i] = space;
  }
}

/** Appends a byte `count` times. */
export function appendRepeated(out: OutputBuffer, byte: number, count: number): void {
  if (count <= 0) return;
  out.reserve(count);
  out.bytes.fill(byte, out.length, out.length + count);
  out.length += count;
}
