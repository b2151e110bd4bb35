import { getLenencSize, readLenenc } from '../protocol/lenenc.js';
import { nullMarker } from '../protocol/row.js';

const firstChunkSize = 16 * 1024;
const maxChunkSize = 4 * 1024 * 1024;
/** Each stored row is preceded by its length in bytes, little-endian. */
const lengthPrefixSize = 4;

/** Returns the length of the value `bytes[start … end)` in any unit; for NULL `start` is −1. */
export type MeasureCell = (bytes: Uint8Array, start: number, end: number, index: number) => number;

/** Stores rows as the server sent them, in a few large chunks, and measures the columns. */
export class StoredResult {
  /** The length of each column's longest value so far, in bytes or in the units of MeasureCell. */
  readonly maxLengths: Uint32Array;
  count = 0;
  #fullChunks: Uint8Array[] = [];
  #chunk: Uint8Array = new Uint8Array(0);
  #used = 0;

  readonly #measureCell: MeasureCell | undefined;

  /** `measureCell`: measures values; by default a value counts its bytes and NULL counts 0. */
  constructor(columns: number, measureCell?: MeasureCell) {
    this.maxLengths = new Uint32Array(columns);
    this.#measureCell = measureCell;
  }

  /** Stores a copy of the row `bytes[start … end)`. */
  add(bytes: Uint8Array, start: number, end: number): void {
    this.count++;
    if (this.#measureCell === undefined) this.#updateByteLengths(bytes, start, end);
    else this.#updateMeasuredLengths(this.#measureCell, bytes, start, end);
    const length = end - start;
    if (this.#used + lengthPrefixSize + length > this.#chunk.length)
      this.#startChunk(lengthPrefixSize + length);
    const chunk = this.#chunk;
    let position = this.#used;
    chunk[position++] = length;
    chunk[position++] = length >>> 8;
    chunk[position++] = length >>> 16;
    chunk[position++] = length >>> 24;
    chunk.set(bytes.subarray(start, end), position);
    this.#used = position + length;
  }

  /** Passes all rows to `onRow` in order, and frees each chunk afterwards. */
  drain(onRow: (bytes: Uint8Array, start: number, end: number) => void): void {
    this.#closeChunk();
    const chunks = this.#fullChunks.reverse();
    this.#fullChunks = [];
    for (let chunk = chunks.pop(); chunk !== undefined; chunk = chunks.pop()) {
      for (let position = 0; position < chunk.length; ) {
        const start = position + lengthPrefixSize;
        position = start + readLength(chunk, position);
        onRow(chunk, start, position);
      }
    }
  }

  #updateByteLengths(bytes: Uint8Array, start: number, end: number): void {
    const { maxLengths } = this;
    let position = start;
    for (let index = 0; position < end; index++) {
      let length = bytes[position] as number;
      if (length < nullMarker) {
        position++;
      } else if (length === nullMarker) {
        position++;
        continue;
      } else {
        length = readLenenc(bytes, position);
        position += getLenencSize(bytes, position);
      }
      if (length > (maxLengths[index] as number)) maxLengths[index] = length;
      position += length;
    }
  }

  /** Kept apart from `#updateByteLengths` because that one must not pay for a call per cell. */
  #updateMeasuredLengths(
    measureCell: MeasureCell,
    bytes: Uint8Array,
    start: number,
    end: number,
  ): void {
    const { maxLengths } = this;
    let position = start;
    for (let index = 0; position < end; index++) {
      let length = bytes[position] as number;
      let cells: number;
      if (length === nullMarker) {
        position++;
        cells = measureCell(bytes, -1, -1, index);
      } else {
        if (length < nullMarker) {
          position++;
        } else {
          length = readLenenc(bytes, position);
          position += getLenencSize(bytes, position);
        }
        cells = measureCell(bytes, position, position + length, index);
        position += length;
      }
      if (cells > (maxLengths[index] as number)) maxLengths[index] = cells;
    }
  }

  #startChunk(minSize: number): void {
    const size = Math.min(Math.max(this.#chunk.length * 4, firstChunkSize), maxChunkSize);
    this.#closeChunk();
    this.#chunk = Buffer.allocUnsafeSlow(Math.max(size, minSize));
  }

  #closeChunk(): void {
    if (this.#used > 0) this.#fullChunks.push(this.#chunk.subarray(0, this.#used));
    this.#chunk = new Uint8Array(0);
    this.#used = 0;
  }
}

function readLength(chunk: Uint8Array, position: number): number {
  const [a, b, c, d] = [
    chunk[position],
    chunk[position + 1],
    chunk[position + 2],
    chunk[position + 3],
  ] as number[];
  return (
    ((a as number) | ((b as number) << 8) | ((c as number) << 16) | ((d as number) << 24)) >>> 0
  );
}
