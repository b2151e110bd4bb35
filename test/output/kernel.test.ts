import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RowKernel } from '../../src/output/kernel.js';
import { projectRoot } from '../farm/sections.js';
import { encodeResponse, formatResponse } from './query-response.js';
import { type Cell, createRandom, randomCell, textRow } from './rows.js';

const kernel = new RowKernel(readFileSync(join(projectRoot, 'dist', 'rows.wasm')));

function encodeRow(cells: Cell[]): Buffer {
  const { bytes, start, end } = textRow(cells);
  return bytes.subarray(start, end);
}

/** Expects that the output is not empty and is the same with and without the kernel. */
async function expectSameOutput(bytes: Buffer, cuts: number[], raw: boolean): Promise<void> {
  const byRow = await formatResponse(bytes, cuts, raw);
  const byKernel = await formatResponse(bytes, cuts, raw, () => kernel);
  expect(byRow.length).toBeGreaterThan(0);
  expect(byKernel.equals(byRow), `cuts ${cuts}, raw ${raw}`).toBe(true);
}

describe('the kernel writes the same output as the row-by-row code', () => {
  const lengths = [0, 1, 15, 16, 17, 31, 32, 33, 249, 250, 251, 252, 253, 254, 255, 256, 1000];
  const specials = ['\0', '\t', '\n', '\\', '\x01', '\x08', '\x0b', '\x5d', 'a', '\xfb', '\xff'];

  it.each([false, true])('for cells of many lengths and special bytes (raw: %s)', async (raw) => {
    const rows = lengths.flatMap((length) =>
      specials.map((byte) => encodeRow([Buffer.alloc(length, byte, 'latin1'), null, 'x'])),
    );
    await expectSameOutput(encodeResponse(3, rows), [], raw);
  });

  it('for a special byte at each position of a cell', async () => {
    const rows = lengths.flatMap((length) =>
      Array.from({ length: Math.min(length, 70) }, (_, position) => {
        const cell = Buffer.alloc(length, 'a');
        cell[position] = 0x5c;
        return encodeRow([cell, cell]);
      }),
    );
    await expectSameOutput(encodeResponse(2, rows), [], false);
  });

  it('for a response in two chunks that are split at any position', async () => {
    const cells: Cell[][] = [
      ['a', null, ''],
      [null, null, null],
      ['\\', 'b\tc', Buffer.alloc(251, 'é\n')],
      ['', '', ''],
      ['last', Buffer.alloc(300, '\0'), '1'],
    ];
    const bytes = encodeResponse(3, cells.map(encodeRow));
    for (let cut = 0; cut <= bytes.length; cut++) await expectSameOutput(bytes, [cut], false);
  });

  it('for a response in chunks of any small size', async () => {
    const bytes = encodeResponse(
      2,
      ['a', 'bc', '', '\n'].map((cell) => encodeRow([cell, null])),
    );
    for (let size = 1; size < 40; size++) {
      const cuts = Array.from(
        { length: Math.floor(bytes.length / size) },
        (_, i) => (i + 1) * size,
      );
      await expectSameOutput(bytes, cuts, false);
    }
  });

  it.each([1, 2, 3, 4, 5, 6])('for random rows in random chunks (seed %i)', async (seed) => {
    const random = createRandom(seed);
    const columns = 1 + random(30);
    const rows = Array.from({ length: 400 }, () =>
      encodeRow(Array.from({ length: columns }, () => randomCell(random))),
    );
    const bytes = encodeResponse(columns, rows);
    const cuts = Array.from({ length: random(40) }, () => random(bytes.length));
    await expectSameOutput(
      bytes,
      cuts.sort((a, b) => a - b),
      seed % 2 === 0,
    );
  });

  it.each([65_535, 65_536, 131_060, 131_072, 131_080, 400_000])(
    'for a cell of %i bytes between small ones',
    async (length) => {
      const large = Buffer.alloc(length, 'some text,\twith \\ and\nmore', 'latin1');
      const small = ['a', null, 'b\\'];
      const rows = [small, ['a', large, null], small, [large, '', 'b'], small].map(encodeRow);
      const bytes = encodeResponse(3, rows);
      const cellStart = bytes.indexOf(large.subarray(0, 50));
      for (const offset of [-9, -4, -1, 0, 7, length]) {
        await expectSameOutput(bytes, [cellStart + offset], false);
      }
      const cuts = Array.from({ length: 12 }, (_, i) => (i + 1) * 65_536);
      await expectSameOutput(bytes, cuts.filter(isWithin(bytes)), false);
    },
  );

  it.each([0xfffffe, 0xffffff, 0x1000000, 0x1000010])('for a row of %i bytes', async (length) => {
    // The length prefix of a cell has 4 bytes from 64 kB on, and 9 bytes from 16 MB on.
    const prefix = length - 4 > 0xffffff ? 9 : 4;
    const row = encodeRow([Buffer.alloc(length - prefix, 'x\n')]);
    expect(row.length).toBe(length);
    const bytes = encodeResponse(1, [encodeRow(['a']), row, encodeRow(['b'])]);
    const cuts = [90, 0xffffff, 0x1000050, 0x1000054];
    await expectSameOutput(bytes, cuts.filter(isWithin(bytes)), false);
  });
});

