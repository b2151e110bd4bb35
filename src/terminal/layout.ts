import type { WidthRules } from '../text/width.js';
import type { MenuLine } from './completion-menu.js';
import type { Span } from './editor-client.js';
import { type Frame, FrameBuilder, type ScreenPosition, type ScreenRow } from './frame.js';
import { menuRendition, type Rendition, renditionOf, suggestionRendition } from './styles.js';

/** Everything that the editor shows, before it is laid out in rows. */
export interface EditorView {
  text: string;
  /** Offset in UTF-16 units. */
  cursor: number;
  /** One prompt for each line of the text. */
  prompts: readonly string[];
  spans: readonly Span[];
  /** A part of the text that is underlined. */
  mark: { start: number; end: number };
  /** A continuation of the text, shown after it, that the user can accept. */
  suggestion: string;
  /** The lines of the completion menu, below the cursor. */
  menu: readonly MenuLine[];
  /** The state of a history search; undefined while there is none. */
  search: string | undefined;
}

/** The properties of the screen that the layout depends on. */
export interface LayoutOptions {
  columns: number;
  rows: number;
  rules: WidthRules;
  colors: boolean;
}

/**
 * Lays out the prompts, the colored text, the suggestion, the menu and the history search in rows of
 * the screen.
 */
export class Layout {
  /** The rows of the lines of the last view, keyed by everything that they depend on. */
  #cachedRows = new Map<string, readonly ScreenRow[]>();
  #options: LayoutOptions | undefined;

