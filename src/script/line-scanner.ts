import type { ByteBuffer } from './byte-buffer.js';
import {
  byte,
  findBytes,
  isBlank,
  isQuote,
  matchesAt,
  skipBlanks,
  truncateAtNul,
} from './bytes.js';
import {
  type CommandEntry,
  findCommandByLetter,
  findForeignCommandAt,
  findShellCommandAt,
  getWordAt,
  isLetter,
  type ShellCommandEntry,
} from './command-table.js';
import {
  beginsConditionalComment,
  beginsPlainComment,
  conditionalMarkLength,
  isDashComment,
} from './comments.js';
import type { LexicalState } from './lexical-state.js';
import { beginsWithDelimiterWord } from './named-command.js';
import { parseShellWords } from './parse-arguments.js';
import { isGoLetter, type ParsedRedirect, parseRedirect } from './redirect.js';
import type { PartKind, ReaderListener } from './token.js';

const commentEnd = Uint8Array.from([byte.asterisk, byte.slash]);

/** An event that ScriptReader must handle before the scan continues. */
export type ScanEvent =
  /** The pending text is a complete statement. */
  | { kind: 'delimiter' }
  /** The pending text is a line comment, which is sent as a statement of its own. */
  | { kind: 'comment-line' }
  /** A client command in its short form; `text` is the line from the backslash on. */
  | { kind: 'command'; entry: CommandEntry; text: Uint8Array }
  /**
   * A backslash and a letter or word that is not a command. `isAlone`: the interactive shell discards
   * it with its arguments, because it is not part of a statement.
   */
  | { kind: 'unknown-command'; name: Uint8Array; isAlone: boolean }
  /** A shell command; the caller takes its arguments with `takeWords`. */
  | { kind: 'shell-command'; entry: ShellCommandEntry }
  /** The pending text is a complete statement whose result is redirected. */
  | { kind: 'redirect'; redirect: ParsedRedirect };

export interface ScanOptions {
  comments: boolean;
  binaryMode: boolean;
  /** Whether to accept the shell's own commands and redirects. */
  terminal: boolean;
  /**
   * The position of the line in the text; the positions for the listener are relative to the text.
   */
  lineStart: number;
  listener: ReaderListener | undefined;
}

/**
 * Scans one line for delimiters, quotes, comments and commands, and appends the text that belongs
 * to a statement to the pending bytes. Follows the rules of mariadb 10.11, including its
 * peculiarities: a discarded comment leaves a blank before the next byte, unless that byte is a
 * blank; a line that begins with the word `delimiter` in the middle of a statement loses its
 * newline; in a conditional comment the first end of a nested comment does not end the nested
 * comment.
 */
export class LineScanner {
  readonly #line: Uint8Array;
  readonly #pending: ByteBuffer;
  readonly #state: LexicalState;
  readonly #options: ScanOptions;
  /** The bytes from here to `#position` are part of the statement, but not yet pending. */
  #acceptedStart = 0;
  #position = 0;
  #end: number;
  /** Whether a blank was appended to the pending bytes since the last flush. */
  #hasAddedBlank = false;
  /**
   * Whether a comment has ended, so that a blank must precede the next byte unless it is a blank.
   */
  #needsBlank = false;
  /** Whether a conditional comment is open; the client forgets this at the end of a line. */
  #isInConditional = false;

  constructor(line: Uint8Array, pending: ByteBuffer, state: LexicalState, options: ScanOptions) {
    this.#line = line;
    this.#pending = pending;
    this.#state = state;
    this.#options = options;
    this.#end = line.length;
  }

  /** The position up to which the line has been scanned. */
  get position(): number {
    return this.#position;
  }

  /** The position where the last command begins. */
  commandStart = 0;

  /** Scans up to the next event and returns it; undefined at the end of the line. */
  nextEvent(): ScanEvent | undefined {
    const line = this.#line;
    const state = this.#state;
    for (;;) {
      if (!this.#options.comments && this.#isStatementEmpty) {
        this.#position = skipBlanks(line, this.#position);
        this.#acceptedStart = this.#position;
      }
      if (!this.#needsBlank) {
        this.#position = state.findNextStop(line, this.#position, this.#end);
      }
      if (this.#position >= this.#end) {
        this.#finishLine();
        return undefined;
      }
      const event = this.#scanByte(line[this.#position] as number);
      if (event !== undefined) return event;
    }
  }

