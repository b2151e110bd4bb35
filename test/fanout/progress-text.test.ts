import { describe, expect, it } from 'vitest';
import { nextLineAfter } from '../../src/fanout/progress.js';
import { barText, progressText } from '../../src/fanout/progress-text.js';
import { RunStats } from '../../src/fanout/run-stats.js';
import { failure, fine, outcome, tallyOf } from './outcomes.js';

/** 310 of 1,072 have ended, 41 seconds after the beginning; two run. */
function halfway(): { tally: RunStats; now: number } {
  const stats = tallyOf(1072, [
    ...fine(303, { rows: 4000, bytes: 150_000 }),
    failure('awiki', 1054, 'x'),
    failure('bwiki', 1054, 'x'),
    ...['cwiki', 'dwiki', 'ewiki', 'fwiki', 'gwiki'].map((wiki) => failure(wiki, 1146, 'x')),
  ]);
  // Not just a full second: the difference of two floating-point numbers may be a little less.
  const now = stats.started + 41_001;
  stats.running.set('frwiki', now - 2500);
  stats.running.set('enwiki', now - 39_100);
  return { tally: stats, now };
}

const bar = (done: number, left: number) => `[${'#'.repeat(done)}${'-'.repeat(left)}]`;

describe('a line of a log', () => {
  it('tells how far the run is', () => {
    const { tally: stats, now } = halfway();
    expect(progressText(stats, now)).toBe(
      '310 of 1,072 wikis done, 2 failed, 5 skipped, 1,212,000 rows, 45 MB, 0:41; slowest enwiki 0:39',
    );
  });

  it('leaves out what there is not', () => {
    const stats = new RunStats(1);
    expect(progressText(stats, stats.started + 61_001)).toBe('0 of 1 wiki done, 0 rows, 0 B, 1:01');
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
  ])('%f s after the beginning the next comes at %i s', (now, next) => {
    expect(nextLineAfter(now)).toBe(next);
  });
});

describe('the bar', () => {
  const all =
    '310/1,072  2 running  2 failed  5 skipped  1,212,000 rows  45 MB  0:41  ETA 1:40  slowest enwiki 0:39';
  const { tally: stats, now } = halfway();

  it.each<[string, number, string]>([
    ['has a longest size', 200, `${bar(8, 22)}  ${all}`],
    ['takes the room that there is', all.length + 2 + 22, `${bar(5, 15)}  ${all}`],
    ['is cut short before anything is left out', all.length + 2 + 12, `${bar(2, 8)}  ${all}`],
    [
      'stays when the bytes go',
      all.length + 2 + 11,
      `${bar(4, 12)}  ${all.replace('45 MB  ', '')}`,
    ],
    [
      'goes when the room is little',
      80,
      '310/1,072  2 failed  5 skipped  1,212,000 rows  0:41  ETA 1:40',
    ],
    ['leaves how many are done and failed', 30, '310/1,072  2 failed  0:41'],
    ['is cut at last', 12, '310/1,072  2'],
    ['is nothing where there is no room', 0, ''],
  ])('%s', (_name, room, text) => {
    expect(barText(stats, now, room)).toBe(text);
  });

  it('is never wider than its room', () => {
    for (let room = 0; room < 250; room++) {
      expect(barText(stats, now, room).length).toBeLessThanOrEqual(room);
    }
  });

  it('is empty at first and full at the end', () => {
    const none = new RunStats(2);
    expect(barText(none, none.started, 50)).toBe(`${bar(0, 24)}  0/2  0 rows  0 B  0:00`);
    const whole = tallyOf(2, fine(2));
    expect(barText(whole, whole.started, 50)).toBe(`${bar(24, 0)}  2/2  0 rows  0 B  0:00`);
    const nothing = new RunStats(0);
    expect(barText(nothing, nothing.started, 40)).toContain('##');
  });

  it('expects the rest at the rate of this run: what was finished before does not count', () => {
    const before = Array.from({ length: 900 }, (_, i) =>
      outcome(`b${i}wiki`, { outcome: 'finished-before' }),
    );
    const resumed = tallyOf(1000, [...before, ...fine(10)]);
    expect(barText(resumed, resumed.started + 20_001, 200)).toContain('0:20  ETA 3:00');
    const first = tallyOf(1000, before);
    expect(barText(first, first.started + 20_001, 200)).not.toContain('ETA');
  });

  it('shows nothing of a name that could command the terminal', () => {
    const odd = new RunStats(1);
    odd.running.set('\x1b[2Jé', odd.started);
    expect(barText(odd, odd.started, 100)).toMatch(/slowest \\x1b\[2J\? 0:00$/);
  });
});
