import type { Column } from '../protocol/column.js';
import { takeNoRows } from '../protocol/packets.js';
import type { Format } from './format.js';
import { type MeasureCell, StoredResult } from './stored-result.js';

/**
 * Stores a result set until its last row arrives, for a format that needs the column widths first.
 * Like the client, it never displays a result set that an error ends.
 */
export class BufferedFormat implements Format {
  readonly takeRows = takeNoRows;
  readonly #format: Format;
  readonly #showEmpty: boolean;
  readonly #measureCell: MeasureCell | undefined;
  #columns: Column[] = [];
  #rows = new StoredResult(0);

  /**
   * `showEmpty`: display result sets without rows, too. `measureCell`: measures values for
   * `maxLengths`, by default in bytes.
   */
  constructor(format: Format, showEmpty: boolean, measureCell?: MeasureCell) {
    this.#format = format;
    this.#showEmpty = showEmpty;
    this.#measureCell = measureCell;
  }

  begin(columns: Column[]): void {
    this.#columns = columns;
    this.#rows = new StoredResult(columns.length, this.#measureCell);
  }

  row(bytes: Uint8Array, start: number, end: number): void {
    this.#rows.add(bytes, start, end);
  }

  end(isComplete: boolean): void {
    const rows = this.#rows;
    this.#rows = new StoredResult(0);
    if (!isComplete || (rows.count === 0 && !this.#showEmpty)) return;
    const format = this.#format;
    format.begin(this.#columns, rows.maxLengths, rows.count);
    rows.drain((bytes, start, end) => format.row(bytes, start, end));
    format.end(true);
  }
}
