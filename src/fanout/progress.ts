import { writeStandardError } from '../output/standard-error.js';
import type { ProgressMode } from '../progress/progress-mode.js';
import { StatusLine } from '../progress/status-line.js';
import { formatProgressBar, formatProgressLine } from './progress-text.js';
import type { RunStats } from './run-stats.js';

/** Shows the progress of a run on standard error. */

/** Milliseconds between two drawings of the bar. */
const redrawInterval = 200;

/** Seconds after the start at which plain lines are printed; afterwards one per minute. */
const lineTimes: readonly number[] = [10, 30, 60];
const repeatInterval = 60;

export interface ProgressOptions {
  /** As `chooseProgressMode` returns it: a bar, plain lines, or nothing. */
  mode: ProgressMode;
  /** Whether -s was given: no progress is shown. */
  silent: boolean;
}

/** The progress display of a run; active until `stop`. */
export interface ProgressDisplay {
  /**
   * Erases the bar until its next drawing. Call it before writing anything else to standard error.
   */
  clear(): void;
  /** Erases the bar permanently. Safe to call again. */
  stop(): void;
}

/**
 * Starts to show the progress of a run on standard error: a bar that is drawn five times a second,
 * or plain lines at growing intervals. The timers do not keep the process alive. `stats` is read at
 * each drawing.
 */
export function startProgress(stats: RunStats, { mode, silent }: ProgressOptions): ProgressDisplay {
  if (silent || mode === 'nothing') return { clear() {}, stop() {} };
  return mode === 'line' ? startBar(stats) : startLines(stats);
}

function startBar(stats: RunStats): ProgressDisplay {
  const line = new StatusLine();
  const draw = () => line.show(formatProgressBar(stats, process.uptime() * 1000, line.width));
  const timer = setInterval(draw, redrawInterval).unref();
  return {
    clear: () => line.clear(),
    stop() {
      clearInterval(timer);
      line.close();
    },
  };
}

function startLines(stats: RunStats): ProgressDisplay {
  let timer: NodeJS.Timeout;
  const schedule = () => {
    const now = process.uptime() * 1000;
    const due = stats.startTime + nextLineTime((now - stats.startTime) / 1000) * 1000;
    timer = setTimeout(write, due - now).unref();
  };
  const write = () => {
    writeStandardError(`analytics-mysql: ${formatProgressLine(stats, process.uptime() * 1000)}\n`);
    schedule();
  };
  schedule();
  return { clear() {}, stop: () => clearTimeout(timer) };
}

/** Returns the time of the next plain line after `seconds`; both are in seconds since the start. */
export function nextLineTime(seconds: number): number {
  // A timer may fire a little early.
  const after = Math.round(seconds);
  const next = lineTimes.find((time) => time > after);
  return next ?? (Math.floor(after / repeatInterval) + 1) * repeatInterval;
}
