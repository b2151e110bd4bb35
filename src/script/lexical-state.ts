import { byte, untilNul } from './bytes.js';
import { type CharacterSet, characterSet } from './character-set.js';
import { pass, type StopTable, type StopTables, stop, stopTables } from './stop-table.js';

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
  #stops: StopTables;

  constructor(delimiter: Uint8Array, characterSetName: string) {
    this.#characters = characterSet(characterSetName);
    this.#stops = stopTables(this.#delimiter, this.#characters);
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
    this.#stops = stopTables(this.#delimiter, this.#characters);
  }

  get characters(): CharacterSet {
    return this.#characters;
  }

  set characters(characters: CharacterSet) {
    this.#characters = characters;
    this.#stops = stopTables(this.#delimiter, characters);
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
    let stops = this.#stopsHere();
    let next = position;
    for (;;) {
      while (next < end && stops[bytes[next] as number] === pass) next++;
      if (next >= end) return end;
      const value = bytes[next] as number;
      if (stops[value] === stop) return next;
      this.quote = this.quote === 0 ? value : 0;
      stops = this.#stopsHere();
      next++;
    }
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
