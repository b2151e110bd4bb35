/**
 * One line for a text: blanks, backslashes and all that is not printed, line breaks above all, as
 * octal digits of their UTF-8. libedit, which `mariadb` 10.11 is linked with, reads it back as the
 * same text, and recalls it whole.
 */
export function escaped(text: string): string {
  return text.replace(/[\\\p{C}\p{Z}]+/gu, (unsafe) => {
    let octal = '';
    for (const byte of Buffer.from(unsafe)) octal += `\\${byte.toString(8).padStart(3, '0')}`;
    return octal;
  });
}

/** An escape of one letter, and the byte that it stands for. */
const letters = new Map(
  Object.entries({
    a: 0x07,
    b: 0x08,
    t: 0x09,
    n: 0x0a,
    v: 0x0b,
    f: 0x0c,
    r: 0x0d,
    e: 0x1b,
    E: 0x1b,
    s: 0x20,
    '\\': 0x5c,
  }).map(([letter, byte]) => [letter.charCodeAt(0), byte]),
);

const backslash = 0x5c;
const lineFeed = 0x0a;

/**
 * The texts of lines that {@link escaped} or libedit wrote; all but the last end with a line feed.
 * libedit writes blanks, line breaks and backslashes as octal digits, controls as `\^A`, bytes that
 * its locale cannot show as `\M-C` and `\M^C` (observed). What is no escape is kept as it stands;
 * bytes that are no UTF-8 become U+FFFD. Goes over bytes once: 10,000 statements are 1.7 MB, which
 * take 10 ms so, and 50 by way of regular expressions.
 */
export function unescapedLines(bytes: Buffer): string[] {
  const texts: string[] = [];
  const text = Buffer.allocUnsafe(bytes.length);
  let length = 0;
  for (let at = 0; at < bytes.length; ) {
    const byte = bytes[at] as number;
    if (byte === lineFeed) {
      texts.push(text.toString('utf8', 0, length));
      length = 0;
      at++;
    } else if (byte === backslash) {
      const size = escapeSize(bytes, at);
      text[length++] = size === 1 ? backslash : escapedByte(bytes, at, size);
      at += size;
    } else {
      text[length++] = byte;
      at++;
    }
  }
  if (length > 0) texts.push(text.toString('utf8', 0, length));
  return texts;
}

/** Bytes of the escape at `at`; 1, the backslash alone, if it is none. */
function escapeSize(bytes: Buffer, at: number): number {
  let digits = 0;
  while (digits < 3 && isOctal(bytes[at + 1 + digits])) digits++;
  if (digits > 0) return 1 + digits;
  const next = bytes.toString('latin1', at + 1, at + 4);
  if (/^M(?:\^[?-_]|-[!-~])/.test(next)) return 4;
  if (/^\^[?-_]/.test(next)) return 3;
  return letters.has(next.charCodeAt(0)) ? 2 : 1;
}

function escapedByte(bytes: Buffer, at: number, size: number): number {
  const next = bytes[at + 1] as number;
  if (isOctal(next)) {
    let value = 0;
    for (let digit = at + 1; digit < at + size; digit++)
      value = value * 8 + (bytes[digit] as number) - 0x30;
    return value & 0xff;
  }
  const last = bytes[at + size - 1] as number;
  if (size === 2) return letters.get(next) ?? next;
  if (size === 3) return last ^ 0x40;
  return bytes[at + 2] === 0x2d ? last | 0x80 : last ^ 0xc0;
}

function isOctal(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x37;
}
