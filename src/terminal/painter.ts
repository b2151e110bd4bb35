import type { Frame, ScreenCell, ScreenPosition, ScreenRow } from './frame.js';

/** The size of the terminal. */
export interface Screen {
  columns: number;
  rows: number;
}

/**
 * Paints frames on the screen, each over the last, and writes only the differences. It keeps track of
 * the cursor instead of asking the terminal, since nothing else writes to the screen meanwhile.
 */
export class Painter {
  readonly #write: (sequence: string) => void;
  #screen: Screen = { columns: 0, rows: 0 };
  #shown: readonly ScreenRow[] = [];
  #cursor: ScreenPosition = { row: 0, column: 0 };
  /** The first row of the frame that is on the screen; above 0 only in a frame that is too tall. */
  #top = 0;

  /** `write` sends text with escape sequences to the terminal. */
  constructor(write: (sequence: string) => void) {
    this.#write = write;
  }

  /** Shows a frame. If it is taller than the screen, shows the part around the cursor. */
  paint(frame: Frame, screen: Screen): void {
    this.#updateSize(screen);
    const { rows, cursor, rowsAtCursor } = frame;
    const fits = Math.max(screen.rows, 1);
    const last = Math.max(rows.length - fits, 0);
    const lowest = Math.min(cursor.row + rowsAtCursor, cursor.row + fits - 1);
    this.#top = Math.max(Math.min(this.#top, last), lowest - fits + 1);
    this.#top = Math.min(this.#top, cursor.row);
    const visible = rows.slice(this.#top, this.#top + fits);
    this.#update(visible, { row: cursor.row - this.#top, column: cursor.column });
  }

  /**
   * Shows a final frame, in full even if it is taller than the screen, followed by `suffix`, and
   * leaves it on the screen. The next frame begins where the suffix ends.
   */
  finish(frame: Frame, screen: Screen, suffix: string): void {
    this.#updateSize(screen);
    const { rows } = frame;
    const end = { row: rows.length - 1, column: rows.at(-1)?.width ?? 0 };
    if (rows.length > screen.rows) this.#write(this.#clearSequence());
    this.#update(rows, end);
    this.#write(suffix);
    this.reset();
  }

  /** Erases the frame from the screen; the next one begins at the same position. */
  clear(): void {
    this.#write(this.#clearSequence());
  }

  /**
   * Forgets the last frame, after something else was written. The next frame begins at the cursor,
   * which has to be at the start of a row.
   */
  reset(): void {
    this.#shown = [];
    this.#cursor = { row: 0, column: 0 };
    this.#top = 0;
  }

  /**
   * Erases the frame if the screen was resized. A terminal then rewraps the rows that it had wrapped
   * itself, and the rows that have become too long (xterm and the Linux console truncate those).
   */
  #updateSize(screen: Screen): void {
    const { columns, rows } = this.#screen;
    this.#screen = { columns: screen.columns, rows: screen.rows };
    if (this.#shown.length === 0 || (columns === screen.columns && rows === screen.rows)) return;
    const row = cursorRowAfterRewrap(this.#shown, this.#cursor, screen.columns);
    this.#cursor = { row, column: 0 };
    this.clear();
  }

  #clearSequence(): string {
    const up = this.#cursor.row > 0 ? `\x1b[${this.#cursor.row}A` : '';
    this.reset();
    // Erases from the second column on, then the first: when a screen is erased from its first
    // column, tmux treats it as a cleared screen and keeps the content in its history.
    return `${up}\r \x1b[J\r\x1b[K`;
  }

  #update(rows: readonly ScreenRow[], cursor: ScreenPosition): void {
    const pen = new Pen(this.#cursor, Math.max(this.#shown.length - 1, 0));
    const shown = this.#shown.slice();
    for (const [index, row] of rows.entries()) {
      if (shown[index]?.wraps !== true || row.wraps) continue;
      // A terminal forgets that it wrapped a row only when the whole row is erased.
      pen.moveTo({ row: index, column: 0 });
      pen.eraseLine();
      shown[index] = { cells: [], width: 0, wraps: false };
    }
    let isContinued = false;
    for (const [index, row] of rows.entries()) {
      const before = shown[index];
      const firstChanged = isContinued ? 0 : firstDifference(before, row);
      if (firstChanged === undefined) continue;
      const leavesOld = before !== undefined && leavesOldText(before, row);
      if (!isContinued) {
        pen.moveTo({ row: index, column: columnOfCell(row, firstChanged) });
        if (leavesOld) pen.eraseLine();
      }
      pen.draw(row.cells.slice(firstChanged), index);
      if (isContinued && leavesOld) pen.eraseLine();
      isContinued = row.wraps && index + 1 < rows.length;
    }
    if (this.#shown.length > rows.length) {
      pen.moveTo({ row: rows.length, column: 0 });
      pen.eraseBelow();
    }
    pen.moveTo(cursor);
    this.#shown = rows;
    this.#cursor = cursor;
    if (pen.output !== '') this.#write(pen.output);
  }
}

/** Collects the output that moves the terminal's cursor and draws cells. */
class Pen {
  output = '';
  #position: ScreenPosition;
  /** The last row that exists on the screen; a line feed creates each row below it. */
  #lastRow: number;
  #rendition = '';

