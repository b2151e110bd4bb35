import { shellWords } from './arguments.js';
import type { ByteBuffer } from './byte-buffer.js';
import { byte, find, isBlank, isQuote, skipBlanks, standsAt, untilNul } from './bytes.js';
import {
  type CommandEntry,
  commandByLetter,
  type ShellCommandEntry,
  shellCommandAt,
} from './command-table.js';
import {
  beginsConditional,
  beginsPlainComment,
  conditionalMark,
  isDashComment,
} from './comments.js';
import type { LexicalState } from './lexical-state.js';
import { beginsWithDelimiterWord } from './named-command.js';
import { type FoundRedirect, redirectAt } from './redirect.js';
import type { Part, Trace } from './token.js';

const commentEnd = Uint8Array.from([byte.asterisk, byte.slash]);

/** What a scan comes upon and its reader has to act on, before the scan goes on. */
export type ScanEvent =
  /** What is pending is a statement. */
  | { kind: 'delimiter' }
  /** What is pending is a comment of one line, which is sent alone. */
  | { kind: 'comment-line' }
  /** A backslash and a letter; `text` is the line from the backslash on. */
  | { kind: 'command'; entry: CommandEntry; text: Uint8Array }
  | { kind: 'unknown-command'; letter: number }
  /** A command of the shell's own; its words are still to be taken with `takeWords`. */
  | { kind: 'shell-command'; entry: ShellCommandEntry }
  /** What is pending is a statement whose result goes elsewhere. */
  | { kind: 'redirect'; redirect: FoundRedirect };

export interface ScanOptions {
  comments: boolean;
  binaryMode: boolean;
  /** The shell's own commands and redirects count. */
  terminal: boolean;
  /** Where the line begins in the text, for the trace. */
  lineStart: number;
  trace: Trace | undefined;
}

/**
 * Goes through one line and adds to what is pending that which belongs to a statement. The rules
 * are those of mariadb 10.11, with its oddities: a comment that is discarded leaves a blank before
 * the byte behind it, if that is none; a line that begins with the word `delimiter` in the middle
 * of a statement loses its newline; within a comment of the form that the server may execute, the
 * first end of a nested comment does not end that.
 */
export class LineScan {
  readonly #line: Uint8Array;
  readonly #pending: ByteBuffer;
  readonly #state: LexicalState;
  readonly #options: ScanOptions;
  /** line[from, position) is accepted but not yet pending. */
  #from = 0;
  #position = 0;
  #end: number;
  /** Since the last flush a blank was added to what is pending. */
  #blankAdded = false;
  /** A comment ended, so the next byte, unless it is a blank, gets one before it. */
  #blankDue = false;
  /** In a comment that the server may execute; the client forgets it at the line's end. */
  #inConditional = false;

  constructor(line: Uint8Array, pending: ByteBuffer, state: LexicalState, options: ScanOptions) {
    this.#line = line;
    this.#pending = pending;
    this.#state = state;
    this.#options = options;
    this.#end = line.length;
  }

  /** Up to where the line has been dealt with. */
  get position(): number {
    return this.#position;
  }

  /** Where the command just met begins. */
  commandStart = 0;

  /** Goes on to the next event; undefined when the line is done. */
  next(): ScanEvent | undefined {
    const line = this.#line;
    const state = this.#state;
    for (;;) {
      if (!this.#options.comments && this.#untouched) {
        this.#position = skipBlanks(line, this.#position);
        this.#from = this.#position;
      }
      if (!this.#blankDue) {
        this.#position = state.nextStop(line, this.#position, this.#end);
      }
      if (this.#position >= this.#end) {
        this.#finish();
        return undefined;
      }
      const event = this.#step(line[this.#position] as number);
      if (event !== undefined) return event;
    }
  }

  /** Passes over the arguments of the command just met, up to and with the delimiter. */
  skipArguments(): void {
    this.#position = this.argumentsEnd();
    this.#from = this.#position;
  }