  /** Skips the arguments of the last command, up to and including the delimiter. */
  skipArguments(): void {
    this.#position = this.findArgumentsEnd();
    this.#acceptedStart = this.#position;
  }

  /** Returns the position to which `skipArguments` would move. */
  findArgumentsEnd(): number {
    const terminator = this.#isInConditional ? commentEnd : this.#state.delimiter;
    const found = findBytes(this.#line, terminator, this.#position);
    const end = this.#isInConditional ? found : found + terminator.length;
    return found < 0 ? this.#end : end;
  }

  /**
   * Reads up to `limit` arguments of the last shell command. If `limit` is infinite, also reads the
   * delimiter after them.
   */
  takeWords(limit: number): Uint8Array[] {
    const start = this.#position;
    const { words, end } = parseShellWords(this.#line, start, limit, this.#state.delimiter);
    this.#reportPart('argument', start, end);
    this.#position = end;
    if (limit === Number.POSITIVE_INFINITY) this.#skipDelimiter();
    else this.#acceptedStart = end;
    return words;
  }

  /**
   * Reads what ends a statement, after the last shell command: `\g`, `\G` or the delimiter, and a
   * redirect. Returns undefined if nothing of it is there.
   */
  takeEnding(): { vertical: boolean; redirect: ParsedRedirect | undefined } | undefined {
    const line = this.#line;
    const letter = skipBlanks(line, this.#position);
    const hasLetter = line[letter] === byte.backslash && isGoLetter(line[letter + 1]);
    const vertical = hasLetter && line[letter + 1] === byte.capitalG;
    if (hasLetter) this.#skipPart('command', letter, 2);
    const { delimiter } = this.#state;
    const next = skipBlanks(line, this.#position);
    const hasDelimiter = matchesAt(line, next, delimiter);
    if (hasDelimiter) this.#skipPart('delimiter', next, delimiter.length);
    const redirect = this.takeRedirect();
    if (!hasLetter && !hasDelimiter && redirect === undefined) return undefined;
    return { vertical: vertical || redirect?.vertical === true, redirect };
  }

  #skipPart(part: PartKind, start: number, length: number): void {
    this.#position = start + length;
    this.#acceptedStart = this.#position;
    this.#reportPart(part, start, this.#position);
  }

  /** Reads the rest of the line up to the delimiter, outside backticks, as one argument. */
  takeName(): Uint8Array[] {
    const line = this.#line;
    const start = skipBlanks(line, this.#position);
    let end = start;
    for (let isQuoted = false; end < this.#end; end++) {
      if (line[end] === byte.backtick) isQuoted = !isQuoted;
      else if (!isQuoted && matchesAt(line, end, this.#state.delimiter)) break;
    }
    this.#reportPart('argument', start, end);
    this.#position = end;
    this.#skipDelimiter();
    let trimmed = end;
    while (trimmed > start && isBlank(line[trimmed - 1])) trimmed--;
    return trimmed === start ? [] : [line.subarray(start, trimmed)];
  }

  #skipDelimiter(): void {
    const end = this.#position;
    if (end < this.#end) {
      this.#position += this.#state.delimiter.length;
      this.#reportPart('delimiter', end, this.#position);
    }
    this.#acceptedStart = this.#position;
  }

  /** Reads the redirect after the end of the last statement, if there is one. */
  takeRedirect(): ParsedRedirect | undefined {
    if (!this.#options.terminal) return undefined;
    const start = skipBlanks(this.#line, this.#position);
    const redirect = parseRedirect(this.#line, start, this.#state.delimiter);
    if (redirect !== undefined) this.#skipRedirect(start);
    return redirect;
  }

  #skipRedirect(start: number): void {
    this.#reportPart('redirect', start, this.#end);
    this.#position = this.#end;
    this.#acceptedStart = this.#end;
  }

  #reportPart(part: PartKind, start: number, end: number): void {
    const { listener, lineStart } = this.#options;
    listener?.onPart(part, lineStart + start, lineStart + end);
  }

  #reportConditionalMark(): void {
    if (this.#options.listener === undefined) return;
    const length = conditionalMarkLength(this.#line, this.#position);
    if (length > 0) this.#reportPart('comment', this.#position, this.#position + length);
  }

  /** Reports the start of a quoted text, or of a comment (`quote` is 0). */
  #reportOpen(quote: number, position: number): void {
    this.#options.listener?.onOpen(quote, this.#options.lineStart + position);
  }

  /** Reports the end of a quoted text or a comment; `position` is the position after it. */
  #reportClose(position: number): void {
    this.#options.listener?.onClose(this.#options.lineStart + position);
  }

  /** Whether no text of a statement was found yet. */
  get #isStatementEmpty(): boolean {
    return (
      this.#acceptedStart === this.#position && !this.#hasAddedBlank && this.#pending.length === 0
    );
  }

  /** Processes the current byte and those that belong to it. */
  #scanByte(current: number): ScanEvent | undefined {
    const line = this.#line;
    const state = this.#state;
    if (current >= 0x80) {
      const length = state.characterSet.length(line, this.#position);
      if (length > 1) {
        this.#position += length;
        return undefined;
      }
    }
    if (current === byte.backslash && state.hasEscapes) return this.#scanBackslash();
    if (state.isInCode) {
      if (matchesAt(line, this.#position, state.delimiter)) return this.#scanDelimiter();
      if (current === byte.hash || this.#isAtDashComment()) return this.#scanLineComment();
      if (current === byte.dollar && this.#options.terminal) {
        const redirect = this.#scanRedirect();
        if (redirect !== undefined) return { kind: 'redirect', redirect };
      }
    }
    if (state.openQuote === 0) {
      if (beginsPlainComment(line, this.#position)) {
        this.#beginComment();
        return undefined;
      }
      if (matchesAt(line, this.#position, commentEnd)) {
        if (state.isInComment && !this.#isInConditional) {
          this.#endComment();
          return undefined;
        }
        this.#isInConditional = false;
        if (state.isInCode) this.#reportPart('comment', this.#position, this.#position + 2);
      } else if (beginsConditionalComment(line, this.#position)) {
        this.#isInConditional = true;
      }
    }
    if (current === byte.slash && state.isInCode) this.#reportConditionalMark();
    if (current === state.openQuote) {
      state.openQuote = 0;
      this.#reportClose(this.#position + 1);
    } else if (state.isInCode && isQuote(current)) {
      state.openQuote = current;
      this.#reportOpen(current, this.#position);
    }
    this.#acceptByte(current);
    return undefined;
  }

  /** Reads a redirect, which must follow a blank, and ends the statement before it. */
  #scanRedirect(): ParsedRedirect | undefined {
    const start = this.#position;
    if (start > 0 && !isBlank(this.#line[start - 1])) return undefined;
    const redirect = parseRedirect(this.#line, start, this.#state.delimiter);
    if (redirect === undefined) return undefined;
    this.#flush(start);
    this.#skipRedirect(start);
    return redirect;
  }

  #acceptByte(current: number): void {
    if (this.#needsBlank && this.#isKept) {
      this.#needsBlank = false;
      if (!isBlank(current)) {
        this.#flush(this.#position);
        this.#pending.appendByte(byte.space);
        this.#hasAddedBlank = true;
      }
    }
    this.#position++;
  }

  /** Whether the current text is part of the statement, rather than of a discarded comment. */
  get #isKept(): boolean {
    return !this.#state.isInComment || this.#options.comments;
  }

  /** Appends the accepted bytes to the pending ones, and continues the scan at `next`. */
  #flush(next: number): void {
    if (this.#acceptedStart < this.#position) {
      this.#pending.append(this.#line.subarray(this.#acceptedStart, this.#position));
    }
    this.#acceptedStart = next;
    this.#position = next;
    this.#hasAddedBlank = false;
  }

  #scanBackslash(): ScanEvent | undefined {
    const { openQuote: quote } = this.#state;
    const letter = this.#line[this.#position + 1];
    if (letter === undefined || (letter === 0 && quote === 0)) {
      // The client drops a backslash at the end of a line, and a backslash before NUL with the rest
      // of the line. But quoted, with --binary-mode, it overwrites bytes of the next line; this
      // reader keeps the bytes unchanged there.
      if (this.#options.binaryMode && quote !== 0) this.#position = this.#end;
      else this.#end = this.#position;
      return undefined;
    }
    if (quote !== 0 || letter === byte.capitalN) {
      this.#position += 2;
      return undefined;
    }
    this.commandStart = this.#position;
    if (this.#options.terminal) {
      const shellCommand = findShellCommandAt(
        this.#line,
        this.#position + 1,
        this.#state.delimiter,
      );
      if (shellCommand !== undefined) {
        const start = this.#position;
        this.#flush(start + 1 + shellCommand.name.length);
        this.#reportPart('command', start, this.#position);
        return { kind: 'shell-command', entry: shellCommand };
      }
    }
    const entry = findCommandByLetter(letter);
    const foreign = this.#options.terminal
      ? findForeignCommandAt(this.#line, this.#position + 1)
      : undefined;
    const isKnown =
      entry !== undefined && !(this.#options.binaryMode && entry.binaryMode !== 'letter');
    if (!isKnown || foreign !== undefined) return this.#scanUnknownCommand(letter);
    const text = this.#line.subarray(this.#position);
    this.#flush(this.#position + 2);
    this.#reportPart('command', this.#position - 2, this.#position);
    return { kind: 'command', entry, text };
  }

  #scanUnknownCommand(letter: number): ScanEvent {
    const hasWord = this.#options.terminal && isLetter(letter);
    const nameStart = this.#position + 1;
    const name = hasWord ? getWordAt(this.#line, nameStart) : Uint8Array.of(letter);
    const isAlone = hasWord && this.#isStatementEmpty;
    this.#position = nameStart + name.length;
    return { kind: 'unknown-command', name, isAlone };
  }

  /** With --comments, a line comment after the delimiter is part of the statement. */
  #scanDelimiter(): ScanEvent {
    const line = this.#line;
    const end = this.#position + this.#state.delimiter.length;
    this.#reportPart('delimiter', this.#position, end);
    this.#flush(end);
    if (this.#options.comments) {
      const next = skipBlanks(line, end);
      if (line[next] === byte.hash || isDashComment(line, next)) {
        this.#position += truncateAtNul(line.subarray(end)).length;
        this.#reportPart('comment', next, this.#position);
        this.#flush(this.#position);
      } else {
        // The blanks are part of it too, but only XML output shows them.
        this.#position = next;
        this.#flush(next);
      }
    }
    return { kind: 'delimiter' };
  }

  /**
   * Whether a dash comment begins: two dashes and a blank, or any two dashes that begin a
   * statement.
   */
  #isAtDashComment(): boolean {
    const line = this.#line;
    const position = this.#position;
    if (line[position] !== byte.dash || line[position + 1] !== byte.dash) return false;
    const third = line[position + 2];
    return third === undefined || third === 0 || isBlank(third) || this.#isStatementEmpty;
  }

  #scanLineComment(): ScanEvent | undefined {
    const position = this.#position;
    this.#reportPart('comment', position, this.#end);
    this.#flush(this.#end);
    if (!this.#options.comments) return undefined;
    const isAlone = this.#pending.length === 0;
    this.#pending.append(truncateAtNul(this.#line.subarray(position)));
    return isAlone ? { kind: 'comment-line' } : undefined;
  }

  #beginComment(): void {
    this.#reportOpen(0, this.#position);
    if (!this.#isKept) this.#acceptedStart = this.#position;
    if (this.#options.comments) this.#position += 2;
    this.#flush(this.#options.comments ? this.#position : this.#position + 2);
    this.#state.isInComment = true;
  }

  #endComment(): void {
    this.#position += 2;
    if (!this.#options.comments) this.#acceptedStart = this.#position;
    this.#flush(this.#position);
    this.#reportClose(this.#position);
    this.#state.isInComment = false;
    this.#needsBlank = true;
  }

  #finishLine(): void {
    if (!this.#isKept) return;
    const accepted = this.#line.subarray(this.#acceptedStart, this.#end);
    if (accepted.length === 0 && !this.#hasAddedBlank && this.#pending.length === 0) return;
    this.#pending.append(accepted);
    const losesNewline =
      this.#state.isInCode && !this.#hasAddedBlank && beginsWithDelimiterWord(accepted);
    if (!losesNewline) this.#pending.appendByte(byte.newline);
  }
}
