import { expect, it } from 'vitest';
import { matchesOutput, parseTranscript } from './transcript.js';

it('reads commands and their output', () => {
  expect(parseTranscript('$ cat <<END\n> a\n>\n> END\na\n\n$ true\n$ echo b\nb\n')).toEqual([
    { command: 'cat <<END\na\n\nEND', output: 'a\n\n' },
    { command: 'true', output: '' },
    { command: 'echo b', output: 'b\n' },
  ]);
});

it('refuses a transcript that begins with output', () => {
  expect(() => parseTranscript('a\n$ true\n')).toThrow("but found 'a'");
});

it.each([
  ['a\n', 'a\n', true],
  ['a\n', 'a\nb\n', false],
  ['a.c\n', 'abc\n', false],
  ['a …, c\n', 'a 12, c\n', true],
  ['a …, c\n', 'a 1\n2, c\n', false],
  ['a\n…\n', 'a\nb\nc\n', true],
  ['a\n…\nc\n', 'a\nc\n', true],
  ['a\n…\nc\n', 'a\nb\n', false],
  ['', 'a\n', false],
])('compares %j with %j', (shown, actual, expected) => {
  expect(matchesOutput(shown, actual)).toBe(expected);
});
