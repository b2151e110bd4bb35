import type { Column } from '../protocol/column.js';
import type { RowsTaken, TakeRows } from '../protocol/packets.js';
import { measureTable, type TableMeasure } from './auto-vertical.js';
import type { Format } from './format.js';

/**
 * The shape of an output on the screen: a table, a table that is wider than the screen, or text, of
 * which long lines are wrapped, such as vertical output.
 */
export type ScreenShape = 'table' | 'wide table' | 'text';

export interface ScreenShapeOptions extends TableMeasure {
  /** Show a result vertically if its table is too wide and it has few rows. */
  autoVertical: boolean;
  terminalWidth: number;
  /** The lines of the screen that a result can fill. */
  terminalLines: number;
  /** Receives the shape of each result set before its rows are written. */
  onShape(shape: ScreenShape): void;
}

/**
 * Shows a result set as a table or, if its table would be wider than the screen, vertically: only one
 * row, or as many as fit on the screen then. Otherwise a table is easier to read, in a pager that
 * scrolls sideways. A result whose number of rows is not known (--quick) is a table.
 */
export class ScreenShapeFormat implements Format {
  readonly #table: Format;
  readonly #vertical: Format;
  readonly #options: ScreenShapeOptions;
  #chosen: Format;

  constructor(table: Format, vertical: Format, options: ScreenShapeOptions) {
    this.#table = table;
    this.#vertical = vertical;
    this.#options = options;
    this.#chosen = table;
  }

  begin(columns: Column[], maxLengths?: ArrayLike<number>, rowCount?: number): void {
    const { autoVertical, terminalWidth, terminalLines, onShape } = this.#options;
    const isWide = measureTable(columns, maxLengths, this.#options) > terminalWidth;
    const verticalLines = (rowCount ?? Number.POSITIVE_INFINITY) * (columns.length + 1);
    const isShort = rowCount === 1 || verticalLines <= terminalLines;
    const isVertical = autoVertical && isWide && isShort;
    this.#chosen = isVertical ? this.#vertical : this.#table;
    onShape(isVertical ? 'text' : isWide ? 'wide table' : 'table');
    this.#chosen.begin(columns, maxLengths, rowCount);
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
