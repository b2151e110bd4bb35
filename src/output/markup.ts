import type { OutputBuffer } from './output-buffer.js';

/** What stands for a byte in HTML and XML; NUL is shown as a space, as everywhere else. */
const substitutes: (Uint8Array | undefined)[] = [];
substitutes[0x00] = Buffer.from(' ');
substitutes[0x22] = Buffer.from('&quot;');
substitutes[0x26] = Buffer.from('&amp;');
substitutes[0x3c] = Buffer.from('&lt;');
substitutes[0x3e] = Buffer.from('&gt;');
const longestSubstitute = 6;

/** Bytes that are written before room is made for more. */
const pieceSize = 64 * 1024;

/** Appends `bytes[start … end)` as text of HTML or XML, or as an attribute's value. */
export function appendMarkup(
  out: OutputBuffer,
  bytes: Uint8Array,
  start = 0,
  end = bytes.length,
): void {
  for (let at = start; at < end; ) {
    const stop = Math.min(end, at + pieceSize);
    out.reserve((stop - at) * longestSubstitute);
    const to = out.bytes;
    let length = out.length;
    while (at < stop) {
      const byte = bytes[at++] as number;
      const substitute = byte > 0x3e ? undefined : substitutes[byte];
      if (substitute === undefined) {
        to[length++] = byte;
        continue;
      }
      to.set(substitute, length);
      length += substitute.length;
    }
    out.length = length;
  }
}
