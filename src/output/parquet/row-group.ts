import { lenencSize, lenencValue } from '../../protocol/lenenc.js';
import { nullMarker } from '../../protocol/row.js';

/** A group ends when it has as many bytes, or as many rows: the former are kept in memory. */
export const groupBytes = 3 * 1024 * 1024;
export const groupRows = 100_000;

const firstSize = 64 * 1024;

/**
 * The rows of one group as the server sent them. They are read column by column, so that at any time
 * only one column's values take memory as values.
 */
export class RowGroup {
  rows = 0;
  #bytes = new Uint8Array(firstSize);
  #used = 0;
  /** Of each row, where the cell begins that is read next. */
  #next = new Uint32Array(1024);

  /** Whether a row of `length` bytes, at most 2 GB, is one too many. */
  isFullFor(length: number): boolean {
    return this.rows === groupRows || (this.rows > 0 && this.#used + length > groupBytes);
  }

  /** Keeps a copy of the row `bytes[start … end)`. */
  add(bytes: Uint8Array, start: number, end: number): void {
    const used = this.#used + end - start;
    if (used > this.#bytes.length) this.#grow(used);
    if (this.rows === this.#next.length) {
      const next = new Uint32Array(Math.min(this.rows * 4, groupRows));
      next.set(this.#next);
      this.#next = next;
    }
    this.#bytes.set(bytes.subarray(start, end), this.#used);
    this.#next[this.rows++] = this.#used;
    this.#used = used;
  }

  /**
   * Reads the next column: of each row the next cell, null or what `read` makes of it, which may be a
   * part of the group's own bytes.
   */
  column<T>(read: (bytes: Uint8Array, start: number, end: number) => T): (T | null)[] {
    const values: (T | null)[] = new Array(this.rows);
    const bytes = this.#bytes;
    const next = this.#next;
    for (let row = 0; row < values.length; row++) {
      let at = next[row] as number;
      let length = bytes[at] as number;
      if (length === nullMarker) {
        values[row] = null;
        next[row] = at + 1;
        continue;
      }
      if (length < nullMarker) {
        at++;
      } else {
        length = lenencValue(bytes, at);
        at += lenencSize(bytes, at);
      }
      values[row] = read(bytes, at, at + length);
      next[row] = at + length;
    }
    return values;
  }

  /** Forgets all rows. What was read of them must not be used any more. */
  clear(): void {
    this.rows = 0;
    this.#used = 0;
    // That of a row which was larger than a group should be.
    if (this.#bytes.length > groupBytes) this.#bytes = new Uint8Array(firstSize);
  }

  #grow(least: number): void {
    const size = Math.max(Math.min(this.#bytes.length * 4, groupBytes), least);
    const bytes = new Uint8Array(size);
    bytes.set(this.#bytes.subarray(0, this.#used));
    this.#bytes = bytes;
  }
}
