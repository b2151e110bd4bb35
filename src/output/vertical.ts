import type { Column } from '../protocol/column.js';
import { leaveRows } from '../protocol/packets.js';
import { eachCell } from '../protocol/row.js';
import { appendRepeated, appendWithoutNul } from './append-text.js';
import { type Format, plainNull, type ShownTexts } from './format.js';
import type { OutputBuffer } from './output-buffer.js';

export interface VerticalOptions extends ShownTexts {
  columnNames: boolean;
}

/**
 * One line a cell, as `mariadb --vertical` and `\G` write it (10.11, observed): a line of stars
 * with the row's number, then names, right-aligned by their bytes, and values. NUL is shown as a
 * space, nothing is escaped. Without column names the values stand alone.
 */
export class VerticalFormat implements Format {
  readonly takeRows = leaveRows;
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
    this.#nullText = options.nullText ?? plainNull;
  }

  begin(columns: Column[]): void {
    this.#columns = columns;
    this.#longestName = Math.max(...columns.map(({ name }) => this.#nameWidth(name)));
    this.#rows = 0;
  }

  row(bytes: Uint8Array, start: number, end: number): void {
    const stars = '*'.repeat(27);
    this.#out.appendText(`${stars} ${++this.#rows}. row ${stars}\n`);
    eachCell(bytes, start, end, (cellStart, cellEnd, index) => {
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
