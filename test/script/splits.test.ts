import { describe, expect, it } from 'vitest';
import { allCases } from './cases/index.js';
import { randomFrom } from './random.js';
import { type ReadOptions, readChunks, shownItem } from './read-script.js';

const cases = Object.values(allCases).flat();

function readSplit(script: string, options: ReadOptions | undefined, ends: number[]): string[] {
  const bytes = Buffer.from(script, 'latin1');
  const starts = [0, ...ends];
  const chunks = starts.map((start, i) => bytes.subarray(start, starts[i + 1] ?? bytes.length));
  return readChunks(chunks, options).map(shownItem);
}

describe('where the input is cut into chunks makes no difference', () => {
  it('at any one place', () => {
    for (const [script, items, options] of cases) {
      for (let at = 0; at <= script.length; at++) {
        expect(readSplit(script, options, [at]), `${JSON.stringify(script)} at ${at}`).toEqual(
          items,
        );
      }
    }
  });

  it('after each byte', () => {
    for (const [script, items, options] of cases) {
      const ends = Array.from(script, (_, i) => i + 1);
      expect(readSplit(script, options, ends), JSON.stringify(script)).toEqual(items);
    }
  });

  const seeds = Array.from({ length: 20 }, (_, i) => i + 1);
  it.each(seeds)('in a long script made from seed %i', (seed) => {
    const random = randomFrom(seed);
    const script = madeScript(random, 400);
    const options = { comments: seed % 3 === 0, namedCommands: seed % 4 === 0 };
    const whole = readSplit(script, options, []);
    expect(whole.length).toBeGreaterThan(3);
    for (let round = 0; round < 10; round++) {
      const ends = Array.from({ length: random(40) }, () => random(script.length));
      ends.sort((a, b) => a - b);
      expect(readSplit(script, options, ends)).toEqual(whole);
    }
  });
});

// Each piece closes what it opens, so that every statement of the script is met.
const pieces = [
  ...['select 1', ' ', '\n', '\r\n', ';', ';\n', '\\g', '\\G', "'a;\n\\'b'", '"x\r\ny"', '`\\`'],
  ...['/* c;\n */', '/*! d */', '-- e;\n', '#f\n', '\xc3\xa9', '\xe4\xbd\xa0', '\\p', '\\w'],
  ...[';\nuse d\n', ';\ndelimiter //\n', '//\ndelimiter ;\n', '\\d $$ x $$', '\\N', 'delimiter'],
];

function madeScript(random: (limit: number) => number, length: number): string {
  return Array.from({ length }, () => pieces[random(pieces.length)]).join('');
}
