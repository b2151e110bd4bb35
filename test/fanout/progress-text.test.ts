import { describe, expect, it } from 'vitest';
import { nextLineTime } from '../../src/fanout/progress.js';
import { formatProgressBar, formatProgressLine } from '../../src/fanout/progress-text.js';
import { RunStats } from '../../src/fanout/run-stats.js';
import { failure, outcome, statsOf, succeeded } from './outcomes.js';

/** Returns a run 41 seconds after its start: 310 of 1,072 wikis have ended and two are running. */
function statsHalfway(): { stats: RunStats; now: number } {
  const stats = statsOf(1072, [
    ...succeeded(303, { rows: 4000, bytes: 150_000 }),
    failure('awiki', 1054, 'x'),
    failure('bwiki', 1054, 'x'),
    ...['cwiki', 'dwiki', 'ewiki', 'fwiki', 'gwiki'].map((wiki) => failure(wiki, 1146, 'x')),
  ]);
  // Adds 1 ms, since the difference of two floating-point numbers may be a little too small.
  const now = stats.startTime + 41_001;
  stats.running.set('frwiki', now - 2500);
  stats.running.set('enwiki', now - 39_100);
  return { stats, now };
}

const drawnBar = (filled: number, empty: number) => `[${'#'.repeat(filled)}${'-'.repeat(empty)}]`;

describe('the progress line of a log', () => {
  it('shows counts, rows, bytes, time and the slowest wiki', () => {
    const { stats, now } = statsHalfway();
    expect(formatProgressLine(stats, now)).toBe(
      '310 of 1,072 wikis done, 2 failed, 5 skipped, 1,212,000 rows, 45 MB, 0:41; slowest enwiki 0:39',
    );
  });

  it('omits counts that are zero', () => {
    const stats = new RunStats(1);
    expect(formatProgressLine(stats, stats.startTime + 61_001)).toBe(
      '0 of 1 wiki done, 0 rows, 0 B, 1:01',
    );
  });

  it.each([
    [0, 10],
    [9.98, 30],
    [10, 30],
    [10.2, 30],
    [30, 60],
    [59.999, 120],
    [60.01, 120],
    [3600, 3660],
  ])('after %f s the next line is due at %i s', (now, next) => {
    expect(nextLineTime(now)).toBe(next);
  });
});

describe('the progress bar', () => {
  const allParts =
    '310/1,072  2 running  2 failed  5 skipped  1,212,000 rows  45 MB  0:41  ETA 1:40  slowest enwiki 0:39';
  const { stats, now } = statsHalfway();

  it.each<[string, number, string]>([
    ['has a maximum size', 200, `${drawnBar(8, 22)}  ${allParts}`],
    ['uses the available width', allParts.length + 2 + 22, `${drawnBar(5, 15)}  ${allParts}`],
    [
      'shrinks before anything is omitted',
      allParts.length + 2 + 12,
      `${drawnBar(2, 8)}  ${allParts}`,
    ],
    [
      'remains when the bytes are omitted',
      allParts.length + 2 + 11,
      `${drawnBar(4, 12)}  ${allParts.replace('45 MB  ', '')}`,
    ],
    [
      'is omitted on a narrow terminal',
      80,
      '310/1,072  2 failed  5 skipped  1,212,000 rows  0:41  ETA 1:40',
    ],
    ['always keeps the counts of done and failed wikis', 30, '310/1,072  2 failed  0:41'],
    ['is truncated if even that is too wide', 12, '310/1,072  2'],
    ['is empty if the width is 0', 0, ''],
  ])('%s', (_name, width, text) => {
    expect(formatProgressBar(stats, now, width)).toBe(text);
  });

  it('is never wider than the given width', () => {
    for (let width = 0; width < 250; width++) {
      expect(formatProgressBar(stats, now, width).length).toBeLessThanOrEqual(width);
    }
  });

  it('is empty at the start and full at the end', () => {
    const notStarted = new RunStats(2);
    expect(formatProgressBar(notStarted, notStarted.startTime, 50)).toBe(
      `${drawnBar(0, 24)}  0/2  0 rows  0 B  0:00`,
    );
    const finished = statsOf(2, succeeded(2));
    expect(formatProgressBar(finished, finished.startTime, 50)).toBe(
      `${drawnBar(24, 0)}  2/2  0 rows  0 B  0:00`,
    );
    const noWikis = new RunStats(0);
    expect(formatProgressBar(noWikis, noWikis.startTime, 40)).toContain('##');
  });

  it('estimates the remaining time without the wikis that a resumed run finished', () => {
    const before = Array.from({ length: 900 }, (_, i) =>
      outcome(`b${i}wiki`, { outcome: 'finished-before' }),
    );
    const resumed = statsOf(1000, [...before, ...succeeded(10)]);
    expect(formatProgressBar(resumed, resumed.startTime + 20_001, 200)).toContain('0:20  ETA 3:00');
    const first = statsOf(1000, before);
    expect(formatProgressBar(first, first.startTime + 20_001, 200)).not.toContain('ETA');
  });

  it('escapes control characters in the name of a wiki', () => {
    const odd = new RunStats(1);
    odd.running.set('\x1b[2Jé', odd.startTime);
    expect(formatProgressBar(odd, odd.startTime, 100)).toMatch(/slowest \\x1b\[2J\? 0:00$/);
  });
});
