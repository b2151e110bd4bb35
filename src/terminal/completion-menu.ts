import { cellWidth, clusters, type WidthRules } from '../text/width.js';

/** A completion candidate; its kind (table, column, keyword) is shown dim next to it. */
export interface MenuCandidate {
  text: string;
  kind: string;
}

/** A styled part of a line of the menu, in UTF-16 units; text outside of all spans is plain. */
export interface MenuSpan {
  start: number;
  end: number;
  style: 'kind' | 'selected' | 'more';
}

/** A line to paint: no wider than the menu, and without control characters. */
export interface MenuLine {
  text: string;
  spans: readonly MenuSpan[];
}

/** The size that is available to the menu: its width in cells, and its maximum height. */
export interface MenuSize {
  columns: number;
  lines: number;
}

/** The number of cells between two columns. */
const columnGap = 2;
/** A longer text is truncated to this many cells if that makes room for another column. */
const maxTextCells = 40;
/** If a narrow terminal leaves a text fewer cells than this, the kinds are left out. */
const minTextCells = 12;

interface Grid {
  /** The cells of a text, and of a kind with the blank before it; 0: kinds are not shown. */
  textCells: number;
  kindCells: number;
  columns: number;
  rows: number;
  /** True if the last line shows the position of the page, such as `1–6 of 26`. */
  hasPositionLine: boolean;
}

/**
 * The menu of completion candidates, in columns that are filled from top to bottom. If not all
 * candidates fit, it shows a page of them. At first no candidate is selected.
 */
export class CompletionMenu {
  readonly #rules: WidthRules;
  #candidates: readonly MenuCandidate[];
  #size: MenuSize;
  #selectedIndex = -1;
  #grid: Grid;

  constructor(
    candidates: readonly MenuCandidate[],
    size: MenuSize,
    rules: WidthRules = 'graphemes',
  ) {
    this.#rules = rules;
    this.#candidates = candidates;
    this.#size = size;
    this.#grid = this.#layOut();
  }

  get candidates(): readonly MenuCandidate[] {
    return this.#candidates;
  }

  get selected(): MenuCandidate | undefined {
    return this.#candidates[this.#selectedIndex];
  }

