import type { Column } from '../replica/column.js';
import { eachCell } from './cells.js';
import type { Format } from './format.js';
import type { OutputBuffer } from './output-buffer.js';
import { appendRepeated, appendShown } from './printable.js';

/**
 * One line a cell, as `mariadb --vertical` and `\G` write it (10.11, observed): a line of stars
 * with the row's number, then names, right-aligned by their bytes, and values. NUL is shown as a
 * space, nothing is escaped. Without column names the values stand alone.
 */
export class VerticalFormat implements Format {
  readonly #out: OutputBuffer;
  readonly #columnNames: boolean;
  #columns: Column[] = [];
  #nameWidth = 0;
  #rows = 0;

  constructor(out: OutputBuffer, options: { columnNames: boolean }) {
    this.#out = out;
    this.#columnNames = options.columnNames;
  }

  begin(columns: Column[]): void {
    this.#columns = columns;
    this.#nameWidth = Math.max(...columns.map(({ name }) => name.length));
    this.#rows = 0;
  }

  row(bytes: Uint8Array, start: number, end: number): void {
    const stars = '*'.repeat(27);
    this.#out.appendText(`${stars} ${++this.#rows}. row ${stars}\n`);
    eachCell(bytes, start, end, (cellStart, cellEnd, index) => {
      if (this.#columnNames) this.#writeName(this.#columns[index] as Column);
      if (cellStart < 0) this.#out.appendText('NULL');
      else appendShown(this.#out, bytes, cellStart, cellEnd);
      this.#out.appendText('\n');
    });
  }

  end(): void {}

  #writeName({ name }: Column): void {
    appendRepeated(this.#out, 0x20, this.#nameWidth - name.length);
    this.#out.append(name);
    this.#out.appendText(': ');
  }
}
