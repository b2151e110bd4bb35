import type { Column } from '../replica/column.js';
import { eachCell } from './cells.js';
import type { Format } from './format.js';
import type { Kept, ShownCells } from './shown-cells.js';

/** The length of a cell as eight bytes, whatever it is: its marker. */
const longLength = 0xfe;
const lengthSize = 9;

/**
 * Writes the cells of rows that have to be made safe on their way to another format. Where the rows
 * were measured first, those columns alone are looked at that hold something unsafe.
 */
export class ShownFormat implements Format {
  readonly #format: Format;
  readonly #cells: ShownCells;
  readonly #keeps: Kept;
  #measured = false;

  /** `cells` must have begun the result set. `keeps`: which control characters stay. */
  constructor(format: Format, cells: ShownCells, keeps: Kept) {
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
    cells.room(lengthSize);
    const head = cells.length;
    cells.length += lengthSize;
    cells.write(bytes, start, end, index, this.#keeps);
    const to = cells.bytes;
    to[head] = longLength;
    let rest = cells.length - head - lengthSize;
    for (let i = 1; i < lengthSize; i++) {
      to[head + i] = rest % 256;
      rest = Math.floor(rest / 256);
    }
  }
}
