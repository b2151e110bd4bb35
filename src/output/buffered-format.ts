import type { Column } from '../protocol/column.js';
import { leaveRows } from '../protocol/packets.js';
import type { Format } from './format.js';
import { type Measure, StoredResult } from './stored-result.js';

/**
 * Keeps a result set until its last row has come, for a format that has to know how wide its
 * columns are. As in the client, one that an error ends is never shown.
 */
export class BufferedFormat implements Format {
  readonly takeRows = leaveRows;
  readonly #format: Format;
  readonly #showEmpty: boolean;
  readonly #measure: Measure | undefined;
  #columns: Column[] = [];
  #rows = new StoredResult(0);

  /**
   * `showEmpty`: a result set without rows is shown too. `measure`: what `longest` counts, if not
   * bytes.
   */
  constructor(format: Format, showEmpty: boolean, measure?: Measure) {
    this.#format = format;
    this.#showEmpty = showEmpty;
    this.#measure = measure;
  }

  begin(columns: Column[]): void {
    this.#columns = columns;
    this.#rows = new StoredResult(columns.length, this.#measure);
  }

  row(bytes: Uint8Array, start: number, end: number): void {
    this.#rows.add(bytes, start, end);
  }

  end(whole: boolean): void {
    const rows = this.#rows;
    this.#rows = new StoredResult(0);
    if (!whole || (rows.count === 0 && !this.#showEmpty)) return;
    const format = this.#format;
    format.begin(this.#columns, rows.longest);
    rows.drain((bytes, start, end) => format.row(bytes, start, end));
    format.end(true);
  }
}
