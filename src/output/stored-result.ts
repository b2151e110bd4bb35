import { lenencSize, lenencValue } from '../protocol/lenenc.js';
import { nullMarker } from '../protocol/row.js';

const firstChunk = 16 * 1024;
const largestChunk = 4 * 1024 * 1024;
/** In front of each row: its length in bytes, little-endian. */
const prefix = 4;

/** How long a cell counts, whose bytes lie at `start … end`; NULL has `start` −1. */
export type Measure = (bytes: Uint8Array, start: number, end: number, index: number) => number;

/** Rows kept as the server sent them, in few large pieces of memory, with their columns' widths. */
export class StoredResult {
  /** Of each column the longest value so far: in bytes, where no other measure was given. */
  readonly longest: Uint32Array;
  count = 0;
  #full: Uint8Array[] = [];
  #chunk: Uint8Array = new Uint8Array(0);
  #used = 0;

  readonly #given: Measure | undefined;

  /** `measure`: instead of counting a value's bytes, and NULL not at all. */
  constructor(columns: number, measure?: Measure) {
    this.longest = new Uint32Array(columns);
    this.#given = measure;
  }

  /** Keeps a copy of the row `bytes[start … end)`. */
  add(bytes: Uint8Array, start: number, end: number): void {
    this.count++;
    if (this.#given === undefined) this.#measure(bytes, start, end);
    else this.#measureBy(this.#given, bytes, start, end);
    const length = end - start;
    if (this.#used + prefix + length > this.#chunk.length) this.#nextChunk(prefix + length);
    const chunk = this.#chunk;
    let at = this.#used;
    chunk[at++] = length;
    chunk[at++] = length >>> 8;
    chunk[at++] = length >>> 16;
    chunk[at++] = length >>> 24;
    chunk.set(bytes.subarray(start, end), at);
    this.#used = at + length;
  }

  /** Hands out all rows in their order, and forgets them, piece by piece. */
  drain(onRow: (bytes: Uint8Array, start: number, end: number) => void): void {
    this.#closeChunk();
    const chunks = this.#full.reverse();
    this.#full = [];
    for (let chunk = chunks.pop(); chunk !== undefined; chunk = chunks.pop()) {
      for (let at = 0; at < chunk.length; ) {
        const start = at + prefix;
        at = start + lengthAt(chunk, at);
        onRow(chunk, start, at);
      }
    }
  }

  #measure(bytes: Uint8Array, start: number, end: number): void {
    const { longest } = this;
    let at = start;
    for (let index = 0; at < end; index++) {
      let length = bytes[at] as number;
      if (length < nullMarker) {
        at++;
      } else if (length === nullMarker) {
        at++;
        continue;
      } else {
        length = lenencValue(bytes, at);
        at += lenencSize(bytes, at);
      }
      if (length > (longest[index] as number)) longest[index] = length;
      at += length;
    }
  }

  /** As `#measure`; apart from it, since a call for each cell would cost where none is needed. */
  #measureBy(measure: Measure, bytes: Uint8Array, start: number, end: number): void {
    const { longest } = this;
    let at = start;
    for (let index = 0; at < end; index++) {
      let length = bytes[at] as number;
      let cells: number;
      if (length === nullMarker) {
        at++;
        cells = measure(bytes, -1, -1, index);
      } else {
        if (length < nullMarker) {
          at++;
        } else {
          length = lenencValue(bytes, at);
          at += lenencSize(bytes, at);
        }
        cells = measure(bytes, at, at + length, index);
        at += length;
      }
      if (cells > (longest[index] as number)) longest[index] = cells;
    }
  }

  #nextChunk(least: number): void {
    const size = Math.min(Math.max(this.#chunk.length * 4, firstChunk), largestChunk);
    this.#closeChunk();
    this.#chunk = Buffer.allocUnsafeSlow(Math.max(size, least));
  }

  #closeChunk(): void {
    if (this.#used > 0) this.#full.push(this.#chunk.subarray(0, this.#used));
    this.#chunk = new Uint8Array(0);
    this.#used = 0;
  }
}

function lengthAt(chunk: Uint8Array, at: number): number {
  const [a, b, c, d] = [chunk[at], chunk[at + 1], chunk[at + 2], chunk[at + 3]] as number[];
  return (
    ((a as number) | ((b as number) << 8) | ((c as number) << 16) | ((d as number) << 24)) >>> 0
  );
}
