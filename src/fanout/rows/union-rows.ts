import { eachCell } from '../../protocol/row.js';
import { RowBuilder } from '../../protocol/row-builder.js';

/** Puts rows of a wiki into the order of the union's columns, with NULL for what the wiki lacks. */
export class UnionRows {
  readonly #row = new RowBuilder();
  readonly #onRow: (bytes: Uint8Array, start: number, end: number) => void;
  #places: readonly number[] = [];
  /** Where each cell of the row at hand begins and ends; NULL begins at −1. */
  #starts: number[] = [];
  #ends: number[] = [];

  /** `onRow` takes what comes of a row: lent until it returns. */
  constructor(onRow: (bytes: Uint8Array, start: number, end: number) => void) {
    this.#onRow = onRow;
  }

  /** The rows that come next are those of a wiki with these places, see `Union`. */
  begin(places: readonly number[]): void {
    this.#places = places;
    this.#starts = [];
    this.#ends = [];
  }

  row(bytes: Uint8Array, start: number, end: number): void {
    const [starts, ends, row] = [this.#starts, this.#ends, this.#row];
    eachCell(bytes, start, end, (cellStart, cellEnd, index) => {
      starts[index] = cellStart;
      ends[index] = cellEnd;
    });
    row.begin(end - start + this.#places.length);
    for (const place of this.#places) {
      const from = place < 0 ? -1 : (starts[place] ?? -1);
      if (from < 0) row.addNull();
      else row.add(bytes, from, ends[place] ?? from);
    }
    this.#onRow(row.bytes, 0, row.length);
  }
}
