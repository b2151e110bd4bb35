import type { WidthRules } from '../text/width.js';
import type { MenuLine } from './completion-menu.js';
import type { Span } from './editor-client.js';
import { type Frame, FrameBuilder, type ScreenPosition, type ScreenRow } from './frame.js';
import { menuRendition, type Rendition, renditionOf, suggestionRendition } from './styles.js';

/** All that is to be seen. */
export interface EditorView {
  text: string;
  /** Offset in UTF-16 units. */
  cursor: number;
  /** One for each line of the text. */
  prompts: readonly string[];
  spans: readonly Span[];
  /** A part of the text that is underlined. */
  mark: { start: number; end: number };
  /** What would follow the text; not in it yet. */
  suggestion: string;
  /** Lines below the text. */
  menu: readonly MenuLine[];
}

/** What decides how a view is put on a screen. */
export interface LayoutOptions {
  columns: number;
  rules: WidthRules;
  colours: boolean;
}

/** Puts the prompts, the text in its colours, the suggestion and the menu into rows. */
export class Layout {
  /** Rows of the lines of the last view, by all that they depend on. */
  #known = new Map<string, readonly ScreenRow[]>();
  #look: LayoutOptions | undefined;

  /** Only lines that differ from those of the view before take time; the look should stay one object. */
  layOut(view: EditorView, look: LayoutOptions): Frame {
    if (look !== this.#look) this.#known.clear();
    this.#look = look;
    const known = new Map<string, readonly ScreenRow[]>();
    const rows: ScreenRow[] = [];
    let cursor: ScreenPosition = { row: 0, column: 0 };
    const lines = linesOf(view);
    for (const [index, line] of lines.entries()) {
      if (line.cursor === undefined) {
        const key = keyOf(line);
        const ofLine = this.#known.get(key) ?? layOutLine(line, '', look).rows;
        known.set(key, ofLine);
        rows.push(...ofLine);
      } else {
        const suggestion = index === lines.length - 1 ? view.suggestion : '';
        const ofLine = layOutLine(line, suggestion, look);
        cursor = { row: rows.length + ofLine.cursor.row, column: ofLine.cursor.column };
        rows.push(...ofLine.rows);
      }
    }
    for (const line of view.menu) {
      const builder = new FrameBuilder(look.columns, look.rules);
      builder.text(
        line.text,
        at(line.spans, ({ style }) => menuRendition(style)),
      );
      rows.push(...builder.rows);
    }
    this.#known = known;
    return { rows, cursor, endMatters: view.menu.length > 0 };
  }
}

/** A line of the text with what belongs to it; all offsets are counted from its start. */
interface Line {
  prompt: string;
  text: string;
  spans: readonly Span[];
  mark: EditorView['mark'];
  /** Undefined if the cursor is in another line. */
  cursor: number | undefined;
}

function linesOf(view: EditorView): Line[] {
  const lines: Line[] = [];
  let start = 0;
  let firstSpan = 0;
  for (const [index, text] of view.text.split('\n').entries()) {
    const end = start + text.length;
    const spans: Span[] = [];
    for (let at = firstSpan; at < view.spans.length; at++) {
      const span = view.spans[at];
      if (span === undefined || span.start >= end) break;
      if (span.end <= start) firstSpan = at + 1;
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

function keyOf({ prompt, text, spans, mark }: Line): string {
  const styles = spans.map(({ start, end, style }) => `${start},${end},${style}`).join(' ');
  const marked = mark.end > 0 && mark.start < text.length ? `${mark.start},${mark.end}` : '';
  return [prompt, text, styles, marked].join('\0');
}

function layOutLine(
  line: Line,
  suggestion: string,
  look: LayoutOptions,
): { rows: readonly ScreenRow[]; cursor: ScreenPosition } {
  const builder = new FrameBuilder(look.columns, look.rules);
  layOutPrompt(builder, line.prompt, look.colours);
  const renditionAt = marked(
    at(line.spans, ({ style }) => renditionOf(style, look.colours)),
    line.mark,
  );
  const found = builder.text(line.text, renditionAt, line.cursor);
  const isAtEnd = line.cursor === line.text.length;
  const cursor = isAtEnd ? layOutEnd(builder, suggestion, look) : found;
  return { rows: builder.rows, cursor: cursor ?? builder.place };
}

/** The cursor is behind a line: there the suggestion begins, else an empty column. */
function layOutEnd(builder: FrameBuilder, suggestion: string, look: LayoutOptions): ScreenPosition {
  const [line = ''] = suggestion.split('\n');
  const shown = line.length < suggestion.length ? `${line}…` : line;
  const grey = suggestionRendition(look.colours);
  const found = builder.text(shown, () => grey, 0);
  if (found !== undefined) return found;
  builder.makeRoom();
  return builder.place;
}

/** A prompt may have several lines and colours of its own (and readline's marks around these). */
function layOutPrompt(builder: FrameBuilder, prompt: string, colours: boolean): void {
  let rendition = '';
  for (const [part] of prompt.matchAll(/\x1b\[[\d;]*m|\n|[\x01\x02]|[^\x1b\n\x01\x02]+|\x1b/g)) {
    if (part === '\n') builder.break();
    else if (part === '\x01' || part === '\x02') continue;
    else if (part.endsWith('m') && part.startsWith('\x1b[')) rendition = added(rendition, part);
    else builder.text(part, () => (colours ? rendition : ''));
  }
}

/** What is in force behind one more sequence, which may take back all before it. */
function added(rendition: Rendition, sequence: string): Rendition {
  const parameters = sequence.slice(2, -1);
  if (/^0*$/.test(parameters)) return '';
  return rendition === '' ? parameters : `${rendition};${parameters}`;
}

/** Adds the underline to what is in a part of the text. */
function marked(
  renditionAt: (offset: number) => Rendition,
  { start, end }: EditorView['mark'],
): (offset: number) => Rendition {
  return (offset) => {
    const rendition = renditionAt(offset);
    if (offset < start || offset >= end) return rendition;
    return rendition === '' ? '4' : `${rendition};4`;
  };
}

/** Gives the rendition of the part that holds an offset; to be asked from the left to the right. */
function at<S extends { start: number; end: number }>(
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