  /**
   * Lays out a view. Only lines that changed since the last view are laid out again; a new `options`
   * object discards the cached rows.
   */
  layOut(view: EditorView, options: LayoutOptions): Frame {
    if (options !== this.#options) this.#cachedRows.clear();
    this.#options = options;
    const { search } = view;
    if (search === undefined) {
      return insertAtCursor(this.#layOutText(view, options), layOutMenu(view.menu, options));
    }
    // The search replaces the prompt, as in readline, unless that row could be off the screen.
    const searching = { ...view, prompts: [search, ...view.prompts.slice(1)] };
    const frame = this.#layOutText(searching, options);
    if (frame.rows.length <= options.rows) return frame;
    const line = layOutMenu([{ text: search, spans: [] }], options);
    return insertAtCursor(this.#layOutText(view, options), line);
  }

  #layOutText(view: EditorView, options: LayoutOptions): Frame {
    const usedRows = new Map<string, readonly ScreenRow[]>();
    const rows: ScreenRow[] = [];
    let cursor: ScreenPosition = { row: 0, column: 0 };
    const lines = splitLines(view);
    for (const [index, line] of lines.entries()) {
      if (line.cursor === undefined) {
        const key = cacheKey(line);
        const lineRows = this.#cachedRows.get(key) ?? layOutLine(line, '', options).rows;
        usedRows.set(key, lineRows);
        rows.push(...lineRows);
      } else {
        const suggestion = index === lines.length - 1 ? view.suggestion : '';
        const laidOut = layOutLine(line, suggestion, options);
        cursor = { row: rows.length + laidOut.cursor.row, column: laidOut.cursor.column };
        rows.push(...laidOut.rows);
      }
    }
    this.#cachedRows = usedRows;
    return { rows, cursor, rowsAtCursor: 0 };
  }
}

function layOutMenu(menu: readonly MenuLine[], options: LayoutOptions): readonly ScreenRow[] {
  return menu.flatMap((line) => {
    const builder = new FrameBuilder(options.columns, options.rules);
    builder.append(
      line.text,
      renditionLookup(line.spans, ({ style }) => menuRendition(style)),
    );
    return builder.rows;
  });
}

/** Inserts rows below the cursor's row, even in the middle of a line. */
function insertAtCursor(frame: Frame, inserted: readonly ScreenRow[]): Frame {
  if (inserted.length === 0) return frame;
  const { cursor } = frame;
  const rows = [...frame.rows];
  const row = rows[cursor.row];
  if (row?.wraps) rows[cursor.row] = { ...row, wraps: false };
  rows.splice(cursor.row + 1, 0, ...inserted);
  return { rows, cursor, rowsAtCursor: inserted.length };
}

/** A line of the text with its prompt, styles and cursor; offsets count from the line's start. */
interface Line {
  prompt: string;
  text: string;
  spans: readonly Span[];
  mark: EditorView['mark'];
  /** Undefined if the cursor is in another line. */
  cursor: number | undefined;
}

function splitLines(view: EditorView): Line[] {
  const lines: Line[] = [];
  let start = 0;
  let firstSpan = 0;
  for (const [index, text] of view.text.split('\n').entries()) {
    const end = start + text.length;
    const spans: Span[] = [];
    for (let index = firstSpan; index < view.spans.length; index++) {
      const span = view.spans[index];
      if (span === undefined || span.start >= end) break;
      if (span.end <= start) firstSpan = index + 1;
      else spans.push({ ...span, start: span.start - start, end: span.end - start });
    }
    const mark = { start: view.mark.start - start, end: view.mark.end - start };
    const hasCursor = view.cursor >= start && view.cursor <= end;
    const cursor = hasCursor ? view.cursor - start : undefined;
    lines.push({ prompt: view.prompts[index] ?? '', text, spans, mark, cursor });
    start = end + 1;
  }
  return lines;
}

function cacheKey({ prompt, text, spans, mark }: Line): string {
  const styles = spans.map(({ start, end, style }) => `${start},${end},${style}`).join(' ');
  const markKey = mark.end > 0 && mark.start < text.length ? `${mark.start},${mark.end}` : '';
  return [prompt, text, styles, markKey].join('\0');
}

function layOutLine(
  line: Line,
  suggestion: string,
  options: LayoutOptions,
): { rows: readonly ScreenRow[]; cursor: ScreenPosition } {
  const builder = new FrameBuilder(options.columns, options.rules);
  layOutPrompt(builder, line.prompt, options.colors);
  const renditionAt = withUnderline(
    renditionLookup(line.spans, ({ style }) => renditionOf(style, options.colors)),
    line.mark,
  );
  const found = builder.append(line.text, renditionAt, line.cursor);
  const isAtEnd = line.cursor === line.text.length;
  const cursor = isAtEnd ? layOutEnd(builder, suggestion, options) : found;
  return { rows: builder.rows, cursor: cursor ?? builder.position };
}

/** Lays out what follows the cursor at a line's end: the suggestion, or else an empty column. */
function layOutEnd(
  builder: FrameBuilder,
  suggestion: string,
  options: LayoutOptions,
): ScreenPosition {
  const [line = ''] = suggestion.split('\n');
  const shown = line.length < suggestion.length ? `${line}…` : line;
  const rendition = suggestionRendition(options.colors);
  const found = builder.append(shown, () => rendition, 0);
  if (found !== undefined) return found;
  builder.ensureFreeColumn();
  return builder.position;
}

/** A prompt may have several lines, and color sequences between readline's `\x01` and `\x02` marks. */
function layOutPrompt(builder: FrameBuilder, prompt: string, colors: boolean): void {
  let rendition = '';
  for (const [part] of prompt.matchAll(/\x1b\[[\d;]*m|\n|[\x01\x02]|[^\x1b\n\x01\x02]+|\x1b/g)) {
    if (part === '\n') builder.startRow();
    else if (part === '\x01' || part === '\x02') continue;
    else if (part.endsWith('m') && part.startsWith('\x1b['))
      rendition = combineRenditions(rendition, part);
    else builder.append(part, () => (colors ? rendition : ''));
  }
}

/** Returns the rendition after one more SGR sequence, which may reset all earlier ones. */
function combineRenditions(rendition: Rendition, sequence: string): Rendition {
  const parameters = sequence.slice(2, -1);
  if (/^0*$/.test(parameters)) return '';
  return rendition === '' ? parameters : `${rendition};${parameters}`;
}

/** Adds the underline within the marked part of the text. */
function withUnderline(
  renditionAt: (offset: number) => Rendition,
  { start, end }: EditorView['mark'],
): (offset: number) => Rendition {
  return (offset) => {
    const rendition = renditionAt(offset);
    if (offset < start || offset >= end) return rendition;
    return rendition === '' ? '4' : `${rendition};4`;
  };
}

/**
 * Returns a function that returns the rendition of the part that contains an offset. It has to be
 * called with ascending offsets.
 */
function renditionLookup<S extends { start: number; end: number }>(
  parts: readonly S[],
  renditionOfPart: (part: S) => Rendition,
): (offset: number) => Rendition {
  let index = 0;
  return (offset) => {
    let part = parts[index];
    while (part !== undefined && part.end <= offset) part = parts[++index];
    return part === undefined || part.start > offset ? '' : renditionOfPart(part);
  };
}
