import type { Column } from '../protocol/column.js';
import { maxLenencSize, writeLongLenenc } from '../protocol/lenenc.js';
import { leaveRows } from '../protocol/packets.js';
import { eachCell } from '../protocol/row.js';
import type { Format } from './format.js';
import type { KeptControls, SanitizedCells } from './sanitized-cells.js';

/**
 * Writes the cells of rows that have to be made safe on their way to another format. Where the rows
 * were measured first, those columns alone are looked at that hold something unsafe.
 */
export class SanitizingFormat implements Format {
  readonly takeRows = leaveRows;
  readonly #format: Format;
  readonly #cells: SanitizedCells;
  readonly #keeps: KeptControls;
  #measured = false;

  /** `cells` must have begun the result set. `keeps`: which control characters stay. */
  constructor(format: Format, cells: SanitizedCells, keeps: KeptControls) {
    this.#format = format;
    this.#cells = cells;
    this.#keeps = keeps;
  }

  begin(columns: Column[], longest?: ArrayLike<number>): void {
    this.#measured = longest !== undefined;
    this.#format.begin(columns, longest);
  }

  row(bytes: Uint8Array, start: number, end: number): void {
    const cells = this.#cells;
    if (this.#measured && !cells.changesAny) {
      this.#format.row(bytes, start, end);
      return;
    }
    cells.length = 0;
    // What lies from here on was not copied yet.
    let from = start;
    eachCell(bytes, start, end, (cellStart, cellEnd, index) => {
      if (cellStart < 0) {
        this.#copy(bytes, from, from + 1);
        from++;
        return;
      }
      if (this.#measured && !cells.changes(index)) this.#copy(bytes, from, cellEnd);
      else this.#rewrite(bytes, cellStart, cellEnd, index);
      from = cellEnd;
    });
    this.#format.row(cells.bytes, 0, cells.length);
  }

  end(whole: boolean): void {
    this.#format.end(whole);
  }

  #copy(bytes: Uint8Array, start: number, end: number): void {
    const cells = this.#cells;
    cells.room(end - start);
    cells.bytes.set(bytes.subarray(start, end), cells.length);
    cells.length += end - start;
  }

  #rewrite(bytes: Uint8Array, start: number, end: number, index: number): void {
    const cells = this.#cells;
    cells.room(maxLenencSize);
    const head = cells.length;
    cells.length += maxLenencSize;
    cells.write(bytes, start, end, index, this.#keeps);
    writeLongLenenc(cells.bytes, head, cells.length - head - maxLenencSize);
  }
}
