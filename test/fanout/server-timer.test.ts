import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import { type ExceededLimit, ServerTimer } from '../../src/fanout/server-timer.js';

const none = Number.POSITIVE_INFINITY;

/** Returns the limit that a server exceeds; `during` runs while the timer measures. */
async function findExceeded(
  limits: { wikiMs?: number; silenceMs?: number },
  during: (timer: ServerTimer, source: { bytesReceived: number }) => void = () => {},
  usedMs = 0,
): Promise<ExceededLimit[]> {
  const source = { bytesReceived: 0 };
  const exceeded: ExceededLimit[] = [];
  const all = { wikiMs: none, silenceMs: none, ...limits };
  const timer = new ServerTimer(source, all, (limit) => exceeded.push(limit), usedMs);
  during(timer, source);
  await vi.waitFor(() => expect(exceeded).toHaveLength(1), { timeout: 10_000 });
  await sleep(50);
  expect(timer.exceeded).toBe(exceeded[0]);
  return exceeded;
}

it('reports a limit once', async () => {
  expect(await findExceeded({ wikiMs: 30 })).toEqual(['wiki']);
  expect(await findExceeded({ silenceMs: 30 })).toEqual(['silence']);
  expect(await findExceeded({ wikiMs: 60_000, silenceMs: 30 })).toEqual(['silence']);
  expect(await findExceeded({ wikiMs: 30, silenceMs: 60_000 })).toEqual(['wiki']);
});

it('adds the time of earlier attempts', async () => {
  expect(await findExceeded({ wikiMs: 60_000 }, undefined, 60_000)).toEqual(['wiki']);
});

it('measures each wiki of a query', async () => {
  const during = (timer: ServerTimer) => timer.beginWiki();
  expect(await findExceeded({ wikiMs: 60_000, silenceMs: 100 }, during, 60_000)).toEqual([
    'silence',
  ]);
});

it('takes bytes for an answer', async () => {
  const during = (_timer: ServerTimer, source: { bytesReceived: number }) => {
    const interval = setInterval(() => source.bytesReceived++, 5);
    setTimeout(() => clearInterval(interval), 1000);
  };
  const started = Date.now();
  expect(await findExceeded({ silenceMs: 300 }, during)).toEqual(['silence']);
  expect(Date.now() - started).toBeGreaterThan(1000);
});

it.each(['resolved', 'rejected'])('does not count until a hold is %s', async (end) => {
  const exceeded: ExceededLimit[] = [];
  const source = { bytesReceived: 0 };
  const limits = { wikiMs: 50, silenceMs: 50 };
  const timer = new ServerTimer(source, limits, (limit) => exceeded.push(limit));
  const wait = sleep(300).then(() => {
    if (end === 'rejected') throw new Error('the output failed');
  });
  timer.hold(wait);
  await wait.catch(() => {});
  expect(exceeded).toEqual([]);
  await vi.waitFor(() => expect(exceeded).toHaveLength(1), { timeout: 10_000 });
});

it('measures nothing after stop', async () => {
  const exceeded: ExceededLimit[] = [];
  const limits = { wikiMs: 20, silenceMs: 20 };
  const timer = new ServerTimer({ bytesReceived: 0 }, limits, (limit) => exceeded.push(limit));
  timer.stop();
  await sleep(200);
  expect(exceeded).toEqual([]);
});
