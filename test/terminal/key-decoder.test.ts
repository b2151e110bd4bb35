import { expect, test, vi } from 'vitest';
import { KeyDecoder, type KeyInput, type SizeReport } from '../../src/terminal/key-decoder.js';

/** Decodes pieces of input. Returns key names, with `+` and the typed text, or `paste:` and the text. */
function decode(...pieces: (string | Buffer)[]): string[] {
  const found: string[] = [];
  const decoder = new KeyDecoder((input) => found.push(describeInput(input)));
  for (const piece of pieces) decoder.write(Buffer.from(piece));
  return found;
}

function describeInput(input: KeyInput | SizeReport): string {
  if (input.kind === 'size') return `${input.columns}×${input.rows}`;
  if (input.kind === 'key') return input.text === '' ? input.name : `${input.name}+${input.text}`;
  return input.kind === 'end' ? 'end' : `${input.kind}:${input.text}`;
}

const keys: [sequence: string, ...expected: string[]][] = [
  ['aB1', 'a+a', 'b+B', '1+1'],
  ['é日👍', 'é+é', '日+日', '👍+👍'],
  [' ;<', 'space+ ', ';+;', '<+<'],
  ['\r', 'return'],
  ['\n', 'return'],
  ['\t', 'tab'],
  ['\x7f', 'backspace'],
  ['\b', 'backspace'],
  ['\x01\x1a', 'ctrl-a', 'ctrl-z'],
  ['\x00\x1c\x1d\x1e\x1f', 'ctrl-space', 'ctrl-\\', 'ctrl-]', 'ctrl-^', 'ctrl-_'],
  ['\x1bf\x1bF', 'alt-f', 'alt-f'],
  ['\x1b<\x1b>', 'alt-<', 'alt->'],
  ['\x1b\r', 'alt-return'],
  ['\x1b\n', 'alt-return'],
  ['\x1b\x7f', 'alt-backspace'],
  ['\x1b[A\x1bOA', 'up', 'up'],
  ['\x1b[H\x1bOH\x1b[1~\x1b[7~', 'home', 'home', 'home', 'home'],
  ['\x1b[F\x1bOF\x1b[4~\x1b[8~', 'end', 'end', 'end', 'end'],
  ['\x1b[5~\x1b[6~', 'pageup', 'pagedown'],
  ['\x1b[3~\x1b[3;5~', 'delete', 'ctrl-delete'],
  ['\x1b[1;5C\x1bOc', 'ctrl-right', 'ctrl-right'],
  ['\x1b[1;3D', 'alt-left'],
  ['\x1b[1;5H', 'ctrl-home'],
  ['a\x1b[8;24;80tb', 'a+a', '80×24', 'b+b'],
  ['\x1b[Z', 'shift-tab'],
  ['\x1b[99xa', 'undefined', 'a+a'],
  ['\x1b[200~a\tb\r\nc\rd\n\x03\x1b[A\x1b[201~e', 'paste:a\tb\nc\nd\n\x03\x1b[A', 'e+e'],
  ['\x1b[200~\x1b[201~', 'paste:'],
];

test.each(keys)('decodes %j', (sequence, ...expected) => {
  expect(decode(sequence)).toEqual(expected);
});

test.each(keys)('decodes %j byte by byte', (sequence, ...expected) => {
  expect(decode(...Array.from(Buffer.from(sequence), (byte) => Buffer.of(byte)))).toEqual(expected);
});

test('decodes an ESC that nothing follows as the Escape key', () => {
  vi.useFakeTimers();
  try {
    const found: string[] = [];
    const decoder = new KeyDecoder((input) => found.push(describeInput(input)));
    decoder.write(Buffer.from('a\x1b'));
    expect(found).toEqual(['a+a']);
    vi.runAllTimers();
    decoder.write(Buffer.from('f'));
    expect(found).toEqual(['a+a', 'escape', 'f+f']);
  } finally {
    vi.useRealTimers();
  }
});
