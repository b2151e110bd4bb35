import { cellWidth, clusters, type WidthRules } from '../text/width.js';

/** What fits at the cursor; `kind` stands dim beside it: table, column, keyword. */
export interface MenuCandidate {
  text: string;
  kind: string;
}

/** A part of a line of the menu, in UTF-16 units; what no span covers is plain. */
export interface MenuSpan {
  start: number;
  end: number;
  style: 'kind' | 'selected' | 'more';
}

/** A line to paint: no wider than the menu, without controls. */
export interface MenuLine {
  text: string;
  spans: readonly MenuSpan[];
}

/** The room for the menu: cells across, and lines at most. */
export interface MenuRoom {
  columns: number;
  lines: number;
}

/** Cells between the columns. */
const gap = 2;
/** Cells that a text may take before it is cut, so that one long name does not cost a column. */
const widestText = 40;
/** Cells that a text has in a narrow terminal before its kind is left out. */
const narrowestText = 12;

interface Grid {
  /** Cells of a text, and of a kind with the blank before it; 0: no kinds. */
  text: number;
  kind: number;
  columns: number;
  rows: number;
  /** The last line says which of all are shown. */
  hasMore: boolean;
}

/**
 * The menu of what fits at the cursor, several columns of it, filled one after the other; a page at
 * a time when there is more than fits. At first nothing is selected.
 */
export class CompletionMenu {
  readonly #rules: WidthRules;
  #candidates: readonly MenuCandidate[];
  #room: MenuRoom;
  #at = -1;
  #grid: Grid;

  constructor(
    candidates: readonly MenuCandidate[],
    room: MenuRoom,
    rules: WidthRules = 'graphemes',
  ) {
    this.#rules = rules;
    this.#candidates = candidates;
    this.#room = room;
    this.#grid = this.#layOut();
  }

  get candidates(): readonly MenuCandidate[] {
    return this.#candidates;
  }

  get selected(): MenuCandidate | undefined {
    return this.#candidates[this.#at];
  }

  /** Takes other candidates, as the text goes on; what is selected stays so if it is among them. */
  replace(candidates: readonly MenuCandidate[]): void {
    const selected = this.selected;
    this.#candidates = candidates;
    this.#at = candidates.findIndex(
      ({ text, kind }) => text === selected?.text && kind === selected.kind,
    );
    this.#grid = this.#layOut();
  }

  /** Keeps the candidates that begin with `typed`, upper and lower case alike. */
  narrow(typed: string): void {
    const prefix = typed.toLowerCase();
    this.replace(this.#candidates.filter(({ text }) => text.toLowerCase().startsWith(prefix)));
  }

  /** The terminal's size, or what the edited text leaves of it, has changed. */
  resize(room: MenuRoom): void {
    this.#room = room;
    this.#grid = this.#layOut();
  }

  /** Tab and Down: behind the last one comes the first. */
  next(): void {
    this.#at = this.#at + 1 < this.#candidates.length ? this.#at + 1 : this.#first();
  }

  /** Shift-Tab and Up. */
  previous(): void {
    this.#at = this.#at > 0 ? this.#at - 1 : this.#candidates.length - 1;
  }

  /** The same line of the next column, on the next page behind the last one. */
  right(): void {
    this.#go(this.#grid.rows);
  }

  left(): void {
    this.#go(-this.#grid.rows);
  }

  pageDown(): void {
    this.#go(this.#page);
  }

  pageUp(): void {
    this.#go(-this.#page);
  }

  /** Nothing is selected any more. */
  unselect(): void {
    this.#at = -1;
  }

  /** The page with what is selected; no lines where there are no candidates, or no room. */
  lines(): MenuLine[] {
    const { rows, hasMore } = this.#grid;
    const lines: MenuLine[] = [];
    const first = Math.max(0, this.#at - (this.#at % Math.max(1, this.#page)));
    for (let row = 0; row < rows; row++) lines.push(this.#line(first, row));
    if (hasMore) lines.push(this.#more(first));
    return lines;
  }

  get #page(): number {
    return this.#grid.rows * this.#grid.columns;
  }

  #first(): number {
    return this.#candidates.length > 0 ? 0 : -1;
  }

  /** Stops at either end; the first move selects the first one. */
  #go(step: number): void {
    const last = this.#candidates.length - 1;
    this.#at = this.#at < 0 ? this.#first() : Math.min(Math.max(this.#at + step, 0), last);
  }

  #layOut(): Grid {
    const { columns: width, lines } = this.#room;
    let text = 0;
    let kind = 0;
    for (const candidate of this.#candidates) {
      text = Math.max(text, cellWidth(candidate.text, this.#rules));
      kind = Math.max(kind, cellWidth(candidate.kind, this.#rules));
    }
    if (kind > 0) kind++;
    const columnsOf = (cells: number) => Math.floor((width + gap) / (cells + kind + gap));
    if (text > widestText && columnsOf(text) < 2 && columnsOf(widestText) > 1) text = widestText;
    if (Math.min(text, narrowestText) + kind > width) kind = 0;
    text = Math.min(text, Math.max(0, width - kind));
    const count = this.#candidates.length;
    const columns = Math.max(1, columnsOf(text));
    const rowsOfAll = width > 0 ? Math.ceil(count / columns) : 0;
    const hasMore = rowsOfAll > lines && lines > 1;
    const rows = Math.max(0, Math.min(rowsOfAll, hasMore ? lines - 1 : lines));
    // Where all are shown, no more columns than these rows need.
    return {
      text,
      kind,
      columns: rows === rowsOfAll && rows > 0 ? Math.ceil(count / rows) : columns,
      rows,
      hasMore,
    };
  }

  #line(first: number, row: number): MenuLine {
    const { columns, rows, text: textCells, kind: kindCells } = this.#grid;
    const spans: MenuSpan[] = [];
    let line = '';
    for (let column = 0; column < columns; column++) {
      const index = first + column * rows + row;
      const candidate = this.#candidates[index];
      if (candidate === undefined) break;
      if (column > 0) line += ' '.repeat(gap);
      const start = line.length;
      line += fitted(candidate.text, textCells, this.#rules);
      const behindText = line.length;
      if (kindCells > 0) line += ` ${fitted(candidate.kind, kindCells - 1, this.#rules)}`;
      if (index === this.#at) spans.push({ start, end: line.length, style: 'selected' });
      else if (candidate.kind !== '' && kindCells > 0) {
        spans.push({ start: behindText, end: line.length, style: 'kind' });
      }
    }
    return { text: line, spans };
  }

  #more(first: number): MenuLine {
    const count = this.#candidates.length;
    const shown = `${first + 1}–${Math.min(first + this.#page, count)} of ${count}`;
    const text = fitted(shown, Math.min(shown.length, this.#room.columns), this.#rules);
    return { text, spans: [{ start: 0, end: text.length, style: 'more' }] };
  }
}

/**
 * A text as it is painted in exactly `cells` cells: filled up with blanks, or cut, with an ellipsis
 * in the last cell. What a terminal would not show is replaced by its picture.
 */
export function fitted(text: string, cells: number, rules: WidthRules = 'graphemes'): string {
  if (cells <= 0) return '';
  const isCut = cellWidth(text, rules) > cells;
  const room = isCut ? cells - 1 : cells;
  let shown = '';
  let taken = 0;
  for (const cluster of clusters(text, rules)) {
    if (taken + cluster.cells > room) break;
    shown += cluster.shown;
    taken += cluster.cells;
  }
  return `${shown}${isCut ? '…' : ''}${' '.repeat(room - taken)}`;
}
