import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Column } from '../../src/protocol/column.js';
import { maxPayload, takeNoRows } from '../../src/protocol/packets.js';
import type { ResultHandler } from '../../src/protocol/response.js';
import { type KeepingLimits, KeptResult } from '../../src/shell/kept-result.js';

const directory = mkdtempSync(join(tmpdir(), 'kept-'));
afterAll(() => rmSync(directory, { recursive: true }));

const statement = { sql: Buffer.from('a'), untrimmed: Buffer.from('a'), characterSet: 'utf8mb4' };
const column = { name: Buffer.from('a') } as unknown as Column;

/** The payload of a row with one cell of fewer than 251 bytes. */
const rowOf = (text: string) => Buffer.concat([Buffer.of(text.length), Buffer.from(text)]);

function packetOf(payload: Buffer): Buffer {
  const header = Buffer.of(payload.length, payload.length >>> 8, payload.length >>> 16, 7);
  return Buffer.concat([header, payload]);
}

/** Collects what a handler receives; `taking`: also in batches. */
class Collector implements ResultHandler {
  readonly received: string[] = [];
  readonly #isTaking: boolean;

  constructor(isTaking = false) {
    this.#isTaking = isTaking;
  }

  ok({ affectedRows }: { affectedRows: number }): void {
    this.received.push(`ok ${affectedRows}`);
  }
  resultSet(columns: Column[]): void {
    this.received.push(`columns ${columns.map(({ name }) => Buffer.from(name).toString())}`);
  }
  row(bytes: Uint8Array, start: number, end: number): void {
    const length = end - start;
    const text = Buffer.from(bytes.subarray(start + 1, end)).toString();
    this.received.push(length > 300 ? `${length} bytes` : text);
  }
  takeRows(...[bytes, start]: Parameters<ResultHandler['takeRows']>) {
    if (!this.#isTaking) return takeNoRows(bytes, start, 0, 0, 0);
    // Takes one packet, so that the next one is passed again.
    const length = bytes[start] as number;
    this.received.push(Buffer.from(bytes.subarray(start + 5, start + 4 + length)).toString());
    return { end: start + 4 + length, rows: 1 };
  }
  endOfRows(warnings: number): void {
    this.received.push(`end ${warnings}`);
  }
  backPressure(): undefined {
    return undefined;
  }
}

function keep(limits: Partial<KeepingLimits>, rows: readonly string[]): KeptResult {
  const kept = new KeptResult(statement, { directory, ...limits });
  kept.begin([column]);
  for (const [index, row] of rows.entries()) {
    const payload = rowOf(row);
    if (index % 2 === 0) kept.addRow(payload, 0, payload.length);
    else kept.addPackets(packetOf(payload), 0, payload.length + 4);
  }
  kept.end(3);
  return kept;
}

async function replay(kept: KeptResult, isTaking = false): Promise<string[]> {
  const collector = new Collector(isTaking);
  expect(await kept.replay(collector, () => false)).toBe(true);
  return collector.received;
}

const rows = Array.from({ length: 40_000 }, (_, index) => `row ${index}`);
const all = ['columns a', ...rows, 'end 3'];

describe('KeptResult', () => {
  it.each([
    ['in memory', {}],
    ['in a file', { memory: 0 }],
    ['in memory and in a file', { memory: 100_000 }],
  ])('replays rows any number of times, %s', async (_name, limits) => {
    const kept = keep(limits, rows);
    expect(kept.problem).toBeUndefined();
    expect(await replay(kept)).toEqual(all);
    expect(await replay(kept, true)).toEqual(all);
    // The file has no name.
    expect(readdirSync(directory)).toEqual([]);
    kept.drop('');
  });

  it('replays several results, and rows of several packets', async () => {
    const kept = new KeptResult(statement);
    kept.begin([column]);
    const long = Buffer.alloc(maxPayload + 5);
    kept.addRow(long, 0, long.length);
    kept.addRow(rowOf('b'), 0, 2);
    kept.end(0);
    kept.begin([column, column]);
    kept.end(1);
    kept.addOk({ affectedRows: 4, warnings: 0, info: Buffer.alloc(0) });
    expect(await replay(kept)).toEqual([
      'columns a',
      `${maxPayload + 5} bytes`,
      'b',
      'end 0',
      'columns a,a',
      'end 1',
      'ok 4',
    ]);
  });

  it('is dropped if it is too large', () => {
    const megabyte = 1 << 20;
    const many = Array.from({ length: 9 * 1024 }, () => 'x'.repeat(240));
    expect(keep({ memory: megabyte, file: 2 * megabyte }, many.slice(0, 1024)).problem).toBe(
      undefined,
    );
    const kept = keep({ memory: 0, file: 2 * megabyte }, many);
    expect(kept.problem).toBe('it is larger than 2 MB');
    expect(keep({ memory: 0, file: 1024 * megabyte }, many).problem).toBeUndefined();
  });

  it('is dropped if there is no room for the file', () => {
    const kept = keep({ memory: 0, directory: '/no/such' }, rows);
    expect(kept.problem).toBe("there is no room for it in '/no/such'; set TMPDIR");
  });

  it('stops between two parts', async () => {
    const collector = new Collector();
    let count = 0;
    expect(await keep({}, rows).replay(collector, () => ++count === 2)).toBe(false);
    expect(collector.received.at(-1)).toMatch(/^row/);
    expect(collector.received.length).toBeLessThan(rows.length);
  });
});
