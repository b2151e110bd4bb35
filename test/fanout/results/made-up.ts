import type { Plan, RunRequest } from '../../../src/fanout/plan/plan.js';
import type { ResultCollector, WikiRows } from '../../../src/fanout/results/result-collector.js';
import type { Column } from '../../../src/protocol/column.js';
import { targetWith } from '../../examples.js';
import { generator, textColumns, textRow } from '../../output/rows.js';
import { settingsOf } from '../settings.js';

const target = targetWith({ section: 's3', address: { kind: 'socket', path: '/nowhere' } });

/** A plan for wikis of one section. */
export function planOf(wikis: readonly string[], sql = 'select 1'): Plan {
  const planned = wikis.map((wiki) => ({ wiki, database: wiki, section: 's3' }));
  return {
    wikis: planned,
    sections: [{ name: 's3', target, wikis: planned }],
    statements: [{ sql: Buffer.from(sql), line: 1 }],
  };
}

/** What a directory is opened with. `options` are those of the command line. */
export function requestOf(wikis: readonly string[], ...options: string[]): RunRequest {
  const settings = settingsOf(...options);
  const { fanout } = settings;
  return { settings, fanout, plan: planOf(wikis), characterSet: 'utf8mb4', run: 'run-1' };
}

/** Names of wikis that sort as they are numbered. */
export function wikisUpTo(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `w${String(i).padStart(4, '0')}wiki`);
}

/**
 * What a made-up wiki answers, the same each time: mostly few rows, sometimes many or none; every
 * seventeenth lacks the table, every nineteenth has no result set.
 */
export function answerOf(wiki: string): { missing: boolean; none: boolean; rows: string[][] } {
  const number = Number(wiki.replace(/\D/g, ''));
  const random = generator(number + 1);
  const count = number % 13 === 5 ? 3000 + random(3000) : number % 7 === 3 ? 0 : 1 + random(5);
  const cell = () => 'x'.repeat(random(100)) + random(1 << 30).toString(36);
  return {
    missing: number % 17 === 16,
    none: number % 19 === 18,
    rows: Array.from({ length: count }, (_, i) => [`${wiki} ${i}`, cell()]),
  };
}

export const columns: Column[] = textColumns('page', 'text');

/** Gives rows, waiting where it is asked to. */
export async function give(to: WikiRows, rows: readonly string[][]): Promise<void> {
  let given = 0;
  for (const cells of rows) {
    const { bytes, start, end } = textRow(cells);
    to.row(bytes, start, end);
    await to.pressure();
    // As rows come from a server: not all in one turn.
    if (++given % 500 === 0) await new Promise(setImmediate);
  }
}

/** Asks all wikis that are not finished, several at a time; `asked` is told of each before. */
export async function askAll(
  collector: ResultCollector,
  wikis: readonly string[],
  asked: (wiki: string) => void = () => {},
): Promise<void> {
  const left = wikis.filter((wiki) => !collector.alreadyDone.has(wiki)).values();
  const worker = async () => {
    for (const wiki of left) {
      asked(wiki);
      const { missing, none, rows } = answerOf(wiki);
      const to = collector.begin(wiki);
      if (missing) {
        to.drop();
        collector.markWithoutResult(wiki, 'skipped', 1146);
        continue;
      }
      if (!none) {
        to.begin(columns);
        await give(to, rows);
      }
      await to.done();
    }
  };
  await Promise.all([worker(), worker(), worker()]);
}
