import { describe, expect, it } from 'vitest';
import { allCases } from './cases/index.js';
import { createRandom } from './random.js';
import { describeItem, type ReadOptions, readChunks } from './read-script.js';

const cases = Object.values(allCases).flat();

function readInChunks(script: string, options: ReadOptions | undefined, ends: number[]): string[] {
  const bytes = Buffer.from(script, 'latin1');
  const starts = [0, ...ends];
  const chunks = starts.map((start, i) => bytes.subarray(start, starts[i + 1] ?? bytes.length));
  return readChunks(chunks, options).map(describeItem);
}

describe('ScriptReader reads the same items however the input is split into chunks', () => {
  it('with a boundary at any one position', () => {
    for (const [script, items, options] of cases) {
      for (let position = 0; position <= script.length; position++) {
        expect(
          readInChunks(script, options, [position]),
          `${JSON.stringify(script)} at ${position}`,
        ).toEqual(items);
      }
    }
  });

  it('with a boundary after each byte', () => {
    for (const [script, items, options] of cases) {
      const ends = Array.from(script, (_, i) => i + 1);
      expect(readInChunks(script, options, ends), JSON.stringify(script)).toEqual(items);
    }
  });

  const seeds = Array.from({ length: 20 }, (_, i) => i + 1);
  it.each(seeds)('with random boundaries in a long script from seed %i', (seed) => {
    const random = createRandom(seed);
    const script = createScript(random, 400);
    const options = { comments: seed % 3 === 0, namedCommands: seed % 4 === 0 };
    const whole = readInChunks(script, options, []);
    expect(whole.length).toBeGreaterThan(3);
    for (let round = 0; round < 10; round++) {
      const ends = Array.from({ length: random(40) }, () => random(script.length));
      ends.sort((a, b) => a - b);
      expect(readInChunks(script, options, ends)).toEqual(whole);
    }
  });
});

// Each piece closes the quotes and comments that it opens, so that every statement ends.
const pieces = [
  ...['select 1', ' ', '\n', '\r\n', ';', ';\n', '\\g', '\\G', "'a;\n\\'b'", '"x\r\ny"', '`\\`'],
  ...['/* c;\n */', '/*! d */', '-- e;\n', '#f\n', '\xc3\xa9', '\xe4\xbd\xa0', '\\p', '\\w'],
  ...[';\nuse d\n', ';\ndelimiter //\n', '//\ndelimiter ;\n', '\\d $$ x $$', '\\N', 'delimiter'],
];

function createScript(random: (limit: number) => number, length: number): string {
  return Array.from({ length }, () => pieces[random(pieces.length)]).join('');
}
