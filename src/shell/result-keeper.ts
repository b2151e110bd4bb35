import type { ResultHandler } from '../protocol/response.js';
import { KeptResult, type KeptStatement } from './kept-result.js';

/** Keeps the results of the last statement that had rows, for `\again`. */
export class ResultKeeper {
  /** The last complete result; its `problem` is set if it could not be kept. */
  last: KeptResult | undefined;
  /** Set while the shell asks for something itself: the last result of the user stays. */
  isPaused = false;
  #current: KeptResult | undefined;

  /** Whether the rows of the running statement are being kept. */
  get isKeeping(): boolean {
    return this.#current !== undefined && this.#current.problem === undefined;
  }

  /** Returns what the summary says about a result that is not kept; empty if it is kept. */
  get note(): string {
    const problem = this.#current?.problem;
    return problem === undefined ? '' : `, not kept for \\again: ${problem}`;
  }

  /** Returns a handler that passes the results of a statement on, and keeps those with rows. */
  record(statement: KeptStatement, handler: ResultHandler): ResultHandler {
    this.#current = undefined;
    if (this.isPaused) return handler;
    return {
      ok: (ok) => {
        this.#current?.addOk(ok);
        handler.ok(ok);
      },
      resultSet: (columns) => {
        this.#begin(statement).begin(columns);
        handler.resultSet(columns);
      },
      row: (bytes, start, end) => {
        this.#current?.addRow(bytes, start, end);
        handler.row(bytes, start, end);
      },
      takeRows: (bytes, start, end, longest, columns) => {
        const taken = handler.takeRows(bytes, start, end, longest, columns);
        if (taken !== undefined) this.#current?.addPackets(bytes, start, taken.end);
        return taken;
      },
      endOfRows: (warnings) => {
        this.#current?.end(warnings);
        handler.endOfRows(warnings);
      },
      backPressure: () => handler.backPressure(),
      progress: (progress) => handler.progress?.(progress),
    };
  }

  /**
   * Call this after the statement. The result of a statement that failed is not kept; the one before it
   * then stays.
   */
  finish(isComplete: boolean): void {
    const current = this.#current;
    this.#current = undefined;
    if (current === undefined) return;
    const outdated = isComplete ? this.last : current;
    if (isComplete) this.last = current;
    outdated?.drop('');
  }

  #begin(statement: KeptStatement): KeptResult {
    if (this.#current !== undefined) return this.#current;
    // A copy, because the bytes of a statement are valid only until the next one.
    const { sql, untrimmed, characterSet } = statement;
    const copied = { sql: sql.slice(), untrimmed: untrimmed.slice(), characterSet };
    this.#current = new KeptResult(copied);
    return this.#current;
  }
}
