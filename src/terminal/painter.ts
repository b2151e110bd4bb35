import type { Frame, ScreenCell, ScreenPosition, ScreenRow } from './frame.js';

/** The size of the terminal. */
export interface Screen {
  columns: number;
  rows: number;
}

/**
 * Brings frames to the screen, one over the other, and writes only what differs. It knows where the
 * cursor is, since nothing else is written meanwhile, and never asks the terminal.
 */
export class Painter {
  readonly #write: (sequence: string) => void;
  #screen: Screen = { columns: 0, rows: 0 };
  #shown: readonly ScreenRow[] = [];
  #cursor: ScreenPosition = { row: 0, column: 0 };
  /** The frame's first row that is on the screen, if it is taller than the screen. */
  #top = 0;

  /** `write` gets text with escape sequences, for the terminal. */
  constructor(write: (sequence: string) => void) {
    this.#write = write;
  }

  /** Shows a frame, or of a frame that is taller than the screen the part around the cursor. */
  paint(frame: Frame, screen: Screen): void {
    this.#takeSize(screen);
    const { rows, cursor, endMatters } = frame;
    const fits = Math.max(screen.rows, 1);
    const last = Math.max(rows.length - fits, 0);
    this.#top = Math.min(endMatters ? last : this.#top, cursor.row, last);
    this.#top = Math.max(this.#top, cursor.row - fits + 1);
    const visible = rows.slice(this.#top, this.#top + fits);
    this.#show(visible, { row: cursor.row - this.#top, column: cursor.column });
  }

  /**
   * Shows a last frame, all of it, followed by `suffix`, and leaves it on the screen: what is painted
   * next begins where the suffix ends.
   */
  finish(frame: Frame, screen: Screen, suffix: string): void {
    this.#takeSize(screen);
    const { rows } = frame;
    const end = { row: rows.length - 1, column: rows.at(-1)?.width ?? 0 };
    if (rows.length > screen.rows) this.#write(this.#clearAll());
    this.#show(rows, end);
    this.#write(suffix);
    this.startAnew();
  }

  /** Takes all that was painted off the screen; what is painted next begins where it began. */
  clear(): void {
    this.#write(this.#clearAll());
  }

  /** Something else was written: the next frame begins where the cursor is, at the start of a row. */
  startAnew(): void {
    this.#shown = [];
    this.#cursor = { row: 0, column: 0 };
    this.#top = 0;
  }

  /**
   * If the screen has another size, what was painted is taken off it. A terminal breaks rows anew
   * that it had broken by itself, and rows that have become too long (xterm and the console cut
   * these).
   */
  #takeSize(screen: Screen): void {
    const { columns, rows } = this.#screen;
    this.#screen = { columns: screen.columns, rows: screen.rows };
    if (this.#shown.length === 0 || (columns === screen.columns && rows === screen.rows)) return;
    const row = rowAfterBreaking(this.#shown, this.#cursor, screen.columns);
    this.#cursor = { row, column: 0 };
    this.clear();
  }

  #clearAll(): string {
    const up = this.#cursor.row > 0 ? `\x1b[${this.#cursor.row}A` : '';
    this.startAnew();
    // Not from the first column on: tmux keeps what it takes for a screen that is cleared as a whole.
    return `${up}\r \x1b[J\r\x1b[K`;
  }

  #show(rows: readonly ScreenRow[], cursor: ScreenPosition): void {
    const pen = new Pen(this.#cursor, Math.max(this.#shown.length - 1, 0));
    const shown = this.#shown.slice();
    for (const [index, row] of rows.entries()) {
      if (shown[index]?.wraps !== true || row.wraps) continue;
      // A terminal forgets that it had broken a row by itself only when all of it is erased.
      pen.goTo({ row: index, column: 0 });
      pen.eraseLine();
      shown[index] = { cells: [], width: 0, wraps: false };
    }
    let flowsOn = false;
    for (const [index, row] of rows.entries()) {
      const before = shown[index];
      const from = flowsOn ? 0 : firstDifference(before, row);
      if (from === undefined) continue;
      const hasRest = before !== undefined && leavesRest(before, row);
      if (!flowsOn) {
        pen.goTo({ row: index, column: columnOfCell(row, from) });
        if (hasRest) pen.eraseLine();
      }
      pen.draw(row.cells.slice(from), index);
      if (flowsOn && hasRest) pen.eraseLine();
      flowsOn = row.wraps && index + 1 < rows.length;
    }
    if (this.#shown.length > rows.length) {
      pen.goTo({ row: rows.length, column: 0 });
      pen.eraseBelow();
    }
    pen.goTo(cursor);
    this.#shown = rows;
    this.#cursor = cursor;
    if (pen.output !== '') this.#write(pen.output);
  }
}

/** Collects what moves the terminal's cursor and draws with it. */
class Pen {
  output = '';
  #at: ScreenPosition;
  /** The last row that is there to be moved to; those below are made by a line feed. */
  #lastRow: number;
  #rendition = '';

