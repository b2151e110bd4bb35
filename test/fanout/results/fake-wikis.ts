import type { Plan, RunRequest } from '../../../src/fanout/plan/plan.js';
import type { ResultCollector, WikiRows } from '../../../src/fanout/results/result-collector.js';
import type { Column } from '../../../src/protocol/column.js';
import { targetWith } from '../../examples.js';
import { createRandom, textColumns, textRow } from '../../output/rows.js';
import { settingsOf } from '../settings.js';

const target = targetWith({ section: 's3', address: { kind: 'socket', path: '/nowhere' } });

/** Returns a plan for wikis of one section. */
export function planOf(wikis: readonly string[], sql = 'select 1'): Plan {
  const planned = wikis.map((wiki) => ({ wiki, database: wiki, section: 's3' }));
  return {
    wikis: planned,
    sections: [{ name: 's3', target, wikis: planned }],
    unresolved: [],
    statements: [{ sql: Buffer.from(sql), line: 1 }],
  };
}

/** Returns a run over these wikis. `options` are command-line options. */
export function requestOf(wikis: readonly string[], ...options: string[]): RunRequest {
  const settings = settingsOf(...options);
  const { fanout } = settings;
  return { settings, fanout, plan: planOf(wikis), characterSet: 'utf8mb4', run: 'run-1' };
}

/** Returns the names of `count` fake wikis, in alphabetical order. */
export function wikiNames(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `w${String(i).padStart(4, '0')}wiki`);
}

/**
 * Returns the answer of a fake wiki, which is always the same: usually few rows, sometimes many or
 * none. Every 17th wiki lacks the table; every 19th returns no result set.
 */
export function answerOf(wiki: string): {
  lacksTable: boolean;
  hasNoResultSet: boolean;
  rows: string[][];
} {
  const number = Number(wiki.replace(/\D/g, ''));
  const random = createRandom(number + 1);
  const count = number % 13 === 5 ? 3000 + random(3000) : number % 7 === 3 ? 0 : 1 + random(5);
  const cell = () => 'x'.repeat(random(100)) + random(1 << 30).toString(36);
  return {
    lacksTable: number % 17 === 16,
    hasNoResultSet: number % 19 === 18,
    rows: Array.from({ length: count }, (_, i) => [`${wiki} ${i}`, cell()]),
  };
}

export const columns: Column[] = textColumns('page', 'text');

/** Passes rows to a collector, and respects its back-pressure. */
export async function deliverRows(wikiRows: WikiRows, rows: readonly string[][]): Promise<void> {
  let delivered = 0;
  for (const cells of rows) {
    const { bytes, start, end } = textRow(cells);
    wikiRows.row(bytes, start, end);
    await wikiRows.backPressure();
    // Rows of a server do not all arrive in one turn of the event loop either.
    if (++delivered % 500 === 0) await new Promise(setImmediate);
  }
}

/** Queries all wikis that are not finished, three at a time. Calls `onQuery` before each. */
export async function queryAll(
  collector: ResultCollector,
  wikis: readonly string[],
  onQuery: (wiki: string) => void = () => {},
): Promise<void> {
  const remaining = wikis.filter((wiki) => !collector.alreadyDone.has(wiki)).values();
  const worker = async () => {
    for (const wiki of remaining) {
      onQuery(wiki);
      const { lacksTable, hasNoResultSet, rows } = answerOf(wiki);
      const wikiRows = collector.begin(wiki);
      if (lacksTable) {
        wikiRows.drop();
        collector.markWithoutResult(wiki, 'skipped', { errno: 1146, isFinal: true });
        continue;
      }
      if (!hasNoResultSet) {
        wikiRows.begin(columns);
        await deliverRows(wikiRows, rows);
      }
      await wikiRows.complete();
    }
  };
  await Promise.all([worker(), worker(), worker()]);
}
