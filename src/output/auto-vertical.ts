import { type Column, minimumWidth } from '../protocol/column.js';
import type { RowsTaken, TakeRows } from '../protocol/packets.js';
import type { Format } from './format.js';

/**
 * --auto-vertical-output: displays a result set vertically if its table would be wider than the
 * terminal. Observed (`mariadb` 10.11): the client adds up each column's width in bytes plus three,
 * and one for the last border; it applies the rule to tab-separated output, too. For rows that are
 * not stored first it uses the declared lengths.
 */
export class AutoVertical implements Format {
  readonly #horizontal: Format;
  readonly #vertical: Format;
  readonly #nameWidth: (name: Uint8Array) => number;
  readonly #terminalWidth: number;
  #chosen: Format;

  constructor(
    horizontal: Format,
    vertical: Format,
    options: {
      columnNames: boolean;
      terminalWidth: number;
      /** Returns the width of a name in cells; by default the number of its bytes. */
      nameWidth?: (name: Uint8Array) => number;
    },
  ) {
    this.#horizontal = horizontal;
    this.#vertical = vertical;
    const { nameWidth = (name) => name.length } = options;
    this.#nameWidth = options.columnNames ? nameWidth : () => 0;
    this.#terminalWidth = options.terminalWidth;
    this.#chosen = horizontal;
  }

  begin(columns: Column[], maxLengths?: ArrayLike<number>): void {
    let width = 1;
    columns.forEach((column, index) => {
      const value = maxLengths === undefined ? column.length : (maxLengths[index] as number);
      width += Math.max(this.#nameWidth(column.name), value, minimumWidth(column)) + 3;
    });
    this.#chosen = width > this.#terminalWidth ? this.#vertical : this.#horizontal;
    this.#chosen.begin(columns, maxLengths);
  }

  row(bytes: Uint8Array, start: number, end: number): void {
    this.#chosen.row(bytes, start, end);
  }

  takeRows(...chunk: Parameters<TakeRows>): RowsTaken | undefined {
    return this.#chosen.takeRows(...chunk);
  }

  end(isComplete: boolean): void {
    this.#chosen.end(isComplete);
  }
}
