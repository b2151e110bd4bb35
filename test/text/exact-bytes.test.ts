import { expect, it } from 'vitest';
import { toExactBytes, toExactText } from '../../src/text/exact-bytes.js';

it.each([
  ['', ''],
  ['6b6579', 'key'],
  ['c3a9f09f9880', 'é😀'],
  ['efbfbd', '\ufffd'],
  ['efbbbf61', '\ufeffa'],
  ['e4', '\udce4'],
  ['61ff62', 'a\udcffb'],
  ['efbfbdff', '\ufffd\udcff'],
  // A surrogate, an overlong character, one beyond Unicode, and truncated ones.
  ['eda080', '\udced\udca0\udc80'],
  ['c080', '\udcc0\udc80'],
  ['f4908080', '\udcf4\udc90\udc80\udc80'],
  ['f09f98', '\udcf0\udc9f\udc98'],
  ['e282c3a9', '\udce2\udc82é'],
])('decodes and encodes %s', (hex, text) => {
  expect(toExactText(Buffer.from(hex, 'hex'))).toBe(text);
  expect(toExactBytes(text).toString('hex')).toBe(hex);
});

it('restores all sequences of two bytes', () => {
  const sequences = Array.from({ length: 0x10000 }, (_, n) => Buffer.of(n >> 8, n & 0xff));
  const changed = sequences.filter((bytes) => !toExactBytes(toExactText(bytes)).equals(bytes));
  expect(changed).toEqual([]);
});

it('encodes characters of two code units', () => {
  expect(toExactBytes('\u{10ffff}\udcff').toString('hex')).toBe('f48fbfbfff');
});
