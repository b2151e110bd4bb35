import type { FailureReason, WikiOutcome } from '../../src/fanout/outcome.js';
import { RunStats } from '../../src/fanout/run-stats.js';

/** An outcome in which only what a test is about has to be said. */
export function outcome(wiki: string, changes: Partial<WikiOutcome> = {}): WikiOutcome {
  return {
    wiki,
    database: wiki,
    section: 's2',
    outcome: 'ok',
    reason: undefined,
    rows: 0,
    bytes: 0,
    seconds: 0.5,
    serverVersion: '10.11.19-MariaDB',
    ...changes,
  };
}

/** A wiki that failed, or was skipped where its table is missing. */
export function failure(wiki: string, errno: number, text: string, sqlState = '42000') {
  const reason: FailureReason = { errno, sqlState, text };
  return outcome(wiki, { outcome: errno === 1146 ? 'skipped' : 'failed', reason });
}

/** A tally to which these outcomes have come. */
export function tallyOf(total: number, outcomes: readonly WikiOutcome[]): RunStats {
  const stats = new RunStats(total);
  for (const each of outcomes) {
    stats.begin(each.wiki);
    stats.count(each.rows, each.bytes);
    stats.end(each);
  }
  return stats;
}

/** As many wikis that went well. */
export function fine(count: number, changes: Partial<WikiOutcome> = {}): WikiOutcome[] {
  return Array.from({ length: count }, (_, i) => outcome(`w${i}wiki`, changes));
}