  /** Up to where `skipArguments` would pass over them. */
  argumentsEnd(): number {
    const until = this.#inConditional ? commentEnd : this.#state.delimiter;
    const found = find(this.#line, until, this.#position);
    const behind = this.#inConditional ? found : found + until.length;
    return found < 0 ? this.#end : behind;
  }

  /** Takes up to `limit` words behind the shell command just met, and the delimiter behind them. */
  takeWords(limit: number): Uint8Array[] {
    const start = this.#position;
    const { words, end } = shellWords(this.#line, start, limit, this.#state.delimiter);
    this.#tell('argument', start, end);
    this.#position = end;
    if (limit === Number.POSITIVE_INFINITY && end < this.#end) {
      this.#position += this.#state.delimiter.length;
      this.#tell('delimiter', end, this.#position);
    }
    this.#from = this.#position;
    return words;
  }

  /** Takes the redirect that stands behind the end of the statement just met. */
  takeRedirect(): FoundRedirect | undefined {
    if (!this.#options.terminal) return undefined;
    const start = skipBlanks(this.#line, this.#position);
    const redirect = redirectAt(this.#line, start, this.#state.delimiter);
    if (redirect !== undefined) this.#passRedirect(start);
    return redirect;
  }

  #passRedirect(start: number): void {
    this.#tell('redirect', start, this.#end);
    this.#position = this.#end;
    this.#from = this.#end;
  }

  #tell(part: Part, start: number, end: number): void {
    const { trace, lineStart } = this.#options;
    trace?.part(part, lineStart + start, lineStart + end);
  }

  #tellConditional(): void {
    if (this.#options.trace === undefined) return;
    const length = conditionalMark(this.#line, this.#position);
    if (length > 0) this.#tell('comment', this.#position, this.#position + length);
  }

  /** A quote, or a comment (0), opens or closes; `position` is behind what closes it. */
  #tellOpen(quote: number, position: number): void {
    this.#options.trace?.open(quote, this.#options.lineStart + position);
  }

  #tellClose(position: number): void {
    this.#options.trace?.close(this.#options.lineStart + position);
  }

  /** Nothing of a statement was met yet. */
  get #untouched(): boolean {
    return this.#from === this.#position && !this.#blankAdded && this.#pending.length === 0;
  }

  /** Deals with the byte at hand, and with those that belong to it. */
  #step(current: number): ScanEvent | undefined {
    const line = this.#line;
    const state = this.#state;
    if (current >= 0x80) {
      const length = state.characters.length(line, this.#position);
      if (length > 1) {
        this.#position += length;
        return undefined;
      }
    }
    if (current === byte.backslash && state.escapes) return this.#backslash();
    if (state.inCode) {
      if (standsAt(line, this.#position, state.delimiter)) return this.#delimiter();
      if (current === byte.hash || this.#atDashComment()) return this.#lineComment();
      if (current === byte.dollar && this.#options.terminal) {
        const redirect = this.#redirect();
        if (redirect !== undefined) return { kind: 'redirect', redirect };
      }
    }
    if (state.quote === 0) {
      if (beginsPlainComment(line, this.#position)) {
        this.#beginComment();
        return undefined;
      }
      if (standsAt(line, this.#position, commentEnd)) {
        if (state.inComment && !this.#inConditional) {
          this.#endComment();
          return undefined;
        }
        this.#inConditional = false;
        if (state.inCode) this.#tell('comment', this.#position, this.#position + 2);
      } else if (beginsConditional(line, this.#position)) {
        this.#inConditional = true;
      }
    }
    if (current === byte.slash && state.inCode) this.#tellConditional();
    if (current === state.quote) {
      state.quote = 0;
      this.#tellClose(this.#position + 1);
    } else if (state.inCode && isQuote(current)) {
      state.quote = current;
      this.#tellOpen(current, this.#position);
    }
    this.#accept(current);
    return undefined;
  }

  /** A redirect, which has a blank before it, and ends the statement before it. */
  #redirect(): FoundRedirect | undefined {
    const start = this.#position;
    if (start > 0 && !isBlank(this.#line[start - 1])) return undefined;
    const redirect = redirectAt(this.#line, start, this.#state.delimiter);
    if (redirect === undefined) return undefined;
    this.#flush(start);
    this.#passRedirect(start);
    return redirect;
  }

  #accept(current: number): void {
    if (this.#blankDue && this.#keepsHere) {
      this.#blankDue = false;
      if (!isBlank(current)) {
        this.#flush(this.#position);
        this.#pending.appendByte(byte.space);
        this.#blankAdded = true;
      }
    }
    this.#position++;
  }

  /** Whether what stands here belongs to a statement. */
  get #keepsHere(): boolean {
    return !this.#state.inComment || this.#options.comments;
  }

  /** Makes pending what was accepted; the scan goes on at `next`. */
  #flush(next: number): void {
    if (this.#from < this.#position) {
      this.#pending.append(this.#line.subarray(this.#from, this.#position));
    }
    this.#from = next;
    this.#position = next;
    this.#blankAdded = false;
  }

  #backslash(): ScanEvent | undefined {
    const { quote } = this.#state;
    const letter = this.#line[this.#position + 1];
    if (letter === undefined || (letter === 0 && quote === 0)) {
      // The client loses a backslash at a line's end, and NUL with all behind it. But quoted in
      // binary mode it writes over the bytes of the next line: there we keep them as they are.
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
      const own = shellCommandAt(this.#line, this.#position + 1);
      if (own !== undefined) {
        const start = this.#position;
        this.#flush(start + 1 + own.name.length);
        this.#tell('command', start, this.#position);
        return { kind: 'shell-command', entry: own };
      }
    }
    const entry = commandByLetter(letter);
    if (entry === undefined || (this.#options.binaryMode && entry.binaryMode !== 'letter')) {
      this.#position += 2;
      return { kind: 'unknown-command', letter };
    }
    const text = this.#line.subarray(this.#position);
    this.#flush(this.#position + 2);
    this.#tell('command', this.#position - 2, this.#position);
    return { kind: 'command', entry, text };
  }

  /** With --comments a comment of one line behind the delimiter belongs to the statement. */
  #delimiter(): ScanEvent {
    const line = this.#line;
    const behind = this.#position + this.#state.delimiter.length;
    this.#tell('delimiter', this.#position, behind);
    this.#flush(behind);
    if (this.#options.comments) {
      const next = skipBlanks(line, behind);
      if (line[next] === byte.hash || isDashComment(line, next)) {
        this.#position += untilNul(line.subarray(behind)).length;
        this.#tell('comment', next, this.#position);
        this.#flush(this.#position);
      } else {
        // The blanks too, which only XML output shows.
        this.#position = next;
        this.#flush(next);
      }
    }
    return { kind: 'delimiter' };
  }

  /** Two dashes and a blank; at the very beginning of a statement, any two dashes. */
  #atDashComment(): boolean {
    const line = this.#line;
    const position = this.#position;
    if (line[position] !== byte.dash || line[position + 1] !== byte.dash) return false;
    const third = line[position + 2];
    return third === undefined || third === 0 || isBlank(third) || this.#untouched;
  }

  #lineComment(): ScanEvent | undefined {
    const position = this.#position;
    this.#tell('comment', position, this.#end);
    this.#flush(this.#end);
    if (!this.#options.comments) return undefined;
    const alone = this.#pending.length === 0;
    this.#pending.append(untilNul(this.#line.subarray(position)));
    return alone ? { kind: 'comment-line' } : undefined;
  }

  #beginComment(): void {
    this.#tellOpen(0, this.#position);
    if (!this.#keepsHere) this.#from = this.#position;
    if (this.#options.comments) this.#position += 2;
    this.#flush(this.#options.comments ? this.#position : this.#position + 2);
    this.#state.inComment = true;
  }

  #endComment(): void {
    this.#position += 2;
    if (!this.#options.comments) this.#from = this.#position;
    this.#flush(this.#position);
    this.#tellClose(this.#position);
    this.#state.inComment = false;
    this.#blankDue = true;
  }

  #finish(): void {
    if (!this.#keepsHere) return;
    const run = this.#line.subarray(this.#from, this.#end);
    if (run.length === 0 && !this.#blankAdded && this.#pending.length === 0) return;
    this.#pending.append(run);
    const swallowed = this.#state.inCode && !this.#blankAdded && beginsWithDelimiterWord(run);
    if (!swallowed) this.#pending.appendByte(byte.newline);
  }
}
