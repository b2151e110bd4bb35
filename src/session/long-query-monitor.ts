import type { Statement } from '../script/item.js';
import type { LongQueryLine, LongQueryOptions } from './long-query-line.js';
import type { StatementCounts, StatementObserver } from './statement-observer.js';

/** The line appears only after this time, because most statements end sooner. */
const delaySeconds = 1;
/** The time between two updates of the line. */
const intervalMs = 250;

/**
 * Shows the progress of a statement that takes longer than a second, if standard error is a
 * terminal. Checks for the terminal, and loads the code that draws, only after that second.
 */
export class LongQueryMonitor implements StatementObserver {
  readonly #options: LongQueryOptions;
  #timer: NodeJS.Timeout | undefined;
  #counts: StatementCounts | undefined;
  /** Seconds of `process.uptime`. */
  #startedAt = 0;
  #line: LongQueryLine | undefined;
  #stopped = false;

  constructor(options: LongQueryOptions) {
    this.#options = options;
  }

  onStart(_statement: Statement, counts: StatementCounts): void {
    // One timer serves all statements, so that a script of a million statements does not pay for
    // it.
    if (!this.#stopped) this.#timer ??= setInterval(() => this.#tick(), intervalMs).unref();
    this.#startedAt = process.uptime();
    this.#counts = counts;
  }

  onEnd(): void {
    this.#counts = undefined;
    this.#line?.clear();
  }

  /** Removes the line and stops drawing. Safe to call more than once. */
  stop(): void {
    this.#stopped = true;
    clearInterval(this.#timer);
    this.#line?.close();
    this.#line = undefined;
  }

  #tick(): void {
    const counts = this.#counts;
    const seconds = process.uptime() - this.#startedAt;
    if (counts === undefined || seconds < delaySeconds) return;
    if (this.#line === undefined) void this.#open();
    else this.#line.show(counts, seconds);
  }

  async #open(): Promise<void> {
    const { openLongQueryLine } = await import('./long-query-line.js');
    if (this.#stopped || this.#line !== undefined) return;
    this.#line = openLongQueryLine(this.#options, process.env);
    if (this.#line === undefined) this.stop();
    else this.#tick();
  }
}
