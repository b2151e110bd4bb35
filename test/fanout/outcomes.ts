import type { FailureReason, WikiOutcome } from '../../src/fanout/outcome.js';
import { RunStats } from '../../src/fanout/run-stats.js';

/** Returns an outcome with defaults for everything that a test does not set. */
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

/** Returns the outcome of a wiki that failed, or that was skipped for a missing table (1146). */
export function failure(wiki: string, errno: number, text: string, sqlState = '42000') {
  const reason: FailureReason = { errno, sqlState, text };
  return outcome(wiki, { outcome: errno === 1146 ? 'skipped' : 'failed', reason });
}

/** Returns the statistics of a run with these outcomes. */
export function statsOf(total: number, outcomes: readonly WikiOutcome[]): RunStats {
  const stats = new RunStats(total);
  for (const each of outcomes) {
    stats.beginWiki(each.wiki);
    stats.addRows(each.rows, each.bytes);
    stats.endWiki(each);
  }
  return stats;
}

/** Returns `count` successful outcomes. */
export function succeeded(count: number, changes: Partial<WikiOutcome> = {}): WikiOutcome[] {
  return Array.from({ length: count }, (_, i) => outcome(`w${i}wiki`, changes));
}
