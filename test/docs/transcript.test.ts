import { expect, it } from 'vitest';
import { maskTimes, matchesOutput, parseSession, parseTranscript } from './transcript.js';

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

it('reads what is typed on a terminal, and what the screen shows', () => {
  const session = '$ x\nA [b]> select i<Tab>\nA [b]> select id\n    -> ;\n| > 1 |\n1 row\n\n';
  expect(parseSession(session)).toEqual({
    typed: [
      { prompt: '$', text: 'x', key: undefined },
      { prompt: 'A [b]>', text: 'select i', key: 'Tab' },
      { prompt: 'A [b]>', text: 'select id', key: undefined },
      { prompt: '    ->', text: ';', key: undefined },
    ],
    screen: '$ x\nA [b]> select id\n    -> ;\n| > 1 |\n1 row\n\n',
  });
});

it('masks the times after results', () => {
  expect(maskTimes('1 row (12.345 sec)')).toBe('1 row (0.001 sec)');
});
