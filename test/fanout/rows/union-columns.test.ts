import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WikiFailure } from '../../../src/fanout/outcome.js';
import { openStreamCollector } from '../../../src/fanout/results/stream-collector.js';
import { type Column, columnTypes } from '../../../src/protocol/column.js';
import { memoryOutput } from '../../output/memory-sink.js';
import { queryDuckDb } from '../../output/parquet/query-duckdb.js';
import { type Cell, textColumns } from '../../output/rows.js';
import { type Answer, answer, deliver, fileOutput, request } from '../results/answers.js';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'union-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

const union = { unionColumns: true };

async function collectText(all: Record<string, Answer>, options: string[] = []): Promise<string> {
  const { out, text } = fileOutput(join(directory, 'out'));
  const collector = await openStreamCollector(request(Object.keys(all).sort(), options, union), {
    out,
  });
  for (const [wiki, answer] of Object.entries(all)) await deliver(collector, wiki, answer);
  await collector.finish();
  return text();
}

const differentColumns = {
  c: answer('z x', ['6', '5']),
  a: answer('x y', ['1', '2'], ['3', null]),
  b: answer('y', ['4']),
  d: answer('x y', ['7', '8']),
};

describe('--union-columns', () => {
  it('takes columns whose names differ only in case for one', async () => {
    expect(await collectText({ a: answer('Page x', ['1', '2']), b: answer('page', ['3']) })).toBe(
      'wiki\tPage\tx\na\t1\t2\nb\t3\tNULL\n',
    );
  });

  it('orders columns by first appearance in the plan, with NULL for missing columns', async () => {
    expect(await collectText(differentColumns)).toBe(
      'wiki\tx\ty\tz\na\t1\t2\tNULL\na\t3\tNULL\tNULL\nb\tNULL\t4\tNULL\nc\t5\tNULL\t6\nd\t7\t8\tNULL\n',
    );
  });

  it.each([
    ['csv', 'wiki,x,y,z\na,1,2,\na,3,,\nb,,4,\nc,5,,6\nd,7,8,\n'],
    ['jsonl', '{"wiki":"a","x":"1","y":"2","z":null}\n'],
    ['table', '| a    | 1    | 2    | NULL |\n'],
  ])('works with --format %s', async (format, wanted) => {
    expect(await collectText(differentColumns, ['--format', format])).toContain(wanted);
  });

  it('matches columns of the same name by their order', async () => {
    const twice = { a: answer('x x', ['1', '2']), b: answer('x', ['3']) };
    expect(await collectText(twice)).toBe('wiki\tx\tx\na\t1\t2\nb\t3\tNULL\n');
  });

  it('writes all columns if no wiki has rows', async () => {
    expect(await collectText({ a: answer('x'), b: answer('y') })).toBe('wiki\tx\ty\n');
    expect(await collectText({})).toBe('');
  });
});

const { tiny, long, longLong, newDecimal, float, double, varString, blob, datetime, date, bit } =
  columnTypes;

function column(type: number, more: Partial<Column> = {}): Column[] {
  const numeric = type !== varString && type !== blob;
  const collation = numeric || type === blob ? 63 : 45;
  return textColumns('x').map((it) => ({ ...it, type, collation, ...more }));
}

const unsigned = { flags: 32 };
const notNull = { flags: 1 };
const decimal = (digits: number, decimals: number) =>
  column(newDecimal, { length: digits + (decimals > 0 ? 2 : 1), decimals });

