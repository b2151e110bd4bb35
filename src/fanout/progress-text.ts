import { bytesText, clockText, counted, countText } from '../progress/units.js';
import { printable } from '../text/printable.js';
import type { RunStats } from './run-stats.js';

/** Seconds since the run began. `now`: milliseconds of `process.uptime`. */
function elapsed(stats: RunStats, now: number): number {
  return (now - stats.started) / 1000;
}

/**
 * One line of a log: `310 of 1,072 wikis done, 2 failed, 1,234,567 rows, 45 MB, 0:41; slowest enwiki
 * 0:39`. `now`: milliseconds of `process.uptime`.
 */
export function progressText(stats: RunStats, now: number): string {
  const { failed, skipped, rows, bytes } = stats;
  const parts = [
    `${countText(stats.ended)} of ${counted(stats.total, 'wiki')} done`,
    ...(failed > 0 ? [`${countText(failed)} failed`] : []),
    ...(skipped > 0 ? [`${countText(skipped)} skipped`] : []),
    counted(rows, 'row'),
    bytesText(bytes),
    clockText(elapsed(stats, now)),
  ];
  const slowest = slowestOf(stats, now);
  return `${parts.join(', ')}${slowest === '' ? '' : `; ${slowest}`}`;
}

/** Where there is too little room, the first of these goes first. */
const ranks = ['bytes', 'running', 'bar', 'slowest', 'rows', 'skipped', 'eta', 'elapsed'] as const;

type Part = (typeof ranks)[number] | 'done' | 'failed';

const gap = '  ';
/** Cells of a bar, its brackets included. */
const barSizes = { least: 12, most: 32 };

/**
 * The line of a terminal, of at most `room` cells: a bar, wikis done and in all, those that run, failed
 * and were skipped, rows, bytes, time, time to come, the wiki that runs longest. All is ASCII.
 */
export function barText(stats: RunStats, now: number, room: number): string {
  const { failed, skipped, running, rows, bytes } = stats;
  const texts = new Map<Part, string>([
    ['bar', '#'.repeat(barSizes.least)],
    ['done', `${countText(stats.ended)}/${countText(stats.total)}`],
    ['running', running.size > 0 ? `${countText(running.size)} running` : ''],
    ['failed', failed > 0 ? `${countText(failed)} failed` : ''],
    ['skipped', skipped > 0 ? `${countText(skipped)} skipped` : ''],
    ['rows', counted(rows, 'row')],
    ['bytes', bytesText(bytes)],
    ['elapsed', clockText(elapsed(stats, now))],
    ['eta', etaText(stats, now)],
    ['slowest', slowestOf(stats, now)],
  ]);
  const line = () => [...texts.values()].filter((text) => text !== '').join(gap);
  for (const part of ranks) {
    if (line().length <= room) break;
    texts.delete(part);
  }
  if (texts.has('bar')) {
    const size = Math.min(room - line().length + barSizes.least, barSizes.most);
    texts.set('bar', bar(stats.ended, stats.total, size));
  }
  return line().slice(0, Math.max(room, 0));
}

function bar(done: number, total: number, size: number): string {
  const inside = size - 2;
  const full = total === 0 ? inside : Math.floor((done / total) * inside);
  return `[${'#'.repeat(full)}${'-'.repeat(inside - full)}]`;
}

/** By the rate at which this run ends wikis; nothing before it has ended one, or when none is left. */
function etaText(stats: RunStats, now: number): string {
  const ended = stats.ended - stats.alreadyDone;
  const left = stats.total - stats.ended;
  if (ended === 0 || left === 0) return '';
  return `ETA ${clockText((elapsed(stats, now) / ended) * left)}`;
}

/** Of the wikis under way the one that began first: `slowest enwiki 0:39`. */
function slowestOf({ running }: RunStats, now: number): string {
  let slowest: string | undefined;
  let began = Number.POSITIVE_INFINITY;
  for (const [wiki, since] of running) {
    if (since >= began) continue;
    slowest = wiki;
    began = since;
  }
  if (slowest === undefined) return '';
  const name = printable(slowest).replace(/[^ -~]/g, '?');
  return `slowest ${name} ${clockText((now - began) / 1000)}`;
}
