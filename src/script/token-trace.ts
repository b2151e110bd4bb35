import { enclosesName, type SqlMode } from '../protocol/sql-mode.js';
import { addCodeTokens, isHost } from './code-tokens.js';
import type { Part, Token, TokenKind, Trace } from './token.js';

/** Commands whose argument is a name; of others it is text. */
const takesName = /^(?:use|connect|charset|\\(?:u|r|C|f|fs|fd))$/i;

/** Makes tokens of what a reader tells of the places in a text that is read line by line. */
export class TokenTrace implements Trace {
  /** Byte offset of the line that is being read; the reader's positions count from it. */
  lineStart = 0;
  readonly #text: string;
  readonly #sqlMode: SqlMode;
  readonly #positions: Utf16Positions;
  readonly #tokens: Token[] = [];
  /** Up to where there are tokens. */
  #done = 0;
  #open: { quote: number; start: number } | undefined;
  /** The first token of the statement. */
  #first = 0;

  constructor(text: string, bytes: Uint8Array, sqlMode: SqlMode) {
    this.#text = text;
    this.#sqlMode = sqlMode;
    this.#positions = new Utf16Positions(text, bytes);
  }

  open(quote: number, position: number): void {
    // A comment that begins within one begins nothing.
    if (this.#open !== undefined) return;
    const start = this.#codeUpTo(position);
    this.#open = { quote, start };
  }

  close(position: number): void {
    if (this.#open !== undefined) this.#addOpened(this.#unitAt(position), false);
  }

  part(part: Part, from: number, to: number): void {
    const start = this.#codeUpTo(from);
    const end = this.#unitAt(to);
    this.#done = end;
    if (part === 'argument') {
      const shown = this.#text.slice(start, end);
      const blanks = shown.length - shown.trimStart().length;
      this.#addArgument(start + blanks, start + shown.trimEnd().length);
    } else {
      this.#add(part, start, end);
    }
  }

  wasCommand(end: number): void {
    this.#codeUpTo(end);
    const tokens = this.#tokens;
    let at = this.#first;
    while (tokens[at]?.kind === 'comment') at++;
    const [name, ...behind] = tokens.splice(at);
    const delimiter = behind.pop();
    if (name === undefined || delimiter === undefined) return;
    this.#add('command', name.start, name.end);
    const start = behind[0]?.start;
    if (start !== undefined) this.#addArgument(start, behind.at(-1)?.end ?? start);
    tokens.push(delimiter);
  }

  ended(position: number): void {
    this.#codeUpTo(position);
    this.#first = this.#tokens.length;
  }

  finish(): Token[] {
    if (this.#open !== undefined) this.#addOpened(this.#text.length, true);
    this.#codeUnitsUpTo(this.#text.length);
    return this.#tokens;
  }

  #unitAt(position: number): number {
    return this.#positions.unitAt(this.lineStart + position);
  }

  #codeUpTo(position: number): number {
    const unit = this.#unitAt(position);
    this.#codeUnitsUpTo(unit);
    // The slash of a stray end of a comment may begin one.
    return Math.max(unit, this.#done);
  }

  #codeUnitsUpTo(unit: number): void {
    if (unit <= this.#done || this.#open !== undefined) return;
    addCodeTokens(this.#text, this.#done, unit, this.#tokens);
    this.#done = unit;
  }

  #add(kind: TokenKind, start: number, end: number, open = false): void {
    if (start < end) this.#tokens.push({ kind, start, end, open });
  }

  /** The quote or the comment that was open is over, or the text is. */
  #addOpened(end: number, open: boolean): void {
    const { quote, start } = this.#open ?? { quote: 0, start: end };
    this.#open = undefined;
    this.#done = end;
    if (quote === 0) this.#add('comment', start, end, open);
    else if (!this.#joinQuoted(start, end, open)) {
      const isName = enclosesName(String.fromCharCode(quote), this.#sqlMode);
      this.#add(isName ? 'quoted-name' : 'string', start, end, open);
    }
  }

  /** A doubled quote within quotes; x'4a' and n'a'; @'a'. */
  #joinQuoted(start: number, end: number, open: boolean): boolean {
    const text = this.#text;
    const before = this.#tokens.at(-1);
    if (before?.end !== start) return false;
    const shown = text.slice(before.start, before.end);
    const kind = joined(before.kind, shown, text[start] as string);
    if (kind === undefined) return false;
    if (shown === '@' && isHost(text, before.start, this.#tokens.slice(-2, -1))) return false;
    before.kind = kind;
    before.end = end;
    before.open = open;
    return true;
  }

  #addArgument(start: number, end: number): void {
    const command = this.#tokens.at(-1);
    if (start >= end || command === undefined) return;
    const argument = this.#text.slice(start, end);
    const name = this.#text.slice(command.start, command.end);
    if (takesName.test(name)) this.#add(argument[0] === '`' ? 'quoted-name' : 'name', start, end);
    else this.#add(/^[\d.]+$/.test(argument) ? 'number' : 'string', start, end);
  }
}

/** What a token becomes with the quoted part right behind it, which begins with `quote`. */
function joined(kind: TokenKind, shown: string, quote: string): TokenKind | undefined {
  if (kind === 'string' || kind === 'quoted-name') return shown[0] === quote ? kind : undefined;
  if (kind === 'variable') return shown.includes(quote) ? kind : undefined;
  if (shown === '@') return 'variable';
  if (quote !== "'" || kind !== 'name') return undefined;
  if (/^[xb]$/i.test(shown)) return 'number';
  return /^n$/i.test(shown) ? 'string' : undefined;
}

/** Where bytes of a text's UTF-8 are in the text itself; cheap as long as it is asked in order. */
class Utf16Positions {
  readonly #text: string;
  readonly #isAscii: boolean;
  #byte = 0;
  #unit = 0;

  /** `bytes`: those of `text` and a newline. */
  constructor(text: string, bytes: Uint8Array) {
    this.#text = text;
    this.#isAscii = bytes.length === text.length + 1;
  }

  /** The UTF-16 unit at that byte; the text's length for all behind it. */
  unitAt(position: number): number {
    if (this.#isAscii) return Math.min(position, this.#text.length);
    if (position < this.#byte) {
      this.#byte = 0;
      this.#unit = 0;
    }
    while (this.#byte < position && this.#unit < this.#text.length) {
      const point = this.#text.codePointAt(this.#unit) ?? 0;
      this.#byte += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
      this.#unit += point < 0x10000 ? 1 : 2;
    }
    return this.#unit;
  }
}
