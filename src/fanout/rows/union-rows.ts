import { forEachCell } from '../../protocol/row.js';
import { RowBuilder } from '../../protocol/row-builder.js';

/**
 * Reorders a wiki's rows to the columns of the union, with NULL for columns that the wiki does not
 * have.
 */
export class UnionRows {
  readonly #row = new RowBuilder();
  readonly #onRow: (bytes: Uint8Array, start: number, end: number) => void;
  #columnIndexes: readonly number[] = [];
  /** The start and end of each cell of the current row; the start of NULL is −1. */
  #starts: number[] = [];
  #ends: number[] = [];

  /** `onRow` receives each reordered row; its arguments are valid only during the call. */
  constructor(onRow: (bytes: Uint8Array, start: number, end: number) => void) {
    this.#onRow = onRow;
  }

  /** Begins the rows of a wiki. `columnIndexes`: see `ColumnUnion`. */
  begin(columnIndexes: readonly number[]): void {
    this.#columnIndexes = columnIndexes;
    this.#starts = [];
    this.#ends = [];
  }

  row(bytes: Uint8Array, start: number, end: number): void {
    const [starts, ends, row] = [this.#starts, this.#ends, this.#row];
    forEachCell(bytes, start, end, (cellStart, cellEnd, index) => {
      starts[index] = cellStart;
      ends[index] = cellEnd;
    });
    row.begin(end - start + this.#columnIndexes.length);
    for (const columnIndex of this.#columnIndexes) {
      const sourceStart = columnIndex < 0 ? -1 : (starts[columnIndex] ?? -1);
      if (sourceStart < 0) row.addNull();
      else row.add(bytes, sourceStart, ends[columnIndex] ?? sourceStart);
    }
    this.#onRow(row.bytes, 0, row.length);
  }
}
