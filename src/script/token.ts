/** The kind of a token. */
export type TokenKind =
  | 'keyword'
  /** A built-in function before its parenthesis. */
  | 'function'
  | 'name'
  /** In backticks, or with ANSI_QUOTES in double quotes. */
  | 'quoted-name'
  | 'string'
  | 'number'
  /** Also each mark of a conditional comment, such as `/*!50003`, but not its contents. */
  | 'comment'
  /** Also parentheses, commas and dots. */
  | 'operator'
  /** `@x` or `@@x`; the name may be quoted. */
  | 'variable'
  /** A command of the client or the shell: a long name, or a backslash and a letter or word. */
  | 'command'
  | 'delimiter'
  /** The operator of the redirect and its target. */
  | 'redirect';

/** A token of a text, from `start` to `end` in UTF-16 units. */
export interface Token {
  kind: TokenKind;
  start: number;
  end: number;
  /** Whether it is an unclosed quoted text or comment. */
  isOpen: boolean;
}

/** The kinds of text that the reader reports; the text between such parts is code. */
export type PartKind = 'argument' | 'command' | 'comment' | 'delimiter' | 'redirect';

/** Receives the positions of the parts of a text while it is read. Positions are byte offsets. */
export interface ReaderListener {
  /** A quoted text (`quote` is its byte) or a comment that may span lines (0) begins. */
  onOpen(quote: number, position: number): void;
  /** The quoted text or comment ends before `position`. */
  onClose(position: number): void;
  /** The text from `start` to `end` is of this kind. */
  onPart(part: PartKind, start: number, end: number): void;
  /** The text from the beginning of the statement to `end` is a command in its long form. */
  onNamedCommand(end: number): void;
  /** A statement or a command ends at `position`. */
  onItemEnd(position: number): void;
}
