import { type Column, minimumWidth } from '../protocol/column.js';
import type { RowsTaken, TakeRows } from '../protocol/packets.js';
import type { Format } from './format.js';

/** How the width of a table is measured. */
export interface TableMeasure {
  columnNames: boolean;
  /** Returns the width of a name in cells; by default the number of its bytes. */
  nameWidth?: (name: Uint8Array) => number;
}

/**
 * Returns the width of a table, from the lengths of its longest values, or else from the declared
 * lengths.
 */
export function measureTable(
  columns: readonly Column[],
  maxLengths: ArrayLike<number> | undefined,
  { columnNames, nameWidth = (name) => name.length }: TableMeasure,
): number {
  let width = 1;
  for (const [index, column] of columns.entries()) {
    const value = maxLengths === undefined ? column.length : (maxLengths[index] as number);
    const name = columnNames ? nameWidth(column.name) : 0;
    width += Math.max(name, value, minimumWidth(column)) + 3;
  }
  return width;
}

/**
 * --auto-vertical-output in batch: displays a result set vertically if its table would be wider than the
 * terminal. Observed (`mariadb` 10.11): the client adds up each column's width in bytes plus three,
 * and one for the last border; it applies the rule to tab-separated output, too. For rows that are
 * not stored first it uses the declared lengths.
 */
export class AutoVertical implements Format {
  readonly #horizontal: Format;
  readonly #vertical: Format;
  readonly #columnNames: boolean;
  readonly #terminalWidth: number;
  #chosen: Format;

  constructor(
    horizontal: Format,
    vertical: Format,
    options: { columnNames: boolean; terminalWidth: number },
  ) {
    this.#horizontal = horizontal;
    this.#vertical = vertical;
    this.#columnNames = options.columnNames;
    this.#terminalWidth = options.terminalWidth;
    this.#chosen = horizontal;
  }

  begin(columns: Column[], maxLengths?: ArrayLike<number>): void {
    const width = measureTable(columns, maxLengths, { columnNames: this.#columnNames });
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
