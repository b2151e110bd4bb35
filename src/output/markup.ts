import type { OutputBuffer } from './output-buffer.js';

/** The substitutes of bytes in HTML and XML; NUL becomes a space, as in the other formats. */
const substitutes: (Uint8Array | undefined)[] = [];
substitutes[0x00] = Buffer.from(' ');
substitutes[0x22] = Buffer.from('&quot;');
substitutes[0x26] = Buffer.from('&amp;');
substitutes[0x3c] = Buffer.from('&lt;');
substitutes[0x3e] = Buffer.from('&gt;');
const longestSubstitute = 6;

/** Bytes of a value for which room is reserved at once. */
const pieceSize = 64 * 1024;

/** Appends `bytes[start … end)` escaped as HTML or XML text, or as an attribute value. */
export function appendMarkup(
  out: OutputBuffer,
  bytes: Uint8Array,
  start = 0,
  end = bytes.length,
): void {
  for (let position = start; position < end; ) {
    const stop = Math.min(end, position + pieceSize);
    out.reserve((stop - position) * longestSubstitute);
    const destination = out.bytes;
    let length = out.length;
    while (position < stop) {
      const byte = bytes[position++] as number;
      const substitute = byte > 0x3e ? undefined : substitutes[byte];
      if (substitute === undefined) {
        destination[length++] = byte;
        continue;
      }
      destination.set(substitute, length);
      length += substitute.length;
    }
    out.length = length;
  }
}