  constructor(at: ScreenPosition, lastRow: number) {
    this.#at = at;
    this.#lastRow = lastRow;
  }

  goTo(place: ScreenPosition): void {
    this.#setRendition('');
    const { row, column } = this.#at;
    const reachable = Math.min(place.row, this.#lastRow);
    if (reachable < row) this.output += `\x1b[${row - reachable}A`;
    if (reachable > row) this.output += `\x1b[${reachable - row}B`;
    if (place.row > reachable) {
      this.output += '\r\n'.repeat(place.row - reachable);
      this.#lastRow = place.row;
      if (place.column > 0) this.output += `\x1b[${place.column + 1}G`;
    } else if (place.column !== column) {
      this.output += place.column === 0 ? '\r' : `\x1b[${place.column + 1}G`;
    }
    this.#at = place;
  }

  /** Draws in the given row, from where the pen is, or where the terminal will break the row. */
  draw(cells: readonly ScreenCell[], row: number): void {
    let column = row === this.#at.row ? this.#at.column : 0;
    for (const cell of cells) {
      this.#setRendition(cell.rendition);
      column += cell.cells;
      this.output += cell.sure ? cell.shown : `${cell.shown}\x1b[${column + 1}G`;
    }
    this.#setRendition('');
    this.#at = { row, column };
    this.#lastRow = Math.max(this.#lastRow, row);
  }

  eraseLine(): void {
    this.output += '\x1b[K';
  }

  eraseBelow(): void {
    this.output += '\x1b[J';
  }

  #setRendition(rendition: string): void {
    if (rendition === this.#rendition) return;
    this.#rendition = rendition;
    this.output += rendition === '' ? '\x1b[m' : `\x1b[0;${rendition}m`;
  }
}

/** The first cell of the row that has to be drawn; as many as there are if only the end differs. */
function firstDifference(before: ScreenRow | undefined, row: ScreenRow): number | undefined {
  if (before === row) return undefined;
  if (before === undefined) return 0;
  const common = Math.min(before.cells.length, row.cells.length);
  let index = 0;
  while (index < common && isSame(before.cells[index], row.cells[index])) index++;
  if (index < row.cells.length || index < before.cells.length) return index;
  // To break a row by itself, or no longer, the terminal has to see its end.
  return before.wraps === row.wraps ? undefined : Math.max(index - 1, 0);
}

/** Something of the row before would be seen behind this one. */
function leavesRest(before: ScreenRow, row: ScreenRow): boolean {
  return before.width > row.width || before.cells.some(({ sure }) => !sure);
}

function isSame(one: ScreenCell | undefined, other: ScreenCell | undefined): boolean {
  return one?.shown === other?.shown && one?.rendition === other?.rendition;
}

function columnOfCell(row: ScreenRow, cell: number): number {
  let column = 0;
  for (const { cells } of row.cells.slice(0, cell)) column += cells;
  return column;
}

/** The row in which the cursor is when the rows are broken at another width. */
function rowAfterBreaking(
  rows: readonly ScreenRow[],
  cursor: ScreenPosition,
  columns: number,
): number {
  let row = 0;
  let column = 0;
  for (const [index, { cells, wraps }] of rows.entries()) {
    let within = 0;
    for (const cell of cells) {
      if (index === cursor.row && within >= cursor.column) return row;
      if (column + cell.cells > columns) {
        row++;
        column = 0;
      }
      column += cell.cells;
      within += cell.cells;
    }
    if (index === cursor.row) return column >= columns ? row + Math.floor(column / columns) : row;
    if (!wraps) {
      row++;
      column = 0;
    }
  }
  return row;
}