  constructor(position: ScreenPosition, lastRow: number) {
    this.#position = position;
    this.#lastRow = lastRow;
  }

  moveTo(target: ScreenPosition): void {
    this.#setRendition('');
    const { row, column } = this.#position;
    const reachable = Math.min(target.row, this.#lastRow);
    if (reachable < row) this.output += `\x1b[${row - reachable}A`;
    if (reachable > row) this.output += `\x1b[${reachable - row}B`;
    if (target.row > reachable) {
      this.output += '\r\n'.repeat(target.row - reachable);
      this.#lastRow = target.row;
      if (target.column > 0) this.output += `\x1b[${target.column + 1}G`;
    } else if (target.column !== column) {
      this.output += target.column === 0 ? '\r' : `\x1b[${target.column + 1}G`;
    }
    this.#position = target;
  }

  /** Draws cells in a row, from the pen's position, or from where the terminal wraps into the row. */
  draw(cells: readonly ScreenCell[], row: number): void {
    let column = row === this.#position.row ? this.#position.column : 0;
    for (const cell of cells) {
      this.#setRendition(cell.rendition);
      column += cell.width;
      this.output += cell.isWidthCertain ? cell.text : `${cell.text}\x1b[${column + 1}G`;
    }
    this.#setRendition('');
    this.#position = { row, column };
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

/**
 * Returns the index of the first cell that has to be drawn: the number of cells if only the row's end
 * differs, undefined if nothing does.
 */
function firstDifference(before: ScreenRow | undefined, row: ScreenRow): number | undefined {
  if (before === row) return undefined;
  if (before === undefined) return 0;
  const common = Math.min(before.cells.length, row.cells.length);
  let index = 0;
  while (index < common && isSameCell(before.cells[index], row.cells[index])) index++;
  if (index < row.cells.length || index < before.cells.length) return index;
  // The terminal notes whether it wraps a row only when the row's last cell is drawn.
  return before.wraps === row.wraps ? undefined : Math.max(index - 1, 0);
}

/** True if text of the old row would stay visible after the end of the new one. */
function leavesOldText(before: ScreenRow, row: ScreenRow): boolean {
  return before.width > row.width || before.cells.some(({ isWidthCertain }) => !isWidthCertain);
}

function isSameCell(one: ScreenCell | undefined, other: ScreenCell | undefined): boolean {
  return one?.text === other?.text && one?.rendition === other?.rendition;
}

function columnOfCell(row: ScreenRow, cell: number): number {
  let column = 0;
  for (const { width } of row.cells.slice(0, cell)) column += width;
  return column;
}

/** Returns the cursor's row after the terminal has rewrapped the rows at another width. */
function cursorRowAfterRewrap(
  rows: readonly ScreenRow[],
  cursor: ScreenPosition,
  columns: number,
): number {
  let row = 0;
  let column = 0;
  for (const [index, { cells, wraps }] of rows.entries()) {
    let columnInRow = 0;
    for (const cell of cells) {
      if (index === cursor.row && columnInRow >= cursor.column) return row;
      if (column + cell.width > columns) {
        row++;
        column = 0;
      }
      column += cell.width;
      columnInRow += cell.width;
    }
    if (index === cursor.row) return column >= columns ? row + Math.floor(column / columns) : row;
    if (!wraps) {
      row++;
      column = 0;
    }
  }
  return row;
}
