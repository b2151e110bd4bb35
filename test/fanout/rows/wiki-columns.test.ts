import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createColumn, encodeCells } from '../../../src/fanout/rows/made-rows.js';
import { WikiColumnsFormat } from '../../../src/fanout/rows/wiki-columns.js';
import type { Format } from '../../../src/output/format.js';
import { type KernelProvider, RowKernel } from '../../../src/output/kernel.js';
import { TsvFormat } from '../../../src/output/tsv.js';
import { projectRoot } from '../../farm/sections.js';
import { memoryOutput } from '../../output/memory-sink.js';
import { type Cell, createRandom, randomCell, textColumns, textRow } from '../../output/rows.js';
import { packets } from '../results/answers.js';

const kernel = new RowKernel(readFileSync(join(projectRoot, 'dist', 'rows.wasm')));
const wikiColumn = createColumn('wiki', ['be_x_oldwiki']);
const plain = { columnNames: true, raw: false, showEmpty: false };

/** Writes the rows for two wikis with a wiki column and returns the output. */
async function writeTwice(
  rows: Cell[][],
  mode: 'by the row' | 'by the chunk',
  kernelFor?: KernelProvider,
): Promise<string> {
  const { out, written } = memoryOutput();
  const format = new WikiColumnsFormat(new TsvFormat(out, plain, kernelFor), [wikiColumn]);
  format.begin(textColumns('a', 'b'));
  const bytes = packets(rows);
  for (const wiki of ['a', 'be_x_oldwiki']) {
    format.cells = encodeCells([wiki]);
    for (let at = 0; at < bytes.length; ) {
      if (mode === 'by the chunk') at = format.takeRows(bytes, at, bytes.length, 1 << 30, 2).end;
      if (at >= bytes.length) break;
      const length = bytes.readUIntLE(at, 3);
      format.row(bytes, at + 4, at + 4 + length);
      at += 4 + length;
    }
  }
  format.end(true);
  return (await written()).toString('latin1');
}

function withWikiCells(rows: Cell[][]): Cell[][] {
  return ['a', 'be_x_oldwiki'].flatMap((wiki) => rows.map((cells): Cell[] => [wiki, ...cells]));
}

async function writeExpected(rows: Cell[][]): Promise<string> {
  const { out, written } = memoryOutput();
  const format: Format = new TsvFormat(out, plain);
  format.begin(textColumns('wiki', 'a', 'b'));
  for (const cells of withWikiCells(rows)) {
    const { bytes, start, end } = textRow(cells);
    format.row(bytes, start, end);
  }
  format.end(true);
  return (await written()).toString('latin1');
}

describe('the wiki column is added to', () => {
  const random = createRandom(11);
  const lengths = [0, 1, 199, 200, 201, 250, 251, 65_536, 131_050, 131_060, 131_072, 300_000];
  const cases: [string, Cell[][]][] = [
    [
      'short rows',
      [
        ['1', null],
        [null, null],
        ['', 'x'],
      ],
    ],
    ['rows of every length', lengths.map((length) => [Buffer.alloc(length, 'ab\n'), 'c'])],
    [
      'a row of 16 MB among others',
      [
        ['a', 'b'],
        [Buffer.alloc(0xfffff8, 'x'), 'b'],
        ['c', 'd'],
      ],
    ],
    ['a row that becomes too long for a packet', [[Buffer.alloc(0xfffff0, 'x'), 'b']]],
    ['many rows', Array.from({ length: 20_000 }, (_, i) => [`${i}`, 'value'])],
    ['random rows', Array.from({ length: 500 }, () => [randomCell(random), randomCell(random)])],
  ];

  it.each(cases)('%s', async (_name, rows) => {
    const wanted = await writeExpected(rows);
    expect((await writeTwice(rows, 'by the row')) === wanted, 'by the row').toBe(true);
    expect((await writeTwice(rows, 'by the chunk')) === wanted, 'by the chunk').toBe(true);
    const fast = await writeTwice(rows, 'by the chunk', () => kernel);
    expect(fast === wanted, 'with the kernel').toBe(true);
  });
});

it('leaves packets that are not rows', () => {
  const { out } = memoryOutput();
  const format = new WikiColumnsFormat(new TsvFormat(out, plain), [wikiColumn]);
  format.begin(textColumns('a'));
  const rows = packets([['a'], ['b']]);
  const end = Buffer.from([5, 0, 0, 1, 0xfe, 0, 0, 2, 0]);
  const bytes = Buffer.concat([rows, end]);
  expect(format.takeRows(bytes, 0, bytes.length, 100, 1)).toEqual({ end: rows.length, rows: 2 });
  const half = bytes.length - end.length - 1;
  expect(format.takeRows(bytes, 0, half, 100, 1)).toEqual({ end: rows.length / 2, rows: 1 });
});
