import { byte, untilNul } from './bytes.js';
import { type CharacterSet, characterSet } from './character-set.js';

/** For each byte 1 if a scan has to stop and look at it, 0 if it can be passed over. */
type StopTable = Uint8Array;

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
  #quoteStops: Map<number, StopTable>;

  constructor(delimiter: Uint8Array, characterSetName: string) {
    this.#characters = characterSet(characterSetName);
    this.#codeStops = this.#codeTable();
    this.#commentStops = this.#table([byte.slash, byte.asterisk]);
    this.#quoteStops = this.#quoteTables();
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
    this.#commentStops = this.#table([byte.slash, byte.asterisk]);
    this.#quoteStops = this.#quoteTables();
  }

  /** Whether what stands here is neither quoted nor in a comment. */
  get inCode(): boolean {
    return this.quote === 0 && !this.inComment;
  }

  /** Whether a backslash means something here. */
  get escapes(): boolean {
    return !this.inComment && !(this.quote !== 0 && this.noBackslashEscapes);
  }

  /** The first position from `position` on at which something may happen; `end` if there is none. */
  nextStop(bytes: Uint8Array, position: number, end: number): number {
    const stops = this.#stops();
    let next = position;
    while (next < end && stops[bytes[next] as number] === 0) next++;
    return next;
  }

  #stops(): StopTable {
    if (this.inComment) return this.#commentStops;
    return this.#quoteStops.get(this.quote) ?? this.#codeStops;
  }

  #codeTable(): StopTable {
    const { singleQuote, doubleQuote, backtick, backslash, hash, dash, slash, asterisk } = byte;
    const first = this.#delimiter[0] ?? 0;
    const quotes = [singleQuote, doubleQuote, backtick];
    const table = this.#table([...quotes, backslash, hash, dash, slash, asterisk, first]);
    // A delimiter outside ASCII is not found within a character.
    return first >= 0x80 ? table.fill(1, 0x80) : table;
  }

  #quoteTables(): Map<number, StopTable> {
    const quotes = [byte.singleQuote, byte.doubleQuote, byte.backtick];
    return new Map(quotes.map((quote) => [quote, this.#table([quote, byte.backslash])]));
  }

  #table(bytes: number[]): StopTable {
    const table = new Uint8Array(256);
    for (const value of bytes) table[value] = 1;
    return this.#characters.hidesBytes ? table.fill(1, 0x80) : table;
  }
}
