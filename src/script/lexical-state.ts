import { defaultSqlMode, escapesWithin, type SqlMode } from '../protocol/sql-mode.js';
import { byte, untilNul } from './bytes.js';
import { characterSet, type LexicalCharacterSet } from './character-set.js';
import {
  pass,
  type ScanTargets,
  type StopTable,
  type StopTables,
  stop,
  stopTables,
} from './stop-table.js';

/** What is open where a line begins: nothing, a statement, a quote, or a comment. */
export type Opening = '' | '-' | "'" | '"' | '`' | '/*';

/** Observed of mariadb 10.11: whatever its own prompt is, and however long. */
const prompts = {
  '-': '    -> ',
  "'": "    '> ",
  '"': '    "> ',
  '`': '    `> ',
  '/*': '   /*> ',
} as const;

/** The client's prompt for a line that goes on with something; where nothing is open it is its own. */
export function continuationPrompt(opening: Exclude<Opening, ''>): string {
  return prompts[opening];
}

/** Bytes that are looked at one by one before a search is worth while. */
const shortRun = 64;
/** Bytes that are searched at a time. */
const searchWindow = 4096;

/** The client cuts its delimiter to this many bytes. */
const longestDelimiter = 15;

/** What a scan carries from line to line: the place that it is in, and what decides what ends it. */
export class LexicalState {
  /** The session's: it decides where a backslash escapes. */
  sqlMode: SqlMode = defaultSqlMode;
  /** The quote that is open, 0 if none. */
  quote = 0;
  /** In a comment other than one that the server may execute. */
  inComment = false;

  #delimiter: Uint8Array = Uint8Array.of(0x3b);
  #characters: LexicalCharacterSet;
  #stops: StopTables;
  readonly #attention: ScanTargets;

  constructor(delimiter: Uint8Array, characterSetName: string, attention: ScanTargets) {
    this.#characters = characterSet(characterSetName);
    this.#attention = attention;
    this.#stops = stopTables(this.#delimiter, this.#characters, attention);
    this.delimiter = delimiter;
  }

  get delimiter(): Uint8Array {
    return this.#delimiter;
  }

  /** Only the first 15 bytes count. An empty one is passed over: nothing would ever end. */
  set delimiter(delimiter: Uint8Array) {
    const seen = untilNul(delimiter).subarray(0, longestDelimiter);
    if (seen.length === 0) return;
    this.#delimiter = Uint8Array.from(seen);
    this.#stops = stopTables(this.#delimiter, this.#characters, this.#attention);
  }

  get characters(): LexicalCharacterSet {
    return this.#characters;
  }

  set characters(characters: LexicalCharacterSet) {
    this.#characters = characters;
    this.#stops = stopTables(this.#delimiter, characters, this.#attention);
  }

  /** Whether what stands here is neither quoted nor in a comment. */
  get inCode(): boolean {
    return this.quote === 0 && !this.inComment;
  }

  /** Whether a backslash means something here. */
  get escapes(): boolean {
    if (this.inComment) return false;
    return this.quote === 0 || escapesWithin(String.fromCharCode(this.quote), this.sqlMode);
  }

  /**
   * The first position from `position` on at which more than a quote may open or close; `end` if
   * there is none. Keeps account of the quotes on the way.
   */
  nextStop(bytes: Uint8Array, position: number, end: number): number {
    let stops = this.#stopsHere();
    let next = position;
    for (;;) {
      const near = Math.min(end, next + shortRun);
      while (next < near && stops[bytes[next] as number] === pass) next++;
      if (next === near && next < end) next = this.#longRun(bytes, next, end);
      while (next < end && stops[bytes[next] as number] === pass) next++;
      if (next >= end) return end;
      const value = bytes[next] as number;
      if (stops[value] === stop) return next;
      this.quote = this.quote === 0 ? value : 0;
      stops = this.#stopsHere();
      next++;
    }
  }

  /**
   * Passes over a long quoted value, by searching for the bytes that can end it: some ten times as
   * fast as looking at each. Gives a position up to which nothing happens, not the last such one.
   * The search goes on window by window: else a byte that is far away would be searched for from
   * each of the near ones anew.
   */
  #longRun(bytes: Uint8Array, position: number, end: number): number {
    if (this.quote === 0 || this.inComment || this.#characters.hidesBytes) return position;
    const { escapes } = this;
    for (let start = position; start < end; start += searchWindow) {
      const window = bytes.subarray(start, Math.min(end, start + searchWindow));
      const quoteAt = window.indexOf(this.quote);
      const before = quoteAt < 0 ? window : window.subarray(0, quoteAt);
      const escapeAt = escapes ? before.indexOf(byte.backslash) : -1;
      if (quoteAt >= 0 || escapeAt >= 0) return start + (escapeAt >= 0 ? escapeAt : quoteAt);
    }
    return end;
  }

  #stopsHere(): StopTable {
    if (this.inComment) return this.#stops.comment;
    switch (this.quote) {
      case 0:
        return this.#stops.code;
      case byte.singleQuote:
        return this.#stops.singleQuote;
      case byte.doubleQuote:
        return this.#stops.doubleQuote;
      default:
        return this.#stops.backtick;
    }
  }
}
