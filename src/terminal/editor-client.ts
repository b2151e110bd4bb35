/** What a part of the text is, so that it gets its colour. */
export type Style =
  | 'keyword'
  | 'function'
  | 'name'
  | 'quoted-name'
  | 'string'
  | 'number'
  | 'comment'
  | 'operator'
  | 'variable'
  | 'command';

/** A part of the text that is shown in one style. Offsets are UTF-16 units. */
export interface Span {
  start: number;
  end: number;
  style: Style;
}

/** One thing that fits at the cursor; its kind (`table`, `column`) is shown dim beside it. */
export interface EditorCandidate {
  text: string;
  kind: string;
}

/** What fits at the cursor, and the part of the text, in UTF-16 units, that it stands in for. */
export interface EditorCompletion {
  start: number;
  end: number;
  candidates: readonly EditorCandidate[];
}

/** What the editor's owner, who knows the language, says of a text. */
export interface AnalysedText {
  text: string;
  /**
   * The prompt of each line of the text, the first one's before the others'. Colours (`ESC [ … m`)
   * in it are kept, other control characters are shown.
   */
  prompts: readonly string[];
  /** The styles of the text: in order, not overlapping; what is between them has none. */
  spans: readonly Span[];
  /** Whether Enter ends the editing; else it begins a new line. */
  isComplete: boolean;
  /** What fits at the cursor, from what is known now. */
  complete(cursor: number): EditorCompletion;
}

/** The line editor's owner. */
export interface EditorClient {
  /** Looks at a text; asked once for each text, so once a key press. */
  analyse(text: string): AnalysedText;
}
