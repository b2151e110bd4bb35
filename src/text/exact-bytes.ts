/*
 * Keeps bytes that are not UTF-8 in texts. Such a byte becomes the lone surrogate U+DC00 + byte, as
 * in Python's `surrogateescape` (PEP 383): valid text contains no lone surrogates.
 */

const firstSurrogate = 0xdc00;
/** The character that Node puts in place of bytes that are not UTF-8. */
export const replacementCharacter = '\ufffd';

/** Returns bytes as a text from which toExactBytes() restores them. */
export function toExactText(bytes: Buffer): string {
  const text = bytes.toString();
  return text.includes(replacementCharacter) ? decodeWithSurrogates(bytes) : text;
}

/** Returns the bytes of a text that may come from toExactText(). */
export function toExactBytes(text: string): Buffer {
  if (!/[\udc80-\udcff]/.test(text)) return Buffer.from(text);
  const pieces = text.split(/(?<![\ud800-\udbff])([\udc80-\udcff])/);
  return Buffer.concat(
    pieces.map((piece, i) =>
      i % 2 === 1 ? Buffer.of(piece.charCodeAt(0) - firstSurrogate) : Buffer.from(piece),
    ),
  );
}

/** Decodes UTF-8; each byte that is not part of a valid character becomes a lone surrogate. */
function decodeWithSurrogates(bytes: Buffer): string {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let text = '';
  for (let index = 0; index < bytes.length; ) {
    const first = bytes[index] as number;
    const length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    try {
      text += decoder.decode(bytes.subarray(index, index + length));
      index += length;
    } catch {
      text += String.fromCharCode(firstSurrogate + first);
      index++;
    }
  }
  return text;
}
