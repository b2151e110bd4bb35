import type { Column } from '../protocol/column.js';
import { takeNoRows } from '../protocol/packets.js';
import { forEachCell } from '../protocol/row.js';
import { appendRepeated, appendWithoutNul } from './append-text.js';
import { clientNullText, type DisplayOptions, type Format } from './format.js';
import type { OutputBuffer } from './output-buffer.js';

export interface VerticalOptions extends DisplayOptions {
  columnNames: boolean;
}

/**
 * Writes one line per cell as `mariadb --vertical` and `\G` do (observed: 10.11): a line of stars
 * with the row number, then the names, right-aligned by their bytes, and the values. NUL is written
 * as a space; nothing is escaped. Without column names only the values are written.
 */
export class VerticalFormat implements Format {
  readonly takeRows = takeNoRows;
  readonly #out: OutputBuffer;
  readonly #columnNames: boolean;
  readonly #nameWidth: (name: Uint8Array) => number;
  readonly #nullText: Uint8Array;
  #columns: Column[] = [];
  #longestName = 0;
  #rows = 0;

  constructor(out: OutputBuffer, options: VerticalOptions) {
    this.#out = out;
    this.#columnNames = options.columnNames;
    this.#nameWidth = options.nameWidth ?? ((name) => name.length);
    this.#nullText = options.nullText ?? clientNullText;
  }

  begin(columns: Column[]): void {
    this.#columns = columns;
    this.#longestName = Math.max(...columns.map(({ name }) => this.#nameWidth(name)));
    this.#rows = 0;
  }

  row(bytes: Uint8Array, start: number, end: number): void {
    const stars = '*'.repeat(27);
    this.#out.appendText(`${stars} ${++this.#rows}. row ${stars}\n`);
    forEachCell(bytes, start, end, (cellStart, cellEnd, index) => {
      if (this.#columnNames) this.#writeName(this.#columns[index] as Column);
      if (cellStart < 0) this.#out.append(this.#nullText);
      else appendWithoutNul(this.#out, bytes, cellStart, cellEnd);
      this.#out.appendText('\n');
    });
  }

  end(): void {}

  #writeName({ name }: Column): void {
    appendRepeated(this.#out, 0x20, this.#longestName - this.#nameWidth(name));
    this.#out.append(name);
    this.#out.appendText(': ');
  }
}
