import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WikiFailure } from '../../../src/fanout/outcome.js';
import { openStreamCollector } from '../../../src/fanout/results/stream-collector.js';
import { type Column, columnTypes } from '../../../src/protocol/column.js';
import { memoryOutput } from '../../output/memory-sink.js';
import { duck } from '../../output/parquet/duck.js';
import { type Cell, textColumns } from '../../output/rows.js';
import { type Answer, answer, fileOutput, give, request } from '../results/parts.js';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'union-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

const union = { unionColumns: true };

async function text(all: Record<string, Answer>, options: string[] = []): Promise<string> {
  const { out, text } = fileOutput(join(directory, 'out'));
  const collector = await openStreamCollector(request(Object.keys(all).sort(), options, union), {
    out,
  });
  for (const [wiki, answer] of Object.entries(all)) await give(collector, wiki, answer);
  await collector.finish();
  return text();
}

const drifted = {
  c: answer('z x', ['6', '5']),
  a: answer('x y', ['1', '2'], ['3', null]),
  b: answer('y', ['4']),
  d: answer('x y', ['7', '8']),
};

describe('--union-columns', () => {
  it('has columns as they first appear in the plan, NULL for what a wiki lacks', async () => {
    expect(await text(drifted)).toBe(
      'wiki\tx\ty\tz\na\t1\t2\tNULL\na\t3\tNULL\tNULL\nb\tNULL\t4\tNULL\nc\t5\tNULL\t6\nd\t7\t8\tNULL\n',
    );
  });

  it.each([
    ['csv', 'wiki,x,y,z\na,1,2,\na,3,,\nb,,4,\nc,5,,6\nd,7,8,\n'],
    ['jsonl', '{"wiki":"a","x":"1","y":"2","z":null}\n'],
    ['table', '| a    | 1    | 2    | NULL |\n'],
  ])('goes with --format %s', async (format, wanted) => {
    expect(await text(drifted, ['--format', format])).toContain(wanted);
  });

  it('takes columns of one name in their order', async () => {
    const twice = { a: answer('x x', ['1', '2']), b: answer('x', ['3']) };
    expect(await text(twice)).toBe('wiki\tx\tx\na\t1\t2\nb\t3\tNULL\n');
  });

  it('has nothing to reconcile where no wiki has rows', async () => {
    expect(await text({ a: answer('x'), b: answer('y') })).toBe('wiki\tx\ty\n');
    expect(await text({})).toBe('');
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

describe('types of one column in Parquet', () => {
  const largest = '18446744073709551615';
  it.each<[string, Column[], Cell, Column[], Cell, string, Cell, Cell]>([
    ['the same', column(long), '1', column(long), '2', 'INTEGER', '1', '2'],
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
      'those beside negative ones',
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
      'an integer that a float holds',
      column(long),
      '7',
      column(double),
      '0.1',
      'DOUBLE',
      '7.0',
      '0.1',
    ],
    [
      'one that it does not',
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
    ['decimals of several', decimal(5, 2), '1.25', decimal(5, 1), '0.5', 'VARCHAR', '1.25', '0.5'],
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
    ['NULL or not', column(long, notNull), '1', column(long), null, 'INTEGER', '1', null],
  ])('%s', async (_name, first, one, second, two, type, ...wanted) => {
    const path = join(directory, 'x.parquet');
    const { out } = fileOutput(path);
    const asked = request(['a', 'b'], ['--format', 'parquet'], union);
    const collector = await openStreamCollector(asked, { out });
    await give(collector, 'b', answer(second, [two]));
    await give(collector, 'a', answer(first, [one]));
    await collector.finish();
    const rows = await duck(`select typeof(x), x::varchar from '${path}' order by wiki`);
    expect(rows).toEqual(wanted.map((value) => [type, value]));
  });

  it('text and bytes are one with --binary-as-text', async () => {
    const path = join(directory, 'text.parquet');
    const { out } = fileOutput(path);
    const options = ['--format', 'parquet', '--binary-as-text'];
    const collector = await openStreamCollector(request(['a', 'b'], options), { out });
    await give(collector, 'a', answer(column(varString), ['é']));
    await give(collector, 'b', answer(column(blob), ['ü']));
    await collector.finish();
    const rows = await duck(`select typeof(x), x from '${path}' order by wiki`);
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
      /'x' holds 32-bit integer, that of a text: use CAST/,
    ],
    [
      'a date and a time',
      column(date),
      column(datetime),
      ['--format', 'parquet'],
      /holds time, that of a date/,
    ],
    ['bits and a number', column(bit), column(long), ['--format', 'parquet'], /that of a bits/],
    [
      'text and a number',
      column(varString),
      column(long),
      ['--format', 'json'],
      /holds number, that of a text/,
    ],
    [
      'bits and a number',
      column(bit),
      column(long),
      ['--format', 'csv'],
      /holds text, that of a bits/,
    ],
  ])('%s have none: %j %j %j', async (_name, first, second, options, message) => {
    const { out } = memoryOutput();
    const collector = await openStreamCollector(request(['a', 'b', 'c'], options, union), { out });
    await give(collector, 'a', answer(first));
    const rows = collector.begin('b');
    expect(() => rows.begin(second)).toThrow(message);
    expect(() => rows.begin(second)).toThrow(WikiFailure);
    // What was refused counts for nothing.
    collector.begin('c').begin(first);
    collector.abandon();
  });
});
