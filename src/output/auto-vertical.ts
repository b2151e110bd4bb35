import { type Column, leastWidth } from '../protocol/column.js';
import type { RowsTaken, TakeRows } from '../protocol/packets.js';
import type { Format } from './format.js';

/**
 * --auto-vertical-output: a result set whose table would be wider than the terminal is shown
 * vertically (`mariadb` 10.11, observed): `+ value ` and two blanks for each column, by bytes, and a
 * last `+`; also where it would not be a table but tab-separated. Of rows that are not stored first
 * the declared lengths count.
 */
export class AutoVertical implements Format {
  readonly #plain: Format;
  readonly #vertical: Format;
  readonly #nameWidth: (name: Uint8Array) => number;
  readonly #terminalWidth: number;
  #chosen: Format;

  constructor(
    plain: Format,
    vertical: Format,
    options: {
      columnNames: boolean;
      terminalWidth: number;
      /** How wide a name makes its column, if not by its bytes. */
      nameWidth?: (name: Uint8Array) => number;
    },
  ) {
    this.#plain = plain;
    this.#vertical = vertical;
    const { nameWidth = (name) => name.length } = options;
    this.#nameWidth = options.columnNames ? nameWidth : () => 0;
    this.#terminalWidth = options.terminalWidth;
    this.#chosen = plain;
  }

  begin(columns: Column[], longest?: ArrayLike<number>): void {
    let width = 1;
    columns.forEach((column, index) => {
      const value = longest === undefined ? column.length : (longest[index] as number);
      width += Math.max(this.#nameWidth(column.name), value, leastWidth(column)) + 3;
    });
    this.#chosen = width > this.#terminalWidth ? this.#vertical : this.#plain;
    this.#chosen.begin(columns, longest);
  }

  row(bytes: Uint8Array, start: number, end: number): void {
    this.#chosen.row(bytes, start, end);
  }

  takeRows(...chunk: Parameters<TakeRows>): RowsTaken | undefined {
    return this.#chosen.takeRows(...chunk);
  }

  end(whole: boolean): void {
    this.#chosen.end(whole);
  }
}
