import type { Statement } from '../script/item.js';
import type { LongQueryLine, LongQueryOptions } from './long-query-line.js';
import type { StatementCounts, StatementWatch } from './statement-watch.js';

/** Seconds that a statement may run before anything is told: most end sooner. */
const patience = 1;
/** Milliseconds. */
const interval = 250;

/**
 * Shows on a terminal behind standard error how far a statement is that takes longer than a second.
 * Whether there is such a terminal is looked at only then, and what draws is loaded then.
 */
export class LongQuery implements StatementWatch {
  readonly #options: LongQueryOptions;
  #timer: NodeJS.Timeout | undefined;
  #counts: StatementCounts | undefined;
  /** Seconds of `process.uptime`. */
  #since = 0;
  #line: LongQueryLine | undefined;
  #stopped = false;

  constructor(options: LongQueryOptions) {
    this.#options = options;
  }

  begin(_statement: Statement, counts: StatementCounts): void {
    // One timer for all statements: it costs each of a million nothing.
    if (!this.#stopped) this.#timer ??= setInterval(() => this.#tick(), interval).unref();
    this.#since = process.uptime();
    this.#counts = counts;
  }

  end(): void {
    this.#counts = undefined;
    this.#line?.clear();
  }

  /** Nothing is drawn any more, and what was is taken away. Safe to call again. */
  stop(): void {
    this.#stopped = true;
    clearInterval(this.#timer);
    this.#line?.close();
    this.#line = undefined;
  }

  #tick(): void {
    const counts = this.#counts;
    const seconds = process.uptime() - this.#since;
    if (counts === undefined || seconds < patience) return;
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
