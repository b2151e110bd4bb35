import { allowsBackslashEscapes, defaultSqlMode, type SqlMode } from '../protocol/sql-mode.js';
import { byte, truncateAtNul } from './bytes.js';
import { getLexicalCharacterSet, type LexicalCharacterSet } from './lexical-character-set.js';
import {
  buildStopTables,
  pass,
  type ScanTargets,
  type StopTable,
  type StopTables,
  stop,
} from './stop-table.js';

/** The construct that a line continues: nothing, a statement, a quoted text or a comment. */
export type OpenConstruct = '' | '-' | "'" | '"' | '`' | '/*';

/** Observed (mariadb 10.11): the continuation prompts do not depend on the prompt or its width. */
const continuationPrompts = {
  '-': '    -> ',
  "'": "    '> ",
  '"': '    "> ',
  '`': '    `> ',
  '/*': '   /*> ',
} as const;

/** Returns the client's prompt for a line that continues a construct. */
export function getContinuationPrompt(openConstruct: Exclude<OpenConstruct, ''>): string {
  return continuationPrompts[openConstruct];
}

/** The number of bytes to examine one by one before the faster search is worthwhile. */
const shortRunLength = 64;
/** The number of bytes to search at a time. */
const searchWindow = 4096;

/** The client truncates its delimiter to this many bytes. */
const maximumDelimiterLength = 15;

/**
 * The state of a LineScanner that lasts from line to line: the open quote or comment, and the
 * settings that determine where quotes, comments and statements end.
 */
export class LexicalState {
  /** The SQL mode of the session, which determines whether a backslash is an escape character. */
  sqlMode: SqlMode = defaultSqlMode;
  /** The byte of the open quote; 0 if none is open. */
  openQuote = 0;
  /** Whether a comment is open, other than a conditional one, which the server may execute. */
  isInComment = false;

  #delimiter: Uint8Array = Uint8Array.of(0x3b);
  #characterSet: LexicalCharacterSet;
  #stopTables: StopTables;
  readonly #scanTargets: ScanTargets;

  constructor(delimiter: Uint8Array, characterSetName: string, scanTargets: ScanTargets) {
    this.#characterSet = getLexicalCharacterSet(characterSetName);
    this.#scanTargets = scanTargets;
    this.#stopTables = buildStopTables(this.#delimiter, this.#characterSet, scanTargets);
    this.delimiter = delimiter;
  }

  get delimiter(): Uint8Array {
    return this.#delimiter;
  }

  /**
   * Uses only the first 15 bytes. Ignores an empty delimiter, with which no statement would ever
   * end.
   */
  set delimiter(delimiter: Uint8Array) {
    const significant = truncateAtNul(delimiter).subarray(0, maximumDelimiterLength);
    if (significant.length === 0) return;
    this.#delimiter = Uint8Array.from(significant);
    this.#stopTables = buildStopTables(this.#delimiter, this.#characterSet, this.#scanTargets);
  }

  get characterSet(): LexicalCharacterSet {
    return this.#characterSet;
  }

  set characterSet(characterSet: LexicalCharacterSet) {
    this.#characterSet = characterSet;
    this.#stopTables = buildStopTables(this.#delimiter, characterSet, this.#scanTargets);
  }

  /** Whether the scanner is outside quotes and comments. */
  get isInCode(): boolean {
    return this.openQuote === 0 && !this.isInComment;
  }

  /** Whether a backslash is special here: an escape character, or the start of a command. */
  get hasEscapes(): boolean {
    if (this.isInComment) return false;
    return (
      this.openQuote === 0 ||
      allowsBackslashEscapes(String.fromCharCode(this.openQuote), this.sqlMode)
    );
  }

  /**
   * Returns the first position from `position` on at which anything other than the start or end of
   * a quote is possible, or `end` if there is none. Updates `openQuote` on the way.
   */
  findNextStop(bytes: Uint8Array, position: number, end: number): number {
    let stopTable = this.#currentStopTable();
    let next = position;
    for (;;) {
      const shortRunEnd = Math.min(end, next + shortRunLength);
      while (next < shortRunEnd && stopTable[bytes[next] as number] === pass) next++;
      if (next === shortRunEnd && next < end) next = this.#skipQuotedText(bytes, next, end);
      while (next < end && stopTable[bytes[next] as number] === pass) next++;
      if (next >= end) return end;
      const value = bytes[next] as number;
      if (stopTable[value] === stop) return next;
      this.openQuote = this.openQuote === 0 ? value : 0;
      stopTable = this.#currentStopTable();
      next++;
    }
  }

  /**
   * Skips a long quoted text by searching for the bytes that can end it, about ten times as fast as
   * examining each byte. Returns a position before which nothing can end it, not necessarily the
   * last such position. Searches one window at a time: otherwise, in a text with many backslashes,
   * each call would search all the way to a distant quote again.
   */
  #skipQuotedText(bytes: Uint8Array, position: number, end: number): number {
    if (this.openQuote === 0 || this.isInComment || this.#characterSet.hasAsciiTrailBytes)
      return position;
    const { hasEscapes } = this;
    for (let start = position; start < end; start += searchWindow) {
      const window = bytes.subarray(start, Math.min(end, start + searchWindow));
      const quoteIndex = window.indexOf(this.openQuote);
      const beforeQuote = quoteIndex < 0 ? window : window.subarray(0, quoteIndex);
      const escapeIndex = hasEscapes ? beforeQuote.indexOf(byte.backslash) : -1;
      if (quoteIndex >= 0 || escapeIndex >= 0)
        return start + (escapeIndex >= 0 ? escapeIndex : quoteIndex);
    }
    return end;
  }

  #currentStopTable(): StopTable {
    if (this.isInComment) return this.#stopTables.comment;
    switch (this.openQuote) {
      case 0:
        return this.#stopTables.code;
      case byte.singleQuote:
        return this.#stopTables.singleQuote;
      case byte.doubleQuote:
        return this.#stopTables.doubleQuote;
      default:
        return this.#stopTables.backtick;
    }
  }
}
