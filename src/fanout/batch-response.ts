import type { Column } from '../protocol/column.js';
import type { RowsTaken, TakeRows } from '../protocol/packets.js';
import type { ResultHandler } from '../protocol/response.js';
import type { WikiAttempt } from './wiki-attempt.js';

export interface BatchResponseOptions {
  /** After so many results a wiki is through, and the next begins; Infinity: `end` says when. */
  results: number;
  /** The database of wiki number `index` is in use: its attempt begins. */
  begin(index: number): WikiAttempt;
  /** All results of an attempt have come. */
  through(attempt: WikiAttempt): void;
}

/**
 * Takes what a server answers where wikis were asked one behind the other, in one breath or in
 * several: for each the OK of its `USE`, then its results.
 */
export class BatchResponse implements ResultHandler {
  readonly #options: BatchResponseOptions;
  #results = 0;
  /** Whose results are coming; undefined: a `USE` is due. */
  current: WikiAttempt | undefined;
  /** Attempts that have begun. */
  begun = 0;

  constructor(options: BatchResponseOptions) {
    this.#options = options;
  }

  ok(): void {
    if (this.current === undefined) this.current = this.#options.begin(this.begun++);
    else this.#result();
  }

  resultSet(columns: Column[]): void {
    this.current?.resultSet(columns);
  }

  row(bytes: Uint8Array, start: number, end: number): void {
    this.current?.row(bytes, start, end);
  }

  takeRows(...chunk: Parameters<TakeRows>): RowsTaken | undefined {
    return this.current?.takeRows(...chunk);
  }

  endOfRows(): void {
    this.#result();
  }

  pressure(): Promise<void> | undefined {
    return this.current?.pressure();
  }

  /** No more answers are due. */
  end(): void {
    const { current } = this;
    this.current = undefined;
    this.#results = 0;
    if (current !== undefined) this.#options.through(current);
  }

  #result(): void {
    if (++this.#results >= this.#options.results) this.end();
  }
}