describe('the Parquet type for', () => {
  const largest = '18446744073709551615';
  it.each<[string, Column[], Cell, Column[], Cell, string, Cell, Cell]>([
    ['equal types', column(long), '1', column(long), '2', 'INTEGER', '1', '2'],
    [
      'small and large integers',
      column(tiny),
      '-1',
      column(longLong),
      '5000000000',
      'BIGINT',
      '-1',
      '5000000000',
    ],
    [
      'integers with and without a sign',
      column(long),
      '-1',
      column(long, unsigned),
      '4294967295',
      'BIGINT',
      '-1',
      '4294967295',
    ],
    [
      'the largest integers',
      column(longLong, unsigned),
      largest,
      column(long, unsigned),
      '1',
      'UBIGINT',
      largest,
      '1',
    ],
    [
      'the largest integers with negative ones',
      column(longLong, unsigned),
      largest,
      column(long),
      '-1',
      'DECIMAL(20,0)',
      largest,
      '-1',
    ],
    ['floats', column(float), '0.5', column(double), '0.1', 'DOUBLE', '0.5', '0.1'],
    [
      'an integer that a float represents exactly',
      column(long),
      '7',
      column(double),
      '0.1',
      'DOUBLE',
      '7.0',
      '0.1',
    ],
    [
      'an integer that a float does not represent exactly',
      column(longLong),
      '9007199254740993',
      column(double),
      '0.1',
      'VARCHAR',
      '9007199254740993',
      '0.1',
    ],
    [
      'decimals of one scale',
      decimal(5, 2),
      '1.25',
      decimal(20, 2),
      '-0.50',
      'DECIMAL(20,2)',
      '1.25',
      '-0.50',
    ],
    [
      'decimals of several scales',
      decimal(5, 2),
      '1.25',
      decimal(5, 1),
      '0.5',
      'VARCHAR',
      '1.25',
      '0.5',
    ],
    ['an integer and a decimal', column(long), '3', decimal(5, 1), '0.5', 'VARCHAR', '3', '0.5'],
    [
      'text and bytes',
      column(varString),
      'é',
      column(blob),
      Buffer.of(0xff),
      'BLOB',
      '\\xC3\\xA9',
      '\\xFF',
    ],
    ['NULL and a date', column(6), null, column(date), '2026-08-01', 'DATE', null, '2026-08-01'],
    [
      'nullable and not nullable columns',
      column(long, notNull),
      '1',
      column(long),
      null,
      'INTEGER',
      '1',
      null,
    ],
  ])('%s', async (_name, first, one, second, two, type, ...wanted) => {
    const path = join(directory, 'x.parquet');
    const { out } = fileOutput(path);
    const asked = request(['a', 'b'], ['--format', 'parquet'], union);
    const collector = await openStreamCollector(asked, { out });
    await deliver(collector, 'b', answer(second, [two]));
    await deliver(collector, 'a', answer(first, [one]));
    await collector.finish();
    const rows = await queryDuckDb(`select typeof(x), x::varchar from '${path}' order by wiki`);
    expect(rows).toEqual(wanted.map((value) => [type, value]));
  });

  it('text and bytes with --binary-as-text is text', async () => {
    const path = join(directory, 'text.parquet');
    const { out } = fileOutput(path);
    const options = ['--format', 'parquet', '--binary-as-text'];
    const collector = await openStreamCollector(request(['a', 'b'], options), { out });
    await deliver(collector, 'a', answer(column(varString), ['é']));
    await deliver(collector, 'b', answer(column(blob), ['ü']));
    await collector.finish();
    const rows = await queryDuckDb(`select typeof(x), x from '${path}' order by wiki`);
    expect(rows).toEqual([
      ['VARCHAR', 'é'],
      ['VARCHAR', 'ü'],
    ]);
  });

  it.each<[string, Column[], Column[], string[], RegExp]>([
    [
      'text and a number',
      column(varString),
      column(long),
      ['--format', 'parquet'],
      /'x' has the type 32-bit integer, but that of a is text: use CAST/,
    ],
    [
      'a date and a time',
      column(date),
      column(datetime),
      ['--format', 'parquet'],
      /has the type time, but that of a is date/,
    ],
    ['bits and a number', column(bit), column(long), ['--format', 'parquet'], /that of a is bits/],
    [
      'text and a number',
      column(varString),
      column(long),
      ['--format', 'json'],
      /has the type number, but that of a is text/,
    ],
    [
      'bits and a number',
      column(bit),
      column(long),
      ['--format', 'csv'],
      /has the type text, but that of a is bits/,
    ],
  ])('%s is an error: %j %j %j', async (_name, first, second, options, message) => {
    const { out } = memoryOutput();
    const collector = await openStreamCollector(request(['a', 'b', 'c'], options, union), { out });
    await deliver(collector, 'a', answer(first));
    const rows = collector.begin('b');
    expect(() => rows.begin(second)).toThrow(message);
    expect(() => rows.begin(second)).toThrow(WikiFailure);
    // The refused columns do not affect later wikis.
    collector.begin('c').begin(first);
    collector.abandon();
  });
});
