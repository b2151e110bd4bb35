import { isNameQuote, type SqlMode } from '../protocol/sql-mode.js';
import { addCodeTokens, isHostSeparator } from './code-tokens.js';
import type { PartKind, ReaderListener, Token, TokenKind } from './token.js';

/** The commands whose argument is a name; the argument of other commands is text. */
const commandsWithNameArgument = /^(?:use|connect|charset|\\(?:u|r|C|d|dt|f|fd|fs|l))$/i;

/** Builds the tokens of a text from the positions that ScriptReader reports line by line. */
export class TokenBuilder implements ReaderListener {
  /** The byte offset of the current line; the positions of the reader are relative to it. */
  lineStart = 0;
  readonly #text: string;
  readonly #sqlMode: SqlMode;
  readonly #converter: Utf16Converter;
  readonly #tokens: Token[] = [];
  /** The end of the tokenized text, in UTF-16 units. */
  #tokenizedEnd = 0;
  #openPart: { quote: number; start: number } | undefined;
  /** The index of the first token of the current statement. */
  #statementStart = 0;

  constructor(text: string, bytes: Uint8Array, sqlMode: SqlMode) {
    this.#text = text;
    this.#sqlMode = sqlMode;
    this.#converter = new Utf16Converter(text, bytes);
  }

  onOpen(quote: number, position: number): void {
    // A comment within a comment does not open a token of its own.
    if (this.#openPart !== undefined) return;
    const start = this.#tokenizeCodeTo(position);
    this.#openPart = { quote, start };
  }

  onClose(position: number): void {
    if (this.#openPart !== undefined) this.#closePart(this.#toUtf16(position), false);
  }

  onPart(part: PartKind, startByte: number, endByte: number): void {
    const start = this.#tokenizeCodeTo(startByte);
    const end = this.#toUtf16(endByte);
    this.#tokenizedEnd = end;
    if (part === 'argument') {
      const source = this.#text.slice(start, end);
      const blanks = source.length - source.trimStart().length;
      this.#addArgument(start + blanks, start + source.trimEnd().length);
    } else {
      this.#addToken(part, start, end);
    }
  }

  onNamedCommand(end: number): void {
    this.#tokenizeCodeTo(end);
    const tokens = this.#tokens;
    let nameIndex = this.#statementStart;
    while (tokens[nameIndex]?.kind === 'comment') nameIndex++;
    const [name, ...argumentTokens] = tokens.splice(nameIndex);
    const delimiter = argumentTokens.pop();
    if (name === undefined || delimiter === undefined) return;
    this.#addToken('command', name.start, name.end);
    const start = argumentTokens[0]?.start;
    if (start !== undefined) this.#addArgument(start, argumentTokens.at(-1)?.end ?? start);
    tokens.push(delimiter);
  }

  onItemEnd(position: number): void {
    this.#tokenizeCodeTo(position);
    this.#statementStart = this.#tokens.length;
  }

  finish(): Token[] {
    if (this.#openPart !== undefined) this.#closePart(this.#text.length, true);
    this.#tokenizeCodeToUtf16(this.#text.length);
    return this.#tokens;
  }

  #toUtf16(position: number): number {
    return this.#converter.toUtf16(this.lineStart + position);
  }

  #tokenizeCodeTo(position: number): number {
    const utf16 = this.#toUtf16(position);
    this.#tokenizeCodeToUtf16(utf16);
    // The slash of an unmatched `*/` may begin a comment, so the text may be tokenized already.
    return Math.max(utf16, this.#tokenizedEnd);
  }

  #tokenizeCodeToUtf16(utf16: number): void {
    if (utf16 <= this.#tokenizedEnd || this.#openPart !== undefined) return;
    addCodeTokens(this.#text, this.#tokenizedEnd, utf16, this.#tokens);
    this.#tokenizedEnd = utf16;
  }

  #addToken(kind: TokenKind, start: number, end: number, isOpen = false): void {
    if (start < end) this.#tokens.push({ kind, start, end, isOpen });
  }

  /** Adds the token of the open quoted text or comment, which ends here or with the text. */
  #closePart(end: number, isOpen: boolean): void {
    const { quote, start } = this.#openPart ?? { quote: 0, start: end };
    this.#openPart = undefined;
    this.#tokenizedEnd = end;
    if (quote === 0) this.#addToken('comment', start, end, isOpen);
    else if (!this.#mergeQuoted(start, end, isOpen)) {
      const isName = isNameQuote(String.fromCharCode(quote), this.#sqlMode);
      this.#addToken(isName ? 'quoted-name' : 'string', start, end, isOpen);
    }
  }

  /**
   * Merges a quoted text with the previous token, and returns whether they are one token: a doubled
   * quote within quotes, x'4a', n'a' and @'a'.
   */
  #mergeQuoted(start: number, end: number, isOpen: boolean): boolean {
    const text = this.#text;
    const previous = this.#tokens.at(-1);
    if (previous?.end !== start) return false;
    const source = text.slice(previous.start, previous.end);
    const kind = mergedKind(previous.kind, source, text[start] as string);
    if (kind === undefined) return false;
    if (source === '@' && isHostSeparator(text, previous.start, this.#tokens.slice(-2, -1)))
      return false;
    previous.kind = kind;
    previous.end = end;
    previous.isOpen = isOpen;
    return true;
  }

  #addArgument(start: number, end: number): void {
    const command = this.#tokens.at(-1);
    if (start >= end || command === undefined) return;
    const argument = this.#text.slice(start, end);
    const name = this.#text.slice(command.start, command.end);
    const setsDelimiter = name === '\\d' && !/[\w`]/.test(argument);
    if (commandsWithNameArgument.test(name) && !setsDelimiter)
      this.#addToken(argument[0] === '`' ? 'quoted-name' : 'name', start, end);
    else this.#addToken(/^[\d.]+$/.test(argument) ? 'number' : 'string', start, end);
  }
}

/**
 * Returns the kind of the token that a token and an adjacent quoted text form together; undefined
 * if they are separate tokens. The quoted text begins with `quote`.
 */
function mergedKind(kind: TokenKind, source: string, quote: string): TokenKind | undefined {
  if (kind === 'string' || kind === 'quoted-name') return source[0] === quote ? kind : undefined;
  if (kind === 'variable') return source.includes(quote) ? kind : undefined;
  if (source === '@') return 'variable';
  if (quote !== "'" || kind !== 'name') return undefined;
  if (/^[xb]$/i.test(source)) return 'number';
  return /^n$/i.test(source) ? 'string' : undefined;
}

/**
 * Converts byte offsets in the UTF-8 form of a text to UTF-16 offsets. Fast only for increasing
 * offsets.
 */
class Utf16Converter {
  readonly #text: string;
  readonly #isAscii: boolean;
  #byte = 0;
  #utf16 = 0;

  /** `bytes` is the UTF-8 form of `text` and a newline. */
  constructor(text: string, bytes: Uint8Array) {
    this.#text = text;
    this.#isAscii = bytes.length === text.length + 1;
  }

  /** Returns the UTF-16 offset for a byte offset, at most the length of the text. */
  toUtf16(position: number): number {
    if (this.#isAscii) return Math.min(position, this.#text.length);
    if (position < this.#byte) {
      this.#byte = 0;
      this.#utf16 = 0;
    }
    while (this.#byte < position && this.#utf16 < this.#text.length) {
      const codePoint = this.#text.codePointAt(this.#utf16) ?? 0;
      this.#byte += codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
      this.#utf16 += codePoint < 0x10000 ? 1 : 2;
    }
    return this.#utf16;
  }
}
