import { formatBytes, formatClock, formatCount, pluralize } from '../progress/units.js';
import { printable } from '../text/printable.js';
import type { RunStats } from './run-stats.js';

/** Formats the progress of a run, as a bar for terminals or as a log line. */

/** Returns the seconds since the run began. `now` is in milliseconds of `process.uptime`. */
function elapsedSeconds(stats: RunStats, now: number): number {
  return (now - stats.startTime) / 1000;
}

/**
 * Returns a line for a log: `310 of 1,072 wikis done, 2 failed, 1,234,567 rows, 45 MB, 0:41;
 * slowest enwiki 0:39`. `now` is in milliseconds of `process.uptime`.
 */
export function formatProgressLine(stats: RunStats, now: number): string {
  const { failed, skipped, rows, bytes } = stats;
  const parts = [
    `${formatCount(stats.ended)} of ${pluralize(stats.total, 'wiki')} done`,
    ...(failed > 0 ? [`${formatCount(failed)} failed`] : []),
    ...(skipped > 0 ? [`${formatCount(skipped)} skipped`] : []),
    pluralize(rows, 'row'),
    formatBytes(bytes),
    formatClock(elapsedSeconds(stats, now)),
  ];
  const slowest = formatSlowest(stats, now);
  return `${parts.join(', ')}${slowest === '' ? '' : `; ${slowest}`}`;
}

/** The order in which parts of the bar are dropped if the terminal is too narrow. */
const dropOrder = [
  'bytes',
  'running',
  'bar',
  'slowest',
  'rows',
  'skipped',
  'eta',
  'elapsed',
] as const;

type Part = (typeof dropOrder)[number] | 'done' | 'failed';

const separator = '  ';
/** The width of the bar in cells, including its brackets. */
const barSizes = { min: 12, max: 32 };

/**
 * Returns the progress line for a terminal, in ASCII, at most `width` cells wide: a bar, wikis done
 * and in total, running, failed and skipped wikis, rows, bytes, elapsed time, remaining time, and
 * the wiki that has been running longest.
 */
export function formatProgressBar(stats: RunStats, now: number, width: number): string {
  const { failed, skipped, running, rows, bytes } = stats;
  const texts = new Map<Part, string>([
    ['bar', '#'.repeat(barSizes.min)],
    ['done', `${formatCount(stats.ended)}/${formatCount(stats.total)}`],
    ['running', running.size > 0 ? `${formatCount(running.size)} running` : ''],
    ['failed', failed > 0 ? `${formatCount(failed)} failed` : ''],
    ['skipped', skipped > 0 ? `${formatCount(skipped)} skipped` : ''],
    ['rows', pluralize(rows, 'row')],
    ['bytes', formatBytes(bytes)],
    ['elapsed', formatClock(elapsedSeconds(stats, now))],
    ['eta', formatEta(stats, now)],
    ['slowest', formatSlowest(stats, now)],
  ]);
  const line = () => [...texts.values()].filter((text) => text !== '').join(separator);
  for (const part of dropOrder) {
    if (line().length <= width) break;
    texts.delete(part);
  }
  if (texts.has('bar')) {
    const size = Math.min(width - line().length + barSizes.min, barSizes.max);
    texts.set('bar', drawBar(stats.ended, stats.total, size));
  }
  return line().slice(0, Math.max(width, 0));
}

function drawBar(done: number, total: number, size: number): string {
  const innerSize = size - 2;
  const filled = total === 0 ? innerSize : Math.floor((done / total) * innerSize);
  return `[${'#'.repeat(filled)}${'-'.repeat(innerSize - filled)}]`;
}

/**
 * Estimates the remaining time from this run's rate; empty before the first wiki and after the
 * last.
 */
function formatEta(stats: RunStats, now: number): string {
  const ended = stats.ended - stats.alreadyDone;
  const left = stats.total - stats.ended;
  if (ended === 0 || left === 0) return '';
  return `ETA ${formatClock((elapsedSeconds(stats, now) / ended) * left)}`;
}

/** Returns the running wiki that began first: `slowest enwiki 0:39`; empty if none runs. */
function formatSlowest({ running }: RunStats, now: number): string {
  let slowest: string | undefined;
  let startedAt = Number.POSITIVE_INFINITY;
  for (const [wiki, since] of running) {
    if (since >= startedAt) continue;
    slowest = wiki;
    startedAt = since;
  }
  if (slowest === undefined) return '';
  const name = printable(slowest).replace(/[^ -~]/g, '?');
  return `slowest ${name} ${formatClock((now - startedAt) / 1000)}`;
}
