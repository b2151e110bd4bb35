import { Failure } from '../../failure.js';
import type { RunFormat } from '../../output/format.js';
import { type Column, columnTypes } from '../../protocol/column.js';
import {
  findValidRows,
  headerLength,
  maxPayload,
  type RowsTaken,
  readPayloadLength,
  type TakeRows,
} from '../../protocol/packets.js';

/** utf8mb4_general_ci */
const utf8mb4 = 45;
const notNullFlag = 1;
/** The longest cell whose length takes one byte; names of databases have at most 64 characters. */
const maxNameLength = 0xfa;
/** The size in bytes of the buffer in which rows get their additional cell. */
const chunkSize = 128 * 1024;
/** From this row length in bytes, one `set` call is faster than a copy loop. */
const minBulkCopy = 200;
const empty = new Uint8Array(0);

/**
 * Adds a first column with the wiki's name to the rows of another format. Set `wiki` before its
 * rows. Chunks of rows are passed on as chunks: the cell is inserted into each packet.
 */
export class WikiColumnFormat implements RunFormat {
  readonly #format: RunFormat;
  readonly #column: Column;
  /** The cell in the protocol's encoding: the length, then the name. */
  #cell: Uint8Array = Uint8Array.of(0);
  #chunk: Uint8Array = empty;
  #wiki = '';

  /** `name` is the column's name, `longest` the length in bytes of the longest wiki name. */
  constructor(format: RunFormat, name: string, longest: number) {
    this.#format = format;
    this.#column = createWikiColumn(name, longest);
  }

  /** The wiki of the next rows. */
  get wiki(): string {
    return this.#wiki;
  }

  set wiki(wiki: string) {
    this.#wiki = wiki;
    const name = Buffer.from(wiki).subarray(0, maxNameLength);
    this.#cell = Buffer.concat([Uint8Array.of(name.length), name]);
  }

  /** Throws Failure if the format does not allow a second column of that name. */
  begin(columns: Column[]): void {
    const name = Buffer.from(this.#column.name);
    try {
      this.#format.begin([this.#column, ...columns]);
    } catch (error) {
      const hasSameName = columns.some((column) => name.equals(column.name));
      if (!hasSameName || !(error instanceof Failure) || error.code !== 'same-names') throw error;
      const text = `the result already has a column '${name}': use --wiki-column to give the wiki's column another name`;
      throw new Failure(error.code, text);
    }
  }

  row(bytes: Uint8Array, start: number, end: number): void {
    const length = this.#cell.length + end - start;
    this.#ensureCapacity(length);
    this.#chunk.set(this.#cell);
    this.#chunk.set(bytes.subarray(start, end), this.#cell.length);
    this.#format.row(this.#chunk, 0, length);
  }

  /** Takes all complete and valid rows of the chunk. */
  takeRows(...[bytes, start, end, longest, columns]: Parameters<TakeRows>): RowsTaken {
    const maxLength = Math.min(longest, maxPayload - 1 - this.#cell.length);
    const { end: stop, rows } = findValidRows(bytes, start, end, maxLength, columns);
    this.#ensureCapacity(chunkSize);
    for (let offset = start; offset < stop; ) {
      const { sourceEnd, copyEnd } = insertCells(bytes, offset, stop, this.#cell, this.#chunk);
      if (sourceEnd > offset) {
        this.#writeRows(copyEnd, columns + 1);
        offset = sourceEnd;
      } else {
        // The row is larger than the buffer.
        const rowStart = offset + headerLength;
        offset = rowStart + readPayloadLength(bytes, offset);
        this.row(bytes, rowStart, offset);
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

  /** Passes the rows in the first `length` bytes of the buffer to the format. */
  #writeRows(length: number, columns: number): void {
    const chunk = this.#chunk;
    const format = this.#format;
    for (let offset = 0; offset < length; ) {
      const taken = format.takeRows(chunk, offset, length, length, columns);
      if (taken !== undefined) offset = taken.end;
      if (offset === length) return;
      const start = offset + headerLength;
      offset = start + readPayloadLength(chunk, offset);
      format.row(chunk, start, offset);
    }
  }

  #ensureCapacity(size: number): void {
    if (this.#chunk.length < size) this.#chunk = Buffer.allocUnsafeSlow(Math.max(size, chunkSize));
  }
}

function createWikiColumn(name: string, longest: number): Column {
  const bytes = Buffer.from(name);
  return {
    name: bytes,
    catalog: Buffer.from('def'),
    database: empty,
    table: empty,
    originalTable: empty,
    originalName: bytes,
    extended: empty,
    type: columnTypes.varString,
    flags: notNullFlag,
    collation: utf8mb4,
    length: longest,
    decimals: 0,
  };
}

/**
 * Copies packets of `bytes[start … end)` to the beginning of `target`, as many as fit, with `cell`
 * inserted before each row. Returns the end of the copied packets in `bytes`, and the end of the
 * copies in `target`.
 */
function insertCells(
  bytes: Uint8Array,
  start: number,
  end: number,
  cell: Uint8Array,
  target: Uint8Array,
): { sourceEnd: number; copyEnd: number } {
  const cellLength = cell.length;
  const sourceWords = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const targetWords = new DataView(target.buffer, target.byteOffset, target.length);
  let offset = start;
  let out = 0;
  while (offset < end) {
    const size = readPayloadLength(bytes, offset);
    if (out + headerLength + cellLength + size > target.length) break;
    const whole = cellLength + size;
    target[out] = whole;
    target[out + 1] = whole >>> 8;
    target[out + 2] = whole >>> 16;
    out += headerLength;
    for (let i = 0; i < cellLength; i++) target[out++] = cell[i] as number;
    offset += headerLength;
    const rowEnd = offset + size;
    if (size > minBulkCopy) {
      target.set(bytes.subarray(offset, rowEnd), out);
      out += size;
      offset = rowEnd;
      continue;
    }
    // For short rows, which most are, a loop is faster than a call.
    for (; offset + 4 <= rowEnd; offset += 4, out += 4) {
      targetWords.setInt32(out, sourceWords.getInt32(offset, true), true);
    }
    while (offset < rowEnd) target[out++] = bytes[offset++] as number;
  }
  return { sourceEnd: offset, copyEnd: out };
}
