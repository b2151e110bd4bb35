import { describe, expect, it } from 'vitest';
import { getLexicalCharacterSet } from '../../src/script/lexical-character-set.js';
import { StreamSanitizer } from '../../src/text/stream-sanitizer.js';
import { sanitizeText } from '../../src/text/text-sanitizer.js';

/** Returns the sanitized output of pieces of `size` bytes. */
function sanitizePieces(sanitizer: StreamSanitizer, bytes: Uint8Array, size: number): Buffer {
  const parts: Uint8Array[] = [];
  for (let position = 0; position < bytes.length; position += size)
    parts.push(Uint8Array.from(sanitizer.push(bytes.subarray(position, position + size))));
  return Buffer.concat([...parts, sanitizer.end()]);
}

describe('StreamSanitizer', () => {
  const gbk = { characterSet: 'gbk', characterLength: getLexicalCharacterSet('gbk').length };
  const cases: [string, Buffer, { characterSet: string }][] = [
    ['utf8mb4', Buffer.from('a漢\x1b[31m\u009b\u202e😀b\t7\n漢\x9b'), { characterSet: 'utf8mb4' }],
    ['latin1', Buffer.from('gr\xf6\xdfe\x9b31m \xc2\x9b\n', 'latin1'), { characterSet: 'latin1' }],
    ['gbk', Buffer.from('\xc4\xe3 \xc2\x9b31m\x90\x5c\x1b\xc2\x9b\n', 'latin1'), gbk],
  ];
  it.each(cases)('escapes like sanitizeText, however the output is split: %s', (_, text, set) => {
    const whole = sanitizeText(text, { ...set, colors: false }, 'newlines and tabs');
    for (let size = 1; size <= text.length; size++) {
      const sanitizer = new StreamSanitizer({ ...set, colors: false });
      expect([size, sanitizePieces(sanitizer, text, size).toString('latin1')]).toEqual([
        size,
        Buffer.from(whole).toString('latin1'),
      ]);
    }
  });

  it('does not cut a character of a long output without a place to cut', () => {
    const text = Buffer.from(`${'漢'.repeat(100_000)}\u009b${'é'.repeat(100_000)}`);
    for (const size of [65_537, 65_538, 70_000]) {
      expect(sanitizePieces(new StreamSanitizer(), text, size).toString()).toBe(
        text.toString().replace('\u009b', '\\u009b'),
      );
    }
  });

  it('escapes every C1 byte of a long two-byte output that it has to cut', () => {
    const text = Buffer.from('\xc2\x9b'.repeat(100_001), 'latin1');
    const sanitizer = new StreamSanitizer({ ...gbk, colors: false });
    expect(sanitizePieces(sanitizer, text, 65_537).toString('latin1')).not.toMatch(/[\x80-\x9f]/);
  });

  it('returns a line at once', () => {
    expect(Buffer.from(new StreamSanitizer().push(Buffer.from('漢\n'))).toString()).toBe('漢\n');
  });
});
