import type { ProgressMode } from '../progress/progress-mode.js';
import { StatusLine } from '../progress/status-line.js';
import { writeStandardError } from '../standard-error.js';
import { barText, progressText } from './progress-text.js';
import type { RunStats } from './run-stats.js';

/** Milliseconds between two drawings of the bar. */
const interval = 200;

/** Seconds from the beginning at which plain lines come; then one each minute. */
const lineTimes: readonly number[] = [10, 30, 60];
const lastPause = 60;

export interface ProgressOptions {
  /** As `meansOfProgress` finds it: a bar, plain lines, or nothing. */
  mode: ProgressMode;
  /** -s was given: nothing is told. */
  silent: boolean;
}

/** Tells how far a run is until `stop`. */
export interface ProgressDisplay {
  /** Takes the bar away until it is drawn next: called before anything else is written there. */
  clear(): void;
  /** Takes the bar away for good. Safe to call again. */
  stop(): void;
}

/**
 * Begins to tell on standard error how far a run is: a bar that is drawn five times a second, or
 * plain lines that come ever more rarely. It keeps no process alive, and reads `tally` only then.
 */
export function startProgress(stats: RunStats, { mode, silent }: ProgressOptions): ProgressDisplay {
  if (silent || mode === 'nothing') return { clear() {}, stop() {} };
  return mode === 'line' ? drawBar(stats) : writeLines(stats);
}

function drawBar(stats: RunStats): ProgressDisplay {
  const line = new StatusLine();
  const draw = () => line.show(barText(stats, process.uptime() * 1000, line.room));
  const timer = setInterval(draw, interval).unref();
  return {
    clear: () => line.clear(),
    stop() {
      clearInterval(timer);
      line.close();
    },
  };
}

function writeLines(stats: RunStats): ProgressDisplay {
  let timer: NodeJS.Timeout;
  const wait = () => {
    const now = process.uptime() * 1000;
    const due = stats.started + nextLineAfter((now - stats.started) / 1000) * 1000;
    timer = setTimeout(write, due - now).unref();
  };
  const write = () => {
    writeStandardError(`analytics-mysql: ${progressText(stats, process.uptime() * 1000)}\n`);
    wait();
  };
  wait();
  return { clear() {}, stop: () => clearTimeout(timer) };
}

/** When the next plain line comes; both in seconds from the beginning. */
export function nextLineAfter(seconds: number): number {
  // A timer may come a little early.
  const after = Math.round(seconds);
  const next = lineTimes.find((time) => time > after);
  return next ?? (Math.floor(after / lastPause) + 1) * lastPause;
}
