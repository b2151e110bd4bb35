import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ParquetFormat } from '../../../src/output/parquet/parquet-format.js';
import { type Column, columnTypes } from '../../../src/protocol/column.js';
import { memoryOutput } from '../memory-sink.js';
import { type Cell, createRandom, textColumns, textRow } from '../rows.js';
import { queryDuckDb } from './query-duckdb.js';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'parquet-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

/**
 * Writes rows to a file. Returns the number of row groups, the rows as text that DuckDB reads,
 * ordered by `id`, and each group's minimum and maximum of `text`.
 */
async function readBack(columns: Column[], rows: Iterable<Cell[]>) {
  const { out, written } = memoryOutput();
  const format = new ParquetFormat(out);
  format.begin(columns);
  for (const cells of rows) {
    const { bytes, start, end } = textRow(cells);
    format.row(bytes, start, end);
  }
  format.end();
  format.finish();
  const file = join(directory, 'x.parquet');
  writeFileSync(file, await written());
  const groups = `select count(distinct row_group_id) from parquet_metadata('${file}')`;
  const names = columns.map(({ name }) => `${name}::varchar`).join(', ');
  const limits = `select stats_min_value, stats_max_value from parquet_metadata('${file}')
    where path_in_schema = 'text' order by row_group_id`;
  return {
    groups: Number((await queryDuckDb(groups))[0]?.[0]),
    rows: await queryDuckDb(`select ${names} from '${file}' order by id`),
    limits: await queryDuckDb(limits),
  };
}

function createColumn(name: string, type: number, more: Partial<Column> = {}): Column[] {
  return textColumns(name).map((it) => ({ ...it, type, collation: 63, ...more }));
}

describe('Parquet', () => {
  it('refuses text that is not valid UTF-8, which readers would change or reject', () => {
    const format = new ParquetFormat(memoryOutput().out);
    format.begin(textColumns('c'));
    const { bytes, start, end } = textRow([Buffer.of(0xff)]);
    format.row(bytes, start, end);
    expect(() => format.finish()).toThrow("column 'c' contains text that is not valid UTF-8");
  });

  it('with binaryAsText writes binary columns as strings, and refuses invalid UTF-8', async () => {
    const columns = [
      createColumn('id', columnTypes.long),
      createColumn('title', columnTypes.varString),
    ].flat();
    const written = async (title: Cell) => {
      const { out, written } = memoryOutput();
      const format = new ParquetFormat(out, { binaryAsText: true });
      format.begin(columns);
      const { bytes, start, end } = textRow(['1', title]);
      format.row(bytes, start, end);
      format.end();
      format.finish();
      return written();
    };
    const file = join(directory, 'text.parquet');
    writeFileSync(file, await written('é'));
    expect(await queryDuckDb(`select typeof(title), title from '${file}'`)).toEqual([
      ['VARCHAR', 'é'],
    ]);
    const refused =
      "column 'title' contains text that is not valid UTF-8: for Parquet, omit --binary";
    await expect(written(Buffer.of(0xff))).rejects.toThrow(refused);
  });

  it('has no footer, without which readers reject it, until finish()', async () => {
    const { out, written } = memoryOutput();
    const format = new ParquetFormat(out);
    format.begin(textColumns('c'));
    const { bytes, start, end } = textRow(['x']);
    format.row(bytes, start, end);
    format.end();
    expect((await written()).toString('latin1')).not.toMatch(/.PAR1$/s);
    format.finish();
    expect((await written()).toString('latin1')).toMatch(/^PAR1.*PAR1$/s);
  });

  const { long, longLong, newDecimal, double, varString, date } = columnTypes;
  const mixed = [
    createColumn('id', long),
    createColumn('text', varString, { collation: 45 }),
    createColumn('big', longLong),
    createColumn('price', newDecimal, { length: 12, decimals: 2 }),
    createColumn('ratio', double),
    createColumn('day', date),
  ].flat();

  it('reads back equal over several row groups, with NULLs in each column', async () => {
    const random = createRandom(5);
    const rows = Array.from({ length: 120_000 }, (_, id): Cell[] => [
      `${id - 50}`,
      random(5) === 0 ? null : random(2) === 0 ? 'again' : `value ${random(1 << 30)}`,
      random(9) === 0 ? null : `${random(2) === 0 ? '-' : ''}9${random(1 << 30)}00000000`,
      random(9) === 0 ? null : `${1 + random(1 << 20)}.${10 + random(90)}`,
      id % 3 === 0 ? null : `${id}.5`,
      id < 60_000 ? null : '2026-08-01',
    ]);
    const read = await readBack(mixed, rows);
    expect(read.groups).toBeGreaterThan(1);
    expect(read.rows.length).toBe(rows.length);
    const differing = read.rows.findIndex((row, i) => row.join('|') !== rows[i]?.join('|'));
    expect([read.rows[differing], rows[differing]]).toEqual([undefined, undefined]);
  });

  it('stores the minimum and maximum of each group, not those of a later one', async () => {
    const columns = [
      createColumn('id', long),
      createColumn('text', varString, { collation: 45 }),
    ].flat();
    const rows = Array.from({ length: 250_000 }, (_, id): Cell[] => {
      return [`${id}`, `${id < 100_000 ? 'a' : id < 200_000 ? 'b' : 'c'}${id % 10}`];
    });
    const read = await readBack(columns, rows);
    expect(read.limits).toEqual([
      ['a0', 'a9'],
      ['b0', 'b9'],
      ['c0', 'c9'],
    ]);
  });

  it('writes rows that are larger than a row group, and small ones between them', async () => {
    const columns = [
      createColumn('id', long),
      createColumn('text', varString, { collation: 45 }),
    ].flat();
    const sizes = [1, 250, 251, 65_536, 5_000_000, 3, 0, 9_000_000, 9_000_000, 2];
    const rows = sizes.map((size, id): Cell[] => [`${id}`, Buffer.alloc(size, `${id}`)]);
    const read = await readBack(columns, rows);
    const asText = rows.map((cells) => cells.map((cell) => Buffer.from(cell as string).toString()));
    expect(read.rows.map((row) => row.join('|'))).toEqual(asText.map((row) => row.join('|')));
  });

  it.each(['0', '1', '-1', '2147483647', '-2147483648'])('keeps the integer %s', async (cell) => {
    const columns = [createColumn('id', long), createColumn('text', longLong)].flat();
    expect((await readBack(columns, [[cell, cell]])).rows).toEqual([[cell, cell]]);
  });

  it.each([
    '999999999999999',
    '-99999999999999',
    '-999999999999999',
    '9223372036854775807',
    '-9223372036854775808',
  ])('keeps the 64-bit integer %s', async (cell) => {
    const columns = [createColumn('id', long), createColumn('text', longLong)].flat();
    expect((await readBack(columns, [['1', cell]])).rows).toEqual([['1', cell]]);
  });
});
