import { safeText } from '../output/safe-text.js';
import { bytesText, counted, countText, spanText } from '../progress/units.js';
import { printable } from '../text/printable.js';
import type { DrawTable } from '../text/small-table.js';
import { type FailureGroup, groupFailures } from './failure-groups.js';
import type { RunStats } from './run-stats.js';

/** How many wikis of a group are named, and how many characters of what the server said are told. */
const namedWikis = 10;
const longestText = 240;

/**
 * What is told on standard error at a run's end, without the program's name in front: a line that counts, then one for
 * each reason for which wikis have no result. `silent` (-s): nothing unless wikis failed, as the
 * client tells errors even then; those skipped are not explained.
 */
export function summaryLines(stats: RunStats, silent = false): string[] {
  if (silent && stats.failed === 0) return [];
  return [countingLine(stats), ...explainedGroups(stats, silent).map(reasonLine)];
}

/** The same for a terminal: the reasons are a table, the lines of which have no program's name in front. */
export function summaryTable(
  stats: RunStats,
  silent: boolean,
  draw: DrawTable,
): { lines: string[]; table: string[] } | undefined {
  const [counts, ...reasons] = summaryLines(stats, silent);
  if (counts === undefined || reasons.length === 0) return undefined;
  const rows = explainedGroups(stats, silent).map((group) => {
    const { outcome, wikis } = group;
    return [countText(wikis.length), outcome, reasonText(group), namesText(wikis)];
  });
  const table = draw(['wikis', 'outcome', 'reason', 'which'], rows);
  return table && { lines: [counts], table };
}

function explainedGroups({ outcomes }: RunStats, silent: boolean): FailureGroup[] {
  return groupFailures(outcomes).filter(({ outcome }) => !silent || outcome === 'failed');
}

function countingLine(stats: RunStats): string {
  const { ok, skipped, failed, alreadyDone: finishedBefore } = stats;
  let rows = 0;
  let bytes = 0;
  for (const outcome of stats.outcomes) {
    if (outcome.outcome !== 'ok') continue;
    rows += outcome.rows;
    bytes += outcome.bytes;
  }
  const notRun = stats.total - stats.ended;
  const seconds = process.uptime() - stats.started / 1000;
  const wikis = [
    `${counted(ok, 'wiki')} ok`,
    ...(finishedBefore > 0 ? [`${countText(finishedBefore)} finished before`] : []),
    ...(skipped > 0 ? [`${countText(skipped)} skipped (no such table)`] : []),
    ...(failed > 0 ? [`${countText(failed)} failed`] : []),
    ...(notRun > 0 ? [`${countText(notRun)} not run`] : []),
  ];
  return `${wikis.join(', ')}; ${counted(rows, 'row')}, ${bytesText(bytes)} in ${spanText(seconds)}`;
}

/** `2 failed: ERROR 1054 (42S22): Unknown column 'x' in 'SELECT': enwiki, itwiki`. */
function reasonLine(group: FailureGroup): string {
  const { outcome, wikis } = group;
  return `${countText(wikis.length)} ${outcome}: ${reasonText(group)}: ${namesText(wikis)}`;
}

function reasonText({ errno, sqlState, text }: FailureGroup): string {
  const head = errno === 0 ? '' : `ERROR ${errno}${sqlState === '' ? '' : ` (${sqlState})`}: `;
  return `${head}${safe(text)}`;
}

function namesText(wikis: readonly string[]): string {
  const named = wikis.slice(0, namedWikis).map(printable).join(', ');
  const more = wikis.length - namedWikis;
  return `${named}${more > 0 ? ` and ${countText(more)} more` : ''}`;
}

/** On one line, nothing in it acts on the terminal, and not too long. */
function safe(text: string): string {
  const bytes = safeText(Buffer.from(text), { characterSet: 'utf8mb4', colours: false });
  const characters = [...Buffer.from(bytes).toString()];
  if (characters.length <= longestText) return characters.join('');
  return `${characters.slice(0, longestText - 1).join('')}…`;
}
