import type { Column } from '../protocol/column.js';
import type { RowsTaken, TakeRows } from '../protocol/packets.js';
import type { Ok, ResultHandler } from '../protocol/response.js';
import { malformedPacketError } from '../protocol/sql-error.js';
import type { WikiAttempt } from './wiki-attempt.js';

export interface BatchResponseOptions {
  /** The number of results after which the next wiki begins; Infinity if the caller calls `end`. */
  resultsPerWiki: number;
  /** Returns the database of wiki number `index`. */
  databaseOf(index: number): string;
  /** Begins the attempt at wiki number `index`, whose database is now in use. */
  beginAttempt(index: number): WikiAttempt;
  /** Called when all results of an attempt have arrived. */
  endAttempt(attempt: WikiAttempt): void;
  /** Called when the server is held back until the promise is settled. */
  onHold(wait: Promise<void>): void;
}

/**
 * Splits the response to a batch into attempts: for each wiki one OK for its `USE`, then its
 * results. The queries of the batch may be sent in one round trip or in several. Throws SqlError
 * 2027 if results are missing: if the database that the server reports with a `USE` is not that of
 * the next wiki, or a result set comes without a `USE`.
 */
export class BatchResponse implements ResultHandler {
  readonly #options: BatchResponseOptions;
  #results = 0;
  /** The attempt whose results are arriving; undefined if the OK of a `USE` comes next. */
  current: WikiAttempt | undefined;
  /** The number of attempts that have begun. */
  attemptsBegun = 0;

  constructor(options: BatchResponseOptions) {
    this.#options = options;
  }

  ok({ database }: Pick<Ok, 'database'>): void {
    if (this.current !== undefined) {
      // This is the next wiki's USE; the statements of the script do not change the database.
      if (database !== undefined) throw malformedPacketError('later');
      this.#countResult();
      return;
    }
    const expected = Buffer.from(this.#options.databaseOf(this.attemptsBegun));
    if (database !== undefined && !expected.equals(database)) throw malformedPacketError('later');
    this.current = this.#options.beginAttempt(this.attemptsBegun++);
  }

  resultSet(columns: Column[]): void {
    if (this.current === undefined) throw malformedPacketError('later');
    this.current.resultSet(columns);
  }

  row(bytes: Uint8Array, start: number, end: number): void {
    this.current?.row(bytes, start, end);
  }

  takeRows(...chunk: Parameters<TakeRows>): RowsTaken | undefined {
    return this.current?.takeRows(...chunk);
  }

  endOfRows(): void {
    this.#countResult();
  }

  backPressure(): Promise<void> | undefined {
    const wait = this.current?.backPressure();
    if (wait !== undefined) this.#options.onHold(wait);
    return wait;
  }

  /** Ends the current attempt: the server sends no more results for it. */
  end(): void {
    const { current } = this;
    this.current = undefined;
    this.#results = 0;
    if (current !== undefined) this.#options.endAttempt(current);
  }

  #countResult(): void {
    if (++this.#results >= this.#options.resultsPerWiki) this.end();
  }
}
