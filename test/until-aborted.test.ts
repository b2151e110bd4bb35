import { getEventListeners } from 'node:events';
import { expect, it } from 'vitest';
import { untilAborted } from '../src/until-aborted.js';

it('settles like the work, and removes its listener', async () => {
  const { signal } = new AbortController();
  expect(await untilAborted(Promise.resolve(1), signal)).toBe(1);
  await expect(untilAborted(Promise.reject(new Error('no')), signal)).rejects.toThrow('no');
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

it('resolves when the signal is aborted, even if the work fails later', async () => {
  const controller = new AbortController();
  let fail: (error: Error) => void = () => {};
  const work = new Promise<number>((_, reject) => {
    fail = reject;
  });
  const waiting = untilAborted(work, controller.signal);
  controller.abort();
  expect(await waiting).toBeUndefined();
  fail(new Error('late'));
  expect(await untilAborted(new Promise(() => {}), controller.signal)).toBeUndefined();
});
