import { clusters, type WidthRules } from '../text/width.js';
import type { Rendition } from './styles.js';

/** One grapheme on the screen. */
export interface ScreenCell {
  text: string;
  /** The number of columns that it occupies. */
  width: number;
  /** True if all terminals agree about `width`. */
  isWidthCertain: boolean;
  rendition: Rendition;
}

/** A row of the screen. */
export interface ScreenRow {
  cells: ScreenCell[];
  /** The number of columns that the cells occupy. */
  width: number;
  /** True if the row is full and its line continues in the next row: the terminal wraps it itself. */
  wraps: boolean;
}

/** A position on the screen, counted from 0, the frame's first row and column. */
export interface ScreenPosition {
  row: number;
  column: number;
}

/** Everything that the editor shows: rows of at most the screen's width, and the cursor. */
export interface Frame {
  rows: readonly ScreenRow[];
  cursor: ScreenPosition;
  /**
   * The number of rows below the cursor's row that belong to it: a menu. They are visible with it if
   * the frame is taller than the screen.
   */
  rowsAtCursor: number;
}

/** Breaks text into rows of at most `width` columns, grapheme by grapheme. */
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

  /** The position of the next cell. */
  get position(): ScreenPosition {
    return { row: this.rows.length - 1, column: this.#row.width };
  }

  /**
   * Appends text without line breaks. `renditionAt` returns the rendition of the grapheme at an
   * offset. Returns the position of the grapheme that contains the offset `cursor`, if there is one.
   */
  append(
    text: string,
    renditionAt: (offset: number) => Rendition,
    cursor?: number,
  ): ScreenPosition | undefined {
    let found: ScreenPosition | undefined;
    for (const { start, end, shown, cells, isWidthCertain } of clusters(text, this.#rules)) {
      const rendition = renditionAt(start);
      // The placeholder of a non-printing character, such as `^[`, may wrap between its characters.
      const parts =
        isWidthCertain && cells > 1 && shown.length === cells ? shown.split('') : [shown];
      for (const [index, part] of parts.entries()) {
        this.#appendCell({
          text: part,
          width: cells / parts.length,
          isWidthCertain,
          rendition,
        });
        if (index === 0 && cursor !== undefined && start <= cursor && cursor < end) {
          found = { row: this.rows.length - 1, column: this.#row.width - cells / parts.length };
        }
      }
    }
    return found;
  }

  /** Starts a new row. */
  startRow(): void {
    this.#row = this.#newRow();
  }

  /** Starts a new row if this one is full, so that the cursor has a column after the text. */
  ensureFreeColumn(): void {
    if (this.#row.width >= this.#width) this.startRow();
  }

  #appendCell(cell: ScreenCell): void {
    if (this.#row.width + cell.width > this.#width) {
      const row = this.#row;
      // A terminal may disagree about an uncertain width; then it must not wrap the row itself.
      row.wraps =
        row.width === this.#width && row.cells.every(({ isWidthCertain }) => isWidthCertain);
      this.#row = this.#newRow();
    }
    this.#row.cells.push(cell);
    this.#row.width += cell.width;
  }

  #newRow(): ScreenRow {
    const row: ScreenRow = { cells: [], width: 0, wraps: false };
    this.rows.push(row);
    return row;
  }
}
