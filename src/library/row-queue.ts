import { createDeferred, type Deferred } from './deferred.js';

/** Bytes of unread rows above which the server is held back. */
const highWaterMark = 256 * 1024;

/** A queue of rows between the server and the reader of an async iterator. */
export class RowQueue<R> {
  #rows: R[] = [];
  /** The index of the next row in `#rows`. */
  #next = 0;
  /** Bytes that were added since the queue was last empty. */
  #bytes = 0;
  #waitingReaders: Deferred<IteratorResult<R, undefined>>[] = [];
  #ended: 'no' | 'yes' | { error: unknown } = 'no';
  #drained: Deferred<void> | undefined;

  /** Adds a row of `bytes` bytes. */
  push(row: R, bytes: number): void {
    if (this.#ended !== 'no') return;
    const reader = this.#waitingReaders.shift();
    if (reader !== undefined) {
      reader.resolve({ done: false, value: row });
      return;
    }
    this.#rows.push(row);
    this.#bytes += bytes;
  }

  /** Ends the queue after the rows that are in it. */
  end(): void {
    if (this.#ended !== 'no') return;
    this.#ended = 'yes';
    for (const { resolve } of this.#waitingReaders.splice(0))
      resolve({ done: true, value: undefined });
  }

  /** Ends the queue with an error, which the reader gets after the rows that are in it. */
  fail(error: unknown): void {
    if (this.#ended !== 'no') return;
    const [first, ...others] = this.#waitingReaders.splice(0);
    this.#ended = first === undefined ? { error } : 'yes';
    first?.reject(error);
    for (const { resolve } of others) resolve({ done: true, value: undefined });
  }

  /** Discards the unread rows and releases the server. */
  clear(): void {
    this.#rows = [];
    this.#next = 0;
    this.#release();
  }

  /** Resolves to the next row as soon as there is one. Rejects once with the error of `fail`. */
  next(): Promise<IteratorResult<R, undefined>> {
    if (this.#next < this.#rows.length) {
      const value = this.#rows[this.#next++] as R;
      if (this.#next === this.#rows.length) {
        this.#rows = [];
        this.#next = 0;
        this.#release();
      }
      return Promise.resolve({ done: false, value });
    }
    if (typeof this.#ended === 'object') {
      const { error } = this.#ended;
      this.#ended = 'yes';
      return Promise.reject(error);
    }
    if (this.#ended === 'yes') return Promise.resolve({ done: true, value: undefined });
    const waiting = createDeferred<IteratorResult<R, undefined>>();
    this.#waitingReaders.push(waiting);
    return waiting.promise;
  }

  /**
   * Returns a promise while the queue exceeds its limit; it resolves when the reader has emptied the
   * queue.
   */
  backPressure(): Promise<void> | undefined {
    if (this.#bytes < highWaterMark) return undefined;
    this.#drained ??= createDeferred();
    return this.#drained.promise;
  }

  #release(): void {
    this.#bytes = 0;
    this.#drained?.resolve();
    this.#drained = undefined;
  }
}
