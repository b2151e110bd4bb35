import { readFileSync } from 'node:fs';

/** What Node makes of bytes that are no UTF-8. */
const replacement = '\ufffd';
/** Such a byte is kept as one of the surrogates from here on, which no text holds alone. */
const firstSurrogate = 0xdc00;

/**
 * Arguments without loss: Node decodes them as UTF-8 before anybody sees them, so where bytes were
 * replaced they are read again as the kernel has them. exactBytes() gives them back.
 */
export function exactArguments(argv: string[]): string[] {
  if (!argv.some((word) => word.includes(replacement))) return argv;
  try {
    const words = splitAtNul(readFileSync('/proc/self/cmdline')).slice(-argv.length);
    const exact = words.map(decode);
    // Another process title, or a kernel without /proc: what Node says is all there is.
    return words.every((bytes, i) => bytes.toString() === argv[i]) ? exact : argv;
  } catch {
    return argv;
  }
}

/** The bytes of a text that may come from exactArguments(). */
export function exactBytes(text: string): Buffer {
  if (!/[\udc80-\udcff]/.test(text)) return Buffer.from(text);
  const pieces = text.split(/(?<![\ud800-\udbff])([\udc80-\udcff])/);
  return Buffer.concat(
    pieces.map((piece, i) =>
      i % 2 === 1 ? Buffer.of(piece.charCodeAt(0) - firstSurrogate) : Buffer.from(piece),
    ),
  );
}

function splitAtNul(bytes: Buffer): Buffer[] {
  const words: Buffer[] = [];
  for (let start = 0; start < bytes.length; ) {
    const nul = bytes.indexOf(0, start);
    const end = nul < 0 ? bytes.length : nul;
    words.push(bytes.subarray(start, end));
    start = end + 1;
  }
  return words;
}

/** Takes well-formed characters as they are, and each byte that belongs to none by itself. */
function decode(bytes: Buffer): string {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at] as number;
    const length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    try {
      text += decoder.decode(bytes.subarray(at, at + length));
      at += length;
    } catch {
      text += String.fromCharCode(firstSurrogate + first);
      at++;
    }
  }
  return text;
}
