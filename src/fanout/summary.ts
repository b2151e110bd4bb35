import { formatBytes, formatCount, formatDuration, pluralize } from '../progress/units.js';
import { printable } from '../text/printable.js';
import type { TableDrawer } from '../text/small-table.js';
import { sanitizeText } from '../text/text-sanitizer.js';
import { type FailureGroup, groupFailures, mergeGroups } from './failure-groups.js';
import type { FailureReason } from './outcome.js';
import type { RunStats } from './run-stats.js';

/** Formats the summary at the end of a run. */

/** The number of wikis named per reason, and the number of characters of a server's message. */
const maxNames = 10;
const maxTextLength = 240;

/**
 * Returns the lines for standard error at the end of a run, without the program's name: one line of
 * counts, then one line for each reason why wikis have no result. With `silent` (-s) there are
 * lines only if wikis failed, since the client reports errors even with -s; skipped wikis are not
 * explained.
 */
export function formatSummaryLines(stats: RunStats, silent = false): string[] {
  if (silent && stats.failed === 0) return [];
  return [formatCounts(stats), ...reportedGroups(stats, silent).map(formatReasonLine)];
}

/**
 * Returns the summary for a terminal: the line of counts and a table of reasons, to be printed
 * without the program's name. Returns undefined if there are no reasons or the table cannot be
 * drawn.
 */
export function formatSummaryTable(
  stats: RunStats,
  silent: boolean,
  draw: TableDrawer,
): { lines: string[]; table: string[] } | undefined {
  const [counts, ...reasons] = formatSummaryLines(stats, silent);
  if (counts === undefined || reasons.length === 0) return undefined;
  const rows = reportedGroups(stats, silent).map((group) => {
    const { outcome, wikis } = group;
    return [formatCount(wikis.length), outcome, formatReason(group), formatNames(wikis)];
  });
  const table = draw(['wikis', 'outcome', 'reason', 'which'], rows);
  return table && { lines: [counts], table };
}

function reportedGroups({ outcomes }: RunStats, silent: boolean): FailureGroup[] {
  const groups = mergeGroups(groupFailures(outcomes));
  return groups.filter(({ outcome }) => !silent || outcome === 'failed');
}

function formatCounts(stats: RunStats): string {
  const { ok, skipped, failed, alreadyDone: finishedBefore } = stats;
  let rows = 0;
  let bytes = 0;
  for (const outcome of stats.outcomes) {
    if (outcome.outcome !== 'ok') continue;
    rows += outcome.rows;
    bytes += outcome.bytes;
  }
  const notRun = stats.total - stats.ended;
  const seconds = process.uptime() - stats.startTime / 1000;
  const wikis = [
    `${pluralize(ok, 'wiki')} ok`,
    ...(finishedBefore > 0 ? [`${formatCount(finishedBefore)} finished before`] : []),
    ...(skipped > 0 ? [`${formatCount(skipped)} skipped (no such table)`] : []),
    ...(failed > 0 ? [`${formatCount(failed)} failed`] : []),
    ...(notRun > 0 ? [`${formatCount(notRun)} not run`] : []),
  ];
  return `${wikis.join(', ')}; ${pluralize(rows, 'row')}, ${formatBytes(bytes)} in ${formatDuration(seconds)}`;
}

/** `2 failed: ERROR 1054 (42S22): Unknown column 'x' in 'SELECT': enwiki, itwiki`. */
function formatReasonLine(group: FailureGroup): string {
  const { outcome, wikis } = group;
  return `${formatCount(wikis.length)} ${outcome}: ${formatReason(group)}: ${formatNames(wikis)}`;
}

/** Returns `ERROR 1054 (42S22): …`, on one line and without control characters. */
export function formatReason({ errno, sqlState, text }: FailureReason): string {
  const head = errno === 0 ? '' : `ERROR ${errno}${sqlState === '' ? '' : ` (${sqlState})`}: `;
  return `${head}${sanitizeOnOneLine(text)}`;
}

function formatNames(wikis: readonly string[]): string {
  const shownNames = wikis.slice(0, maxNames).map(printable).join(', ');
  const more = wikis.length - maxNames;
  return `${shownNames}${more > 0 ? ` and ${formatCount(more)} more` : ''}`;
}

/** Escapes control characters and newlines, and shortens the text to `maxTextLength` characters. */
function sanitizeOnOneLine(text: string): string {
  const bytes = sanitizeText(Buffer.from(text), { characterSet: 'utf8mb4', colors: false });
  const characters = [...Buffer.from(bytes).toString()];
  if (characters.length <= maxTextLength) return characters.join('');
  return `${characters.slice(0, maxTextLength - 1).join('')}…`;
}
