import { openSync, readFileSync } from 'node:fs';
import { readSettings } from '../../../src/cli/read-settings.js';
import type { FanoutSettings } from '../../../src/cli/settings.js';
import type { RunRequest } from '../../../src/fanout/plan/plan.js';
import type { ResultCollector, WikiResult } from '../../../src/fanout/results/result-collector.js';
import { OutputBuffer } from '../../../src/output/output-buffer.js';
import { openDescriptor } from '../../../src/output/standard-output.js';
import type { Column } from '../../../src/protocol/column.js';
import { fanoutWith } from '../../examples.js';
import { type Cell, generator, randomCell, textColumns, textRow } from '../../output/rows.js';

/** A run over these wikis with the options of a command line, and those of --wikis. */
export function request(
  wikis: readonly string[],
  options: readonly string[] = [],
  fanout: Partial<FanoutSettings> = {},
): RunRequest {
  const argv = ['--credentials=/dev/null', 'x', '-e', 'select 1', ...options];
  const settings = readSettings(argv, {}, { interactive: () => false, optionFiles: [] });
  const planned = wikis.map((wiki) => ({ wiki, database: wiki, section: 's1' }));
  const statements = [{ sql: Buffer.from('select 1'), line: 1 }];
  return {
    settings,
    fanout: fanoutWith(fanout),
    plan: { wikis: planned, sections: [], statements },
    characterSet: 'utf8mb4',
    run: 'run-1',
  };
}

/** Rows as packets of the protocol. */
export function packets(rows: readonly Cell[][]): Buffer {
  const parts = rows.flatMap((cells, index) => {
    const { bytes, start, end } = textRow(cells);
    const header = Buffer.alloc(4, index & 0xff);
    header.writeUIntLE(end - start, 0, 3);
    return [header, bytes.subarray(start, end)];
  });
  return Buffer.concat(parts);
}

/** What a wiki answers: names of columns, or columns, and rows. */
export interface Answer {
  columns: Column[];
  rows: Cell[][];
}

export function answer(columns: string | Column[], ...rows: Cell[][]): Answer {
  return {
    columns: typeof columns === 'string' ? textColumns(...columns.split(' ')) : columns,
    rows,
  };
}

/** Gives a wiki's answer: rows by the chunk and by the row, as a connection does. */
export async function give(
  collector: ResultCollector,
  wiki: string,
  { columns, rows }: Answer,
): Promise<WikiResult> {
  const output = collector.begin(wiki);
  output.begin(columns);
  const half = Math.ceil(rows.length / 2);
  const bytes = packets(rows.slice(0, half));
  const longest = 1 << 30;
  for (let at = 0; at < bytes.length; ) {
    at = output.takeRows(bytes, at, bytes.length, longest)?.end ?? at;
    if (at >= bytes.length) break;
    const length = bytes.readUIntLE(at, 3);
    output.row(bytes, at + 4, at + 4 + length);
    at += 4 + length;
  }
  for (const cells of rows.slice(half)) {
    const { bytes, start, end } = textRow(cells);
    output.row(bytes, start, end);
  }
  return output.done();
}

/** An output into a file, and what stands in it. */
export function fileOutput(path: string): { out: OutputBuffer; text: () => string } {
  const fd = openSync(path, 'w');
  const out = new OutputBuffer(openDescriptor(fd));
  return { out, text: () => readFileSync(path, 'latin1') };
}

/** Rows of eight wikis, some with none, some with many: the same for the same seed. */
export function answers(seed: number): Record<string, Answer> {
  const random = generator(seed);
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

/** An attempt that is cut off among its rows. */
export function halfOf(collector: ResultCollector, wiki: string, { columns, rows }: Answer): void {
  const output = collector.begin(wiki);
  output.begin(columns);
  for (const cells of rows.slice(0, rows.length / 2)) {
    const { bytes, start, end } = textRow(cells);
    output.row(bytes, start, end);
  }
}
