import { type Deferred, deferred } from './deferred.js';

/** Bytes of rows that may wait for the reader before the server is held back. */
const roomy = 256 * 1024;

/** Rows on their way from the server to the reader of an iterator. */
export class RowQueue<R> {
  #rows: R[] = [];
  /** Where the next row stands in #rows. */
  #next = 0;
  /** Bytes that have come since the reader last had nothing to do. */
  #bytes = 0;
  #waiting: Deferred<IteratorResult<R, undefined>>[] = [];
  #end: 'no' | 'yes' | { error: unknown } = 'no';
  #room: Deferred<void> | undefined;

  /** A row has come, of so many bytes. */
  push(row: R, bytes: number): void {
    if (this.#end !== 'no') return;
    const reader = this.#waiting.shift();
    if (reader !== undefined) {
      reader.resolve({ done: false, value: row });
      return;
    }
    this.#rows.push(row);
    this.#bytes += bytes;
  }

  /** No more rows come. */
  end(): void {
    if (this.#end !== 'no') return;
    this.#end = 'yes';
    for (const { resolve } of this.#waiting.splice(0)) resolve({ done: true, value: undefined });
  }

  /** No more rows come, because of an error, which the reader gets behind the rows that are here. */
  fail(error: unknown): void {
    if (this.#end !== 'no') return;
    const [first, ...others] = this.#waiting.splice(0);
    this.#end = first === undefined ? { error } : 'yes';
    first?.reject(error);
    for (const { resolve } of others) resolve({ done: true, value: undefined });
  }

  /** Forgets what has not been read, and lets the server go on. */
  clear(): void {
    this.#rows = [];
    this.#next = 0;
    this.#release();
  }

  /** The next row, when there is one. Rejects with what `fail` was given, once. */
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
    if (typeof this.#end === 'object') {
      const { error } = this.#end;
      this.#end = 'yes';
      return Promise.reject(error);
    }
    if (this.#end === 'yes') return Promise.resolve({ done: true, value: undefined });
    const waiting = deferred<IteratorResult<R, undefined>>();
    this.#waiting.push(waiting);
    return waiting.promise;
  }

  /** A promise as long as more rows wait than should; settled when the reader has taken them. */
  pressure(): Promise<void> | undefined {
    if (this.#bytes < roomy) return undefined;
    this.#room ??= deferred();
    return this.#room.promise;
  }

  #release(): void {
    this.#bytes = 0;
    this.#room?.resolve();
    this.#room = undefined;
  }
}
