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
