import { openSync, readFileSync } from 'node:fs';
import { readSettings } from '../../../src/cli/read-settings.js';
import type { FanoutSettings } from '../../../src/cli/settings.js';
import type { RunRequest } from '../../../src/fanout/plan/plan.js';
import type { ResultCollector, WikiResult } from '../../../src/fanout/results/result-collector.js';
import { OutputBuffer } from '../../../src/output/output-buffer.js';
import { openDescriptor } from '../../../src/output/standard-output.js';
import type { Column } from '../../../src/protocol/column.js';
import { fanoutWith } from '../../examples.js';
import { type Cell, createRandom, randomCell, textColumns, textRow } from '../../output/rows.js';

/** Returns a run over these wikis, with command-line options and settings of --wikis. */
export function request(
  wikis: readonly string[],
  options: readonly string[] = [],
  fanout: Partial<FanoutSettings> = {},
): RunRequest {
  const argv = ['--credentials=/dev/null', 'x', '-e', 'select 1', ...options];
  const settings = readSettings(argv, {}, { interactive: () => false, optionFiles: [] });
  const fields = { section: 's1', closed: null };
  const planned = wikis.map((wiki) => ({ wiki, database: wiki, section: 's1', fields }));
  const statements = [{ sql: Buffer.from('select 1'), line: 1 }];
  return {
    settings,
    fanout: fanoutWith(fanout),
    plan: { wikis: planned, sections: [], unresolved: [], statements },
    characterSet: 'utf8mb4',
    run: 'run-1',
  };
}

/** Encodes rows as packets of the protocol. */
export function packets(rows: readonly Cell[][]): Buffer {
  const parts = rows.flatMap((cells, index) => {
    const { bytes, start, end } = textRow(cells);
    const header = Buffer.alloc(4, index & 0xff);
    header.writeUIntLE(end - start, 0, 3);
    return [header, bytes.subarray(start, end)];
  });
  return Buffer.concat(parts);
}

/** The answer of a wiki: one result set. */
export interface Answer {
  columns: Column[];
  rows: Cell[][];
}

/** Creates an answer. `columns` may be the names of text columns, separated by spaces. */
export function answer(columns: string | Column[], ...rows: Cell[][]): Answer {
  return {
    columns: typeof columns === 'string' ? textColumns(...columns.split(' ')) : columns,
    rows,
  };
}

/** Passes an answer to a collector: some rows in chunks and some alone, as a connection does. */
export async function deliver(
  collector: ResultCollector,
  wiki: string,
  { columns, rows }: Answer,
): Promise<WikiResult> {
  const output = collector.begin(wiki);
  output.begin(columns);
  const half = Math.ceil(rows.length / 2);
  const bytes = packets(rows.slice(0, half));
  const longest = 1 << 30;
  for (let position = 0; position < bytes.length; ) {
    position =
      output.takeRows(bytes, position, bytes.length, longest, columns.length)?.end ?? position;
    if (position >= bytes.length) break;
    const length = bytes.readUIntLE(position, 3);
    output.row(bytes, position + 4, position + 4 + length);
    position += 4 + length;
  }
  for (const cells of rows.slice(half)) {
    const { bytes, start, end } = textRow(cells);
    output.row(bytes, start, end);
  }
  return output.complete();
}

/** Returns an output to a file, and a function that reads the file. */
export function fileOutput(path: string): { out: OutputBuffer; text: () => string } {
  const fd = openSync(path, 'w');
  const out = new OutputBuffer(openDescriptor(fd));
  return { out, text: () => readFileSync(path, 'latin1') };
}

/** Returns answers of eight wikis, some without rows, some with many; the same for the same seed. */
export function randomAnswers(seed: number): Record<string, Answer> {
  const random = createRandom(seed);
  const wikis = [
    'aawiki',
    'be_x_oldwiki',
    'dewiki',
    'enwiki',
    'frwiki',
    'itwiki',
    'ptwiki',
    'zhwiki',
  ];
  return Object.fromEntries(
    wikis.map((wiki) => {
      const count = random(3) === 0 ? 0 : random(200);
      const rows = Array.from({ length: count }, () => [randomCell(random), randomCell(random)]);
      return [wiki, answer('a b', ...rows)];
    }),
  );
}

/** Starts an attempt and passes half of its rows to the collector. */
export function deliverHalf(
  collector: ResultCollector,
  wiki: string,
  { columns, rows }: Answer,
): void {
  const output = collector.begin(wiki);
  output.begin(columns);
  for (const cells of rows.slice(0, rows.length / 2)) {
    const { bytes, start, end } = textRow(cells);
    output.row(bytes, start, end);
  }
}