  /** Replaces the candidates after the text has changed; keeps the selection if it is among them. */
  replace(candidates: readonly MenuCandidate[]): void {
    const selected = this.selected;
    this.#candidates = candidates;
    this.#selectedIndex = candidates.findIndex(
      ({ text, kind }) => text === selected?.text && kind === selected.kind,
    );
    this.#grid = this.#layOut();
  }

  /** Keeps the candidates that begin with `typed`, ignoring case. */
  narrow(typed: string): void {
    const prefix = typed.toLowerCase();
    this.replace(this.#candidates.filter(({ text }) => text.toLowerCase().startsWith(prefix)));
  }

  /** Adapts the menu to a new size of the terminal, or of the edited text above it. */
  resize(size: MenuSize): void {
    this.#size = size;
    this.#grid = this.#layOut();
  }

  /** Selects the next candidate (Tab, Down); after the last one, the first. */
  next(): void {
    this.#selectedIndex =
      this.#selectedIndex + 1 < this.#candidates.length
        ? this.#selectedIndex + 1
        : this.#firstIndex();
  }

  /** Selects the previous candidate (Shift-Tab, Up); before the first one, the last. */
  previous(): void {
    this.#selectedIndex =
      this.#selectedIndex > 0 ? this.#selectedIndex - 1 : this.#candidates.length - 1;
  }

  /** Selects the same line of the next column; after the last column, on the next page. */
  right(): void {
    this.#moveBy(this.#grid.rows);
  }

  left(): void {
    this.#moveBy(-this.#grid.rows);
  }

  pageDown(): void {
    this.#moveBy(this.#pageSize);
  }

  pageUp(): void {
    this.#moveBy(-this.#pageSize);
  }

  /** Clears the selection. */
  unselect(): void {
    this.#selectedIndex = -1;
  }

  /** Returns the page with the selection; no lines if there are no candidates or no space. */
  lines(): MenuLine[] {
    const { rows, hasPositionLine } = this.#grid;
    const lines: MenuLine[] = [];
    const first = Math.max(
      0,
      this.#selectedIndex - (this.#selectedIndex % Math.max(1, this.#pageSize)),
    );
    for (let row = 0; row < rows; row++) lines.push(this.#formatLine(first, row));
    if (hasPositionLine) lines.push(this.#positionLine(first));
    return lines;
  }

  get #pageSize(): number {
    return this.#grid.rows * this.#grid.columns;
  }

  #firstIndex(): number {
    return this.#candidates.length > 0 ? 0 : -1;
  }

  /** Moves the selection, up to either end; the first move selects the first candidate. */
  #moveBy(step: number): void {
    const last = this.#candidates.length - 1;
    this.#selectedIndex =
      this.#selectedIndex < 0
        ? this.#firstIndex()
        : Math.min(Math.max(this.#selectedIndex + step, 0), last);
  }

  #layOut(): Grid {
    const { columns: width, lines } = this.#size;
    let textCells = 0;
    let kindCells = 0;
    for (const candidate of this.#candidates) {
      textCells = Math.max(textCells, cellWidth(candidate.text, this.#rules));
      kindCells = Math.max(kindCells, cellWidth(candidate.kind, this.#rules));
    }
    if (kindCells > 0) kindCells++;
    const columnsOf = (cells: number) =>
      Math.floor((width + columnGap) / (cells + kindCells + columnGap));
    if (textCells > maxTextCells && columnsOf(textCells) < 2 && columnsOf(maxTextCells) > 1)
      textCells = maxTextCells;
    if (Math.min(textCells, minTextCells) + kindCells > width) kindCells = 0;
    textCells = Math.min(textCells, Math.max(0, width - kindCells));
    const count = this.#candidates.length;
    const columns = Math.max(1, columnsOf(textCells));
    const rowsOfAll = width > 0 ? Math.ceil(count / columns) : 0;
    const hasPositionLine = rowsOfAll > lines && lines > 1;
    const rows = Math.max(0, Math.min(rowsOfAll, hasPositionLine ? lines - 1 : lines));
    // If all candidates fit, uses only as many columns as these rows need.
    return {
      textCells,
      kindCells,
      columns: rows === rowsOfAll && rows > 0 ? Math.ceil(count / rows) : columns,
      rows,
      hasPositionLine,
    };
  }

  #formatLine(first: number, row: number): MenuLine {
    const { columns, rows, textCells, kindCells } = this.#grid;
    const spans: MenuSpan[] = [];
    let line = '';
    for (let column = 0; column < columns; column++) {
      const index = first + column * rows + row;
      const candidate = this.#candidates[index];
      if (candidate === undefined) break;
      if (column > 0) line += ' '.repeat(columnGap);
      const start = line.length;
      line += fitToCells(candidate.text, textCells, this.#rules);
      const textEnd = line.length;
      if (kindCells > 0) line += ` ${fitToCells(candidate.kind, kindCells - 1, this.#rules)}`;
      if (index === this.#selectedIndex) spans.push({ start, end: line.length, style: 'selected' });
      else if (candidate.kind !== '' && kindCells > 0) {
        spans.push({ start: textEnd, end: line.length, style: 'kind' });
      }
    }
    return { text: line, spans };
  }

  #positionLine(first: number): MenuLine {
    const count = this.#candidates.length;
    const shown = `${first + 1}–${Math.min(first + this.#pageSize, count)} of ${count}`;
    const text = fitToCells(shown, Math.min(shown.length, this.#size.columns), this.#rules);
    return { text, spans: [{ start: 0, end: text.length, style: 'more' }] };
  }
}

/**
 * Returns a text that fills exactly `cells` cells: padded with blanks, or truncated with an ellipsis
 * in the last cell. Placeholders replace non-printing characters.
 */
export function fitToCells(text: string, cells: number, rules: WidthRules = 'graphemes'): string {
  if (cells <= 0) return '';
  const isTruncated = cellWidth(text, rules) > cells;
  const available = isTruncated ? cells - 1 : cells;
  let shown = '';
  let used = 0;
  for (const cluster of clusters(text, rules)) {
    if (used + cluster.cells > available) break;
    shown += cluster.shown;
    used += cluster.cells;
  }
  return `${shown}${isTruncated ? '…' : ''}${' '.repeat(available - used)}`;
}