function isWithin({ length }: Uint8Array): (cut: number) => boolean {
  return (cut) => cut < length;
}

it('the kernel accepts any maximum row length', () => {
  const row = encodeRow(['abc']);
  const bytes = Buffer.concat([Buffer.of(row.length, 0, 0, 7), row]);
  for (const longest of [row.length, 2 ** 31, 2 ** 32, Number.MAX_SAFE_INTEGER]) {
    expect(kernel.toTsv(bytes, 0, bytes.length, longest, 1, false).rows, `${longest}`).toBe(1);
  }
});

describe('the kernel does not convert', () => {
  const row = encodeRow(['abc', 'd']);
  const header = (length: number) => Buffer.of(length, 0, 0, 7);

  it.each<[string, Buffer, number?]>([
    ['an incomplete header', Buffer.of(7, 0, 0)],
    ['an incomplete packet', Buffer.concat([header(row.length), row.subarray(1)])],
    ['an empty packet', Buffer.concat([header(0), header(row.length), row])],
    ['the end-of-rows packet', Buffer.concat([header(5), Buffer.of(0xfe, 0, 0, 2, 0)])],
    ['an error packet', Buffer.concat([header(3), Buffer.of(0xff, 0x28, 4)])],
    [
      'a row that is longer than the maximum',
      Buffer.concat([header(row.length), row]),
      row.length - 1,
    ],
    ['a cell that is longer than its row', Buffer.concat([header(3), Buffer.from('\x04abcdef')])],
    [
      'a length prefix that is longer than its row',
      Buffer.concat([header(1), Buffer.of(0xfd, 1, 0, 0)]),
    ],
    ['a row with too few cells', Buffer.concat([header(2), Buffer.from('\x01a')])],
    ['a row with too many cells', Buffer.concat([header(3), Buffer.of(0xfb, 0xfb, 0xfb)])],
  ])('%s', (_name, bytes, longest = 1000) => {
    const { end, rows, output } = kernel.toTsv(bytes, 0, bytes.length, longest, 2, false);
    expect({ end, rows, text: Buffer.from(output).toString() }).toEqual({
      end: 0,
      rows: 0,
      text: '',
    });
    // A valid row before it is converted.
    const more = Buffer.concat([header(row.length), row, bytes]);
    if (longest < 1000) return;
    const taken = kernel.toTsv(more, 0, more.length, longest, 2, false);
    expect({
      end: taken.end,
      rows: taken.rows,
      text: Buffer.from(taken.output).toString(),
    }).toEqual({
      end: 4 + row.length,
      rows: 1,
      text: 'abc\td\n',
    });
  });
});
