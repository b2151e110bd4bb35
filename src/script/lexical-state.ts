import { byte, untilNul } from './bytes.js';
import { type CharacterSet, characterSet } from './character-set.js';

/** What a scan does at each byte. */
type StopTable = Uint8Array;
const pass = 0;
const stop = 1;
/** A quote opens or closes here, and nothing else can. */
const toggle = 2;

const quotes = [byte.singleQuote, byte.doubleQuote, byte.backtick];

/** The client cuts its delimiter to this many bytes. */
const longestDelimiter = 15;

/** What a scan carries from line to line: the place that it is in, and what decides what ends it. */
export class LexicalState {
  /** The server's status flag: a backslash within quotes is a plain byte. */
  noBackslashEscapes = false;
  /** The quote that is open, 0 if none. */
  quote = 0;
  /** In a comment other than one that the server may execute. */
  inComment = false;

  #delimiter: Uint8Array = Uint8Array.of(0x3b);
  #characters: CharacterSet;
  #codeStops: StopTable;
  #commentStops: StopTable;
  #singleQuoteStops: StopTable;
  #doubleQuoteStops: StopTable;
  #backtickStops: StopTable;

  constructor(delimiter: Uint8Array, characterSetName: string) {
    this.#characters = characterSet(characterSetName);
    this.#codeStops = this.#codeTable();
    this.#commentStops = this.#commentTable();
    this.#singleQuoteStops = this.#quoteTable(byte.singleQuote);
    this.#doubleQuoteStops = this.#quoteTable(byte.doubleQuote);
    this.#backtickStops = this.#quoteTable(byte.backtick);
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
    this.#codeStops = this.#codeTable();
  }

  get characters(): CharacterSet {
    return this.#characters;
  }

  set characters(characters: CharacterSet) {
    this.#characters = characters;
    this.#codeStops = this.#codeTable();
    this.#commentStops = this.#commentTable();
    this.#singleQuoteStops = this.#quoteTable(byte.singleQuote);
    this.#doubleQuoteStops = this.#quoteTable(byte.doubleQuote);
    this.#backtickStops = this.#quoteTable(byte.backtick);
  }

  /** Whether what stands here is neither quoted nor in a comment. */
  get inCode(): boolean {
    return this.quote === 0 && !this.inComment;
  }

  /** Whether a backslash means something here; between backticks it never does. */
  get escapes(): boolean {
    if (this.inComment || this.quote === byte.backtick) return false;
    return this.quote === 0 || !this.noBackslashEscapes;
  }

  /**
   * The first position from `position` on at which more than a quote may open or close; `end` if
   * there is none. Keeps account of the quotes on the way.
   */
  nextStop(bytes: Uint8Array, position: number, end: number): number {
    let stops = this.#stops();
    let next = position;
    for (;;) {
      while (next < end && stops[bytes[next] as number] === pass) next++;
      if (next >= end) return end;
      const value = bytes[next] as number;
      if (stops[value] === stop) return next;
      this.quote = this.quote === 0 ? value : 0;
      stops = this.#stops();
      next++;
    }
  }

  #stops(): StopTable {
    if (this.inComment) return this.#commentStops;
    switch (this.quote) {
      case 0:
        return this.#codeStops;
      case byte.singleQuote:
        return this.#singleQuoteStops;
      case byte.doubleQuote:
        return this.#doubleQuoteStops;
      default:
        return this.#backtickStops;
    }
  }

  #codeTable(): StopTable {
    const { backslash, hash, dash, slash, asterisk } = byte;
    const first = this.#delimiter[0] ?? 0;
    const table = this.#table([backslash, hash, dash, slash, asterisk], quotes);
    // A delimiter outside ASCII is not found within a character.
    if (first >= 0x80) table.fill(stop, 0x80);
    table[first] = stop;
    return table;
  }

  #quoteTable(quote: number): StopTable {
    return this.#table([byte.backslash], [quote]);
  }

  #commentTable(): StopTable {
    return this.#table([byte.slash, byte.asterisk], []);
  }

  #table(stops: number[], toggles: number[]): StopTable {
    const table = new Uint8Array(256);
    for (const value of stops) table[value] = stop;
    for (const value of toggles) table[value] = toggle;
    return this.#characters.hidesBytes ? table.fill(stop, 0x80) : table;
  }
}
