import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RowKernel } from '../../src/output/kernel.js';
import { projectRoot } from '../farm/places.js';
import { answer, written } from './answer.js';
import { type Cell, generator, randomCell, textRow } from './rows.js';

const kernel = new RowKernel(readFileSync(join(projectRoot, 'dist', 'rows.wasm')));

function payload(cells: Cell[]): Buffer {
  const { bytes, start, end } = textRow(cells);
  return bytes.subarray(start, end);
}

/** Expects the same of both ways, and that there is something. */
async function expectSameWays(bytes: Buffer, cuts: number[], raw: boolean): Promise<void> {
  const plain = await written(bytes, cuts, raw);
  const fast = await written(bytes, cuts, raw, () => kernel);
  expect(plain.length).toBeGreaterThan(0);
  expect(fast.equals(plain), `cuts ${cuts}, raw ${raw}`).toBe(true);
}

describe('rows taken by the chunk are written as those taken one by one', () => {
  const lengths = [0, 1, 15, 16, 17, 31, 32, 33, 249, 250, 251, 252, 253, 254, 255, 256, 1000];
  const specials = ['\0', '\t', '\n', '\\', '\x01', '\x08', '\x0b', '\x5d', 'a', '\xfb', '\xff'];

  it.each([false, true])('cells of every length, of every special byte (raw: %s)', async (raw) => {
    const rows = lengths.flatMap((length) =>
      specials.map((byte) => payload([Buffer.alloc(length, byte, 'latin1'), null, 'x'])),
    );
    await expectSameWays(answer(3, rows), [], raw);
  });

  it('a special byte at every place of a cell', async () => {
    const rows = lengths.flatMap((length) =>
      Array.from({ length: Math.min(length, 70) }, (_, at) => {
        const cell = Buffer.alloc(length, 'a');
        cell[at] = 0x5c;
        return payload([cell, cell]);
      }),
    );
    await expectSameWays(answer(2, rows), [], false);
  });

  it('wherever one cut falls', async () => {
    const cells: Cell[][] = [
      ['a', null, ''],
      [null, null, null],
      ['\\', 'b\tc', Buffer.alloc(251, 'é\n')],
      ['', '', ''],
      ['last', Buffer.alloc(300, '\0'), '1'],
    ];
    const bytes = answer(3, cells.map(payload));
    for (let cut = 0; cut <= bytes.length; cut++) await expectSameWays(bytes, [cut], false);
  });

  it('in pieces of every small size', async () => {
    const bytes = answer(
      2,
      ['a', 'bc', '', '\n'].map((cell) => payload([cell, null])),
    );
    for (let size = 1; size < 40; size++) {
      const cuts = Array.from(
        { length: Math.floor(bytes.length / size) },
        (_, i) => (i + 1) * size,
      );
      await expectSameWays(bytes, cuts, false);
    }
  });

  it.each([1, 2, 3, 4, 5, 6])('random rows, cut at random (seed %i)', async (seed) => {
    const random = generator(seed);
    const columns = 1 + random(30);
    const rows = Array.from({ length: 400 }, () =>
      payload(Array.from({ length: columns }, () => randomCell(random))),
    );
    const bytes = answer(columns, rows);
    const cuts = Array.from({ length: random(40) }, () => random(bytes.length));
    await expectSameWays(
      bytes,
      cuts.sort((a, b) => a - b),
      seed % 2 === 0,
    );
  });

  it.each([65_535, 65_536, 131_060, 131_072, 131_080, 400_000])(
    'a cell of %i bytes among small ones',
    async (length) => {
      const large = Buffer.alloc(length, 'some text,\twith \\ and\nmore', 'latin1');
      const small = ['a', null, 'b\\'];
      const rows = [small, ['a', large, null], small, [large, '', 'b'], small].map(payload);
      const bytes = answer(3, rows);
      const border = bytes.indexOf(large.subarray(0, 50));
      for (const offset of [-9, -4, -1, 0, 7, length]) {
        await expectSameWays(bytes, [border + offset], false);
      }
      const cuts = Array.from({ length: 12 }, (_, i) => (i + 1) * 65_536);
      await expectSameWays(bytes, cuts.filter(within(bytes)), false);
    },
  );

  it.each([0xfffffe, 0xffffff, 0x1000000, 0x1000010])('a row of %i bytes', async (length) => {
    // In front of a cell of 64 kB and more stand 4 bytes, of 16 MB and more 9.
    const prefix = length - 4 > 0xffffff ? 9 : 4;
    const row = payload([Buffer.alloc(length - prefix, 'x\n')]);
    expect(row.length).toBe(length);
    const bytes = answer(1, [payload(['a']), row, payload(['b'])]);
    const cuts = [90, 0xffffff, 0x1000050, 0x1000054];
    await expectSameWays(bytes, cuts.filter(within(bytes)), false);
  });
});

function within({ length }: Uint8Array): (cut: number) => boolean {
  return (cut) => cut < length;
}

it('the kernel takes rows however long they may be', () => {
  const row = payload(['abc']);
  const bytes = Buffer.concat([Buffer.of(row.length, 0, 0, 7), row]);
  for (const longest of [row.length, 2 ** 31, 2 ** 32, Number.MAX_SAFE_INTEGER]) {
    expect(kernel.toTsv(bytes, 0, bytes.length, longest, false).rows, `${longest}`).toBe(1);
  }
});

describe('the kernel leaves', () => {
  const row = payload(['abc', 'd']);
  const header = (length: number) => Buffer.of(length, 0, 0, 7);

  it.each<[string, Buffer, number?]>([
    ['a header that is not whole', Buffer.of(7, 0, 0)],
    ['a packet that is not whole', Buffer.concat([header(row.length), row.subarray(1)])],
    ['an empty packet', Buffer.concat([header(0), header(row.length), row])],
    ['the end of the rows', Buffer.concat([header(5), Buffer.of(0xfe, 0, 0, 2, 0)])],
    ['an error', Buffer.concat([header(3), Buffer.of(0xff, 0x28, 4)])],
    ['a row longer than it may be', Buffer.concat([header(row.length), row]), row.length - 1],
    ['a cell that is longer than its row', Buffer.concat([header(3), Buffer.from('\x04abcdef')])],
    ['a length that is longer than its row', Buffer.concat([header(1), Buffer.of(0xfd, 1, 0, 0)])],
  ])('%s', (_name, bytes, longest = 1000) => {
    const { end, rows, output } = kernel.toTsv(bytes, 0, bytes.length, longest, false);
    expect({ end, rows, text: Buffer.from(output).toString() }).toEqual({
      end: 0,
      rows: 0,
      text: '',
    });
    // What comes before it is taken.
    const more = Buffer.concat([header(row.length), row, bytes]);
    if (longest < 1000) return;
    const taken = kernel.toTsv(more, 0, more.length, longest, false);
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
