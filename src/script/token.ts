/** What a part of a text is. */
export type TokenKind =
  | 'keyword'
  /** A built-in function before its parenthesis. */
  | 'function'
  | 'name'
  /** Between backticks, or under ANSI_QUOTES double quotes. */
  | 'quoted-name'
  | 'string'
  | 'number'
  /** The marks around what the server may execute, such as `/*!50003`, are comments each. */
  | 'comment'
  /** Parentheses, commas and dots too. */
  | 'operator'
  /** `@x`, `@@x`, or with a quoted name. */
  | 'variable'
  /** A client's or the shell's: the long name where a statement begins, or a backslash and a word. */
  | 'command'
  | 'delimiter'
  /** Its mark and all that belongs to it. */
  | 'redirect';

/** A part of a text, from `start` to `end` in UTF-16 units. */
export interface Token {
  kind: TokenKind;
  start: number;
  end: number;
  /** A quote or a comment that is not closed. */
  open: boolean;
}

/** What a part of a text is, as far as reading it tells; all between such parts is code. */
export type Part = 'argument' | 'command' | 'comment' | 'delimiter' | 'redirect';

/** What is told, while a text is read, of the places in it. Positions are bytes of the text. */
export interface Trace {
  /** A quote (its byte), or a comment that may go on over lines (0), opens. */
  open(quote: number, position: number): void;
  /** It ends before `position`. */
  close(position: number): void;
  part(part: Part, start: number, end: number): void;
  /** What stands from the statement's beginning up to `end` was a command by its long name. */
  wasCommand(end: number): void;
  /** A statement or a command is over. */
  ended(position: number): void;
}
