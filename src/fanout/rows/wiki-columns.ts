import type { RunFormat } from '../../output/format.js';
import type { Column } from '../../protocol/column.js';
import {
  findValidRows,
  headerLength,
  maxPayload,
  type RowsTaken,
  readPayloadLength,
  type TakeRows,
} from '../../protocol/packets.js';

/** The size in bytes of the buffer in which rows get their additional cells. */
const chunkSize = 128 * 1024;
/** From this row length in bytes, one `set` call is faster than a copy loop. */
const minBulkCopy = 200;
const empty = new Uint8Array(0);

/**
 * Adds columns before those of another format, with the same cells for all rows of a wiki. Set
 * `cells` before its rows. Chunks of rows are passed on as chunks: the cells are inserted into each
 * packet.
 */
export class WikiColumnsFormat implements RunFormat {
  readonly #format: RunFormat;
  readonly #columns: readonly Column[];
  /** The additional cells of the next rows, as `encodeCells` returns them. */
  cells: Uint8Array = empty;
  #chunk: Uint8Array = empty;

  constructor(format: RunFormat, columns: readonly Column[]) {
    this.#format = format;
    this.#columns = columns;
  }

  begin(columns: Column[]): void {
    this.#format.begin([...this.#columns, ...columns]);
  }

  row(bytes: Uint8Array, start: number, end: number): void {
    const length = this.cells.length + end - start;
    this.#ensureCapacity(length);
    this.#chunk.set(this.cells);
    this.#chunk.set(bytes.subarray(start, end), this.cells.length);
    this.#format.row(this.#chunk, 0, length);
  }

  /** Takes all complete and valid rows of the chunk. */
  takeRows(...[bytes, start, end, longest, columns]: Parameters<TakeRows>): RowsTaken {
    const maxLength = Math.min(longest, maxPayload - 1 - this.cells.length);
    const { end: stop, rows } = findValidRows(bytes, start, end, maxLength, columns);
    this.#ensureCapacity(chunkSize);
    for (let offset = start; offset < stop; ) {
      const { sourceEnd, copyEnd } = insertCells(bytes, offset, stop, this.cells, this.#chunk);
      if (sourceEnd > offset) {
        this.#writeRows(copyEnd, columns + this.#columns.length);
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

/**
 * Copies packets of `bytes[start … end)` to the beginning of `target`, as many as fit, with `cells`
 * inserted before each row. Returns the end of the copied packets in `bytes`, and the end of the
 * copies in `target`.
 */
function insertCells(
  bytes: Uint8Array,
  start: number,
  end: number,
  cells: Uint8Array,
  target: Uint8Array,
): { sourceEnd: number; copyEnd: number } {
  const cellLength = cells.length;
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
    for (let i = 0; i < cellLength; i++) target[out++] = cells[i] as number;
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
