import { readFileSync } from 'node:fs';

/*
 * Keeps the bytes of command line arguments that are not UTF-8.
 */

/** The character that Node puts in place of bytes that are not UTF-8. */
const replacement = '\ufffd';
/**
 * A byte that is not UTF-8 is kept as the lone surrogate U+DC00 + byte, as in Python's
 * `surrogateescape` (PEP 383): valid text contains no lone surrogates.
 */
const firstSurrogate = 0xdc00;

/**
 * Returns the arguments with all their bytes. Node decodes arguments as UTF-8 and replaces invalid
 * bytes; in that case this function reads the original bytes from /proc/self/cmdline.
 * toExactBytes() restores them.
 */
export function toExactArguments(argv: string[]): string[] {
  if (!argv.some((word) => word.includes(replacement))) return argv;
  try {
    const words = splitAtNul(readFileSync('/proc/self/cmdline')).slice(-argv.length);
    const exact = words.map(decodeWithSurrogates);
    // If the process title was changed, or there is no /proc, only Node's arguments are left.
    return words.every((bytes, i) => bytes.toString() === argv[i]) ? exact : argv;
  } catch {
    return argv;
  }
}

/** Returns the bytes of a text that may come from toExactArguments(). */
export function toExactBytes(text: string): Buffer {
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
