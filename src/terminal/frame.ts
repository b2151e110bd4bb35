import { clusters, type WidthRules } from '../text/width.js';
import type { Rendition } from './styles.js';

/** What is painted at one place of the screen. */
export interface ScreenCell {
  shown: string;
  /** Columns that it takes. */
  cells: number;
  /** All terminals agree about `cells`. */
  sure: boolean;
  rendition: Rendition;
}

/** A row of the screen. */
export interface ScreenRow {
  cells: ScreenCell[];
  /** Columns taken. */
  width: number;
  /** The row is full, and the next one goes on with it: a terminal breaks it there by itself. */
  wraps: boolean;
}

/** A place on the screen, counted from the frame's first row and column, which are 0. */
export interface ScreenPosition {
  row: number;
  column: number;
}

/** All that the editor shows: rows of at most the screen's width, and where the cursor is. */
export interface Frame {
  rows: readonly ScreenRow[];
  cursor: ScreenPosition;
  /** Of a frame that is taller than the screen, the last rows are to be seen. */
  endMatters: boolean;
}

/** Puts text into rows of a width in columns, cluster by cluster. */
export class FrameBuilder {
  readonly rows: ScreenRow[] = [];
  readonly #width: number;
  readonly #rules: WidthRules;
  #row: ScreenRow;

  constructor(width: number, rules: WidthRules) {
    this.#width = Math.max(width, 2);
    this.#rules = rules;
    this.#row = this.#newRow();
  }

  /** Where the next cell of one column goes. */
  get place(): ScreenPosition {
    return { row: this.rows.length - 1, column: this.#row.width };
  }

  /**
   * Appends text without line breaks. `renditionAt` tells how what begins at an offset is shown;
   * gives the place of the cluster that holds `cursor`, if it is in the text.
   */
  text(
    text: string,
    renditionAt: (offset: number) => Rendition,
    cursor?: number,
  ): ScreenPosition | undefined {
    let found: ScreenPosition | undefined;
    for (const { start, end, shown, cells, sure } of clusters(text, this.#rules)) {
      const rendition = renditionAt(start);
      // A picture of something unseen is several characters: they need not stay together.
      const parts = sure && cells > 1 && shown.length === cells ? shown.split('') : [shown];
      for (const [index, part] of parts.entries()) {
        this.#put({ shown: part, cells: cells / parts.length, sure, rendition });
        if (index === 0 && cursor !== undefined && start <= cursor && cursor < end) {
          found = { row: this.rows.length - 1, column: this.#row.width - cells / parts.length };
        }
      }
    }
    return found;
  }

  /** Goes on in a new row. */
  break(): void {
    this.#row = this.#newRow();
  }

  /** Goes on in a new row if this one is full, so that the cursor has a place behind the text. */
  makeRoom(): void {
    if (this.#row.width >= this.#width) this.break();
  }

  #put(cell: ScreenCell): void {
    if (this.#row.width + cell.cells > this.#width) {
      const row = this.#row;
      // Where the terminal may count otherwise, it is not left to break the row by itself.
      row.wraps = row.width === this.#width && row.cells.every(({ sure }) => sure);
      this.#row = this.#newRow();
    }
    this.#row.cells.push(cell);
    this.#row.width += cell.cells;
  }

  #newRow(): ScreenRow {
    const row: ScreenRow = { cells: [], width: 0, wraps: false };
    this.rows.push(row);
    return row;
  }
}
