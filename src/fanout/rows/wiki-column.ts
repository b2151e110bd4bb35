import { Failure } from '../../failure.js';
import type { RunFormat } from '../../output/format.js';
import { type Column, columnTypes } from '../../protocol/column.js';
import {
  headerLength,
  maxPayload,
  payloadLength,
  type RowsTaken,
  wholeRows,
} from '../../protocol/packets.js';

/** utf8mb4_general_ci */
const utf8mb4 = 45;
const notNullFlag = 1;
/** Up to where a cell's length is one byte; names of databases have 64 characters at most. */
const shortCell = 0xfa;
/** Rows are put together anew up to so many bytes at a time. */
const chunkSize = 128 * 1024;
/** From here on a call that copies is worth what it costs. */
const longRow = 200;
const none = new Uint8Array(0);

/**
 * Puts a first column with the wiki's name before the rows of another format; set `wiki` before its
 * rows come. Rows that come by the chunk stay so: the cell is put into each packet on the way.
 */
export class WikiColumnFormat implements RunFormat {
  readonly #format: RunFormat;
  readonly #column: Column;
  /** The cell as the protocol has it: its length and the name. */
  #cell: Uint8Array = Uint8Array.of(0);
  #chunk: Uint8Array = none;
  #wiki = '';

  /** `name`: the column's. `longest`: bytes of the longest wiki's name. */
  constructor(format: RunFormat, name: string, longest: number) {
    this.#format = format;
    this.#column = wikiColumn(name, longest);
  }

  /** The wiki whose rows come next. */
  get wiki(): string {
    return this.#wiki;
  }

  set wiki(wiki: string) {
    this.#wiki = wiki;
    const name = Buffer.from(wiki).subarray(0, shortCell);
    this.#cell = Buffer.concat([Uint8Array.of(name.length), name]);
  }

  /** Throws a Failure where the format takes no second column of that name. */
  begin(columns: Column[]): void {
    const name = Buffer.from(this.#column.name);
    try {
      this.#format.begin([this.#column, ...columns]);
    } catch (error) {
      const same = columns.some((column) => name.equals(column.name));
      if (!same || !(error instanceof Failure) || error.code !== 'same-names') throw error;
      const text = `the result has a column '${name}' of its own: name that of the wikis with --wiki-column`;
      throw new Failure(error.code, text);
    }
  }

  row(bytes: Uint8Array, start: number, end: number): void {
    const length = this.#cell.length + end - start;
    this.#makeRoom(length);
    this.#chunk.set(this.#cell);
    this.#chunk.set(bytes.subarray(start, end), this.#cell.length);
    this.#format.row(this.#chunk, 0, length);
  }

  /** Takes all whole rows that it is given. */
  takeRows(bytes: Uint8Array, start: number, end: number, longest: number): RowsTaken {
    const cell = this.#cell.length;
    const { end: stop, rows } = wholeRows(
      bytes,
      start,
      end,
      Math.min(longest, maxPayload - 1 - cell),
    );
    this.#makeRoom(chunkSize);
    for (let at = start; at < stop; ) {
      const { from, to } = insertCells(bytes, at, stop, this.#cell, this.#chunk);
      if (from > at) {
        this.#hand(to);
        at = from;
      } else {
        // Longer than all of the chunk.
        const rowStart = at + headerLength;
        at = rowStart + payloadLength(bytes, at);
        this.row(bytes, rowStart, at);
      }
    }
    return { end: stop, rows };
  }

  end(whole: boolean): void {
    this.#format.end(whole);
  }

  finish(): void {
    this.#format.finish?.();
  }

  /** Gives the rows of the chunk's first `length` bytes to the format. */
  #hand(length: number): void {
    const chunk = this.#chunk;
    const format = this.#format;
    for (let at = 0; at < length; ) {
      const taken = format.takeRows(chunk, at, length, length);
      if (taken !== undefined) at = taken.end;
      if (at === length) return;
      const start = at + headerLength;
      at = start + payloadLength(chunk, at);
      format.row(chunk, start, at);
    }
  }

  #makeRoom(size: number): void {
    if (this.#chunk.length < size) this.#chunk = Buffer.allocUnsafeSlow(Math.max(size, chunkSize));
  }
}

function wikiColumn(name: string, longest: number): Column {
  const bytes = Buffer.from(name);
  return {
    name: bytes,
    catalog: Buffer.from('def'),
    database: none,
    table: none,
    originalTable: none,
    originalName: bytes,
    extended: none,
    type: columnTypes.varString,
    flags: notNullFlag,
    collation: utf8mb4,
    length: longest,
    decimals: 0,
  };
}

/**
 * Copies packets of `bytes[start … end)` to the beginning of `to`, as many as find room, with `cell`
 * put before the row of each. Gives up to where they were taken, and where the copies end.
 */
function insertCells(
  bytes: Uint8Array,
  start: number,
  end: number,
  cell: Uint8Array,
  to: Uint8Array,
): { from: number; to: number } {
  const cellLength = cell.length;
  const fromWords = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const toWords = new DataView(to.buffer, to.byteOffset, to.length);
  let at = start;
  let out = 0;
  while (at < end) {
    const size = payloadLength(bytes, at);
    if (out + headerLength + cellLength + size > to.length) break;
    const whole = cellLength + size;
    to[out] = whole;
    to[out + 1] = whole >>> 8;
    to[out + 2] = whole >>> 16;
    out += headerLength;
    for (let i = 0; i < cellLength; i++) to[out++] = cell[i] as number;
    at += headerLength;
    const rowEnd = at + size;
    if (size > longRow) {
      to.set(bytes.subarray(at, rowEnd), out);
      out += size;
      at = rowEnd;
      continue;
    }
    // Sooner done than a call for rows as short as most.
    for (; at + 4 <= rowEnd; at += 4, out += 4) {
      toWords.setInt32(out, fromWords.getInt32(at, true), true);
    }
    while (at < rowEnd) to[out++] = bytes[at++] as number;
  }
  return { from: at, to: out };
}
