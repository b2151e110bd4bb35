/*
 * What the line editor needs from its owner: the editor knows keys and screens, but no SQL. The owner
 * supplies prompts, styles, completion, and whether a text is complete.
 */

/** The syntactic role of a part of the text, which decides its color. */
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

/** A part of the text that has one style. Offsets are in UTF-16 units. */
export interface Span {
  start: number;
  end: number;
  style: Style;
}

/** A completion candidate; its kind (`table`, `column`) is shown dim next to it. */
export interface EditorCandidate {
  text: string;
  kind: string;
}

/** The candidates at the cursor, and the part of the text, in UTF-16 units, that one replaces. */
export interface EditorCompletion {
  start: number;
  end: number;
  candidates: readonly EditorCandidate[];
}

/** The editor's owner's analysis of a text. */
export interface AnalyzedText {
  text: string;
  /**
   * The prompt of each line of the text, in order. The editor keeps color sequences (`ESC [ … m`) in
   * a prompt, and shows other control characters as `^X`.
   */
  prompts: readonly string[];
  /** The styles of the text, in order and without overlaps; text between two spans has no style. */
  spans: readonly Span[];
  /** True if Enter ends the editing; otherwise Enter starts a new line. */
  isComplete: boolean;
  /** Returns the candidates at the cursor, from the names that are known now. */
  complete(cursor: number): EditorCompletion;
}

/** The owner of a line editor, which knows the language that is edited. */
export interface EditorClient {
  /** Analyzes a text. The editor calls it once per text, that is, once per key press. */
  analyze(text: string): AnalyzedText;
  /**
   * Returns the text to insert for a pasted text, between `before` and `after`, and a notice for the
   * user if it differs. By default pasted text is inserted unchanged.
   */
  preparePaste?(
    pasted: string,
    context: { before: string; after: string },
  ): { text: string; notice: string | undefined };
}
