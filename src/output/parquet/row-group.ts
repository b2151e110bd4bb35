import { getLenencSize, readLenenc } from '../../protocol/lenenc.js';
import { nullMarker } from '../../protocol/row.js';

/** The most bytes (which are kept in memory) and rows of a row group. */
export const maxGroupBytes = 3 * 1024 * 1024;
export const maxGroupRows = 100_000;

const initialSize = 64 * 1024;

/**
 * Stores the rows of one row group as the server sent them. They are read column by column, so that
 * only one column's decoded values are in memory at a time.
 */
export class RowGroup {
  rows = 0;
  #bytes = new Uint8Array(initialSize);
  #used = 0;
  /** The offset of each row's next unread cell. */
  #nextCells = new Uint32Array(1024);

  /** Whether a row of `length` bytes (at most 2 GB) does not fit into the group. */
  isFullFor(length: number): boolean {
    return this.rows === maxGroupRows || (this.rows > 0 && this.#used + length > maxGroupBytes);
  }

  /** Stores a copy of the row `bytes[start … end)`. */
  add(bytes: Uint8Array, start: number, end: number): void {
    const used = this.#used + end - start;
    if (used > this.#bytes.length) this.#grow(used);
    if (this.rows === this.#nextCells.length) {
      const nextCells = new Uint32Array(Math.min(this.rows * 4, maxGroupRows));
      nextCells.set(this.#nextCells);
      this.#nextCells = nextCells;
    }
    this.#bytes.set(bytes.subarray(start, end), this.#used);
    this.#nextCells[this.rows++] = this.#used;
    this.#used = used;
  }

  /**
   * Reads the next column: returns for each row null, or the result of `read` for its next cell,
   * which may be a view of the group's bytes.
   */
  readColumn<T>(read: (bytes: Uint8Array, start: number, end: number) => T): (T | null)[] {
    const values: (T | null)[] = new Array(this.rows);
    const bytes = this.#bytes;
    const nextCells = this.#nextCells;
    for (let row = 0; row < values.length; row++) {
      let position = nextCells[row] as number;
      let length = bytes[position] as number;
      if (length === nullMarker) {
        values[row] = null;
        nextCells[row] = position + 1;
        continue;
      }
      if (length < nullMarker) {
        position++;
      } else {
        length = readLenenc(bytes, position);
        position += getLenencSize(bytes, position);
      }
      values[row] = read(bytes, position, position + length);
      nextCells[row] = position + length;
    }
    return values;
  }

  /** Removes all rows. Values that were read before are no longer valid. */
  clear(): void {
    this.rows = 0;
    this.#used = 0;
    // A single row larger than a group enlarged the buffer.
    if (this.#bytes.length > maxGroupBytes) this.#bytes = new Uint8Array(initialSize);
  }

  #grow(minSize: number): void {
    const size = Math.max(Math.min(this.#bytes.length * 4, maxGroupBytes), minSize);
    const bytes = new Uint8Array(size);
    bytes.set(this.#bytes.subarray(0, this.#used));
    this.#bytes = bytes;
  }
}
