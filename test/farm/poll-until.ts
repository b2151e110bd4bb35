import { setTimeout as pause } from 'node:timers/promises';

/** Waits until a condition is true; returns false if it is not true after `timeout` milliseconds. */
export async function pollUntil(
  condition: () => boolean | Promise<boolean>,
  timeout: number,
): Promise<boolean> {
  const end = performance.now() + timeout;
  while (!(await condition())) {
    if (performance.now() > end) return false;
    await pause(20);
  }
  return true;
}
