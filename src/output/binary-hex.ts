import { type Column, columnTypes } from '../protocol/column.js';
import { maxLenencSize, writeLenenc } from '../protocol/lenenc.js';
import type { RowsTaken, TakeRows } from '../protocol/packets.js';
import { forEachCell, nullMarker } from '../protocol/row.js';
import type { Format } from './format.js';

const binaryCollation = 63;
const { bit, blob, geometry, longBlob, mediumBlob, string, tinyBlob, varchar, varString } =
  columnTypes;
const binaryTypes: ReadonlySet<number> = new Set([
  bit,
  blob,
  geometry,
  longBlob,
  mediumBlob,
  string,
  tinyBlob,
  varchar,
  varString,
]);

const digits = Buffer.from('0123456789ABCDEF');

/** Whether --binary-as-hex writes a column in hexadecimal. */
export function isBinaryColumn({ collation, type }: Column): boolean {
  return collation === binaryCollation && binaryTypes.has(type);
}

/** Returns the size in bytes of a value of `length` bytes in hexadecimal. */
export function hexWidth(length: number): number {
  return 2 + 2 * length;
}

/**
 * --binary-as-hex: converts binary values to hexadecimal (`0x41FF`) before another format writes
 * them. Observed: NULL becomes `0x` in the formats that print `NULL` among the values
 * (`nullAsHex`).
 */
export class HexFormat implements Format {
  readonly #format: Format;
  readonly #nullAsHex: boolean;
  #isBinaryColumn: boolean[] = [];
  #hasBinary = false;
  #buffer: Uint8Array = new Uint8Array(0);

  constructor(format: Format, nullAsHex: boolean) {
    this.#format = format;
    this.#nullAsHex = nullAsHex;
  }

  begin(columns: Column[], maxLengths?: ArrayLike<number>): void {
    this.#isBinaryColumn = columns.map(isBinaryColumn);
    this.#hasBinary = this.#isBinaryColumn.includes(true);
    this.#format.begin(columns, maxLengths);
  }

  row(bytes: Uint8Array, start: number, end: number): void {
    if (!this.#hasBinary) {
      this.#format.row(bytes, start, end);
      return;
    }
    // Upper bound: each cell needs its length, `0x`, and two digits per byte.
    const maxRowSize = 2 * (end - start) + this.#isBinaryColumn.length * (maxLenencSize + 2);
    if (this.#buffer.length < maxRowSize) this.#buffer = Buffer.allocUnsafeSlow(maxRowSize);
    const destination = this.#buffer;
    let position = 0;
    forEachCell(bytes, start, end, (cellStart, cellEnd, index) => {
      if (cellStart < 0 && !(this.#isBinaryColumn[index] && this.#nullAsHex)) {
        destination[position++] = nullMarker;
      } else if (this.#isBinaryColumn[index]) {
        position = writeLenenc(destination, position, hexWidth(cellEnd - cellStart));
        position = writeHex(destination, position, bytes, cellStart, cellEnd);
      } else {
        position = writeLenenc(destination, position, cellEnd - cellStart);
        destination.set(bytes.subarray(cellStart, cellEnd), position);
        position += cellEnd - cellStart;
      }
    });
    this.#format.row(destination, 0, position);
  }

  takeRows(...chunk: Parameters<TakeRows>): RowsTaken | undefined {
    return this.#hasBinary ? undefined : this.#format.takeRows(...chunk);
  }

  end(isComplete: boolean): void {
    this.#format.end(isComplete);
  }
}

/** Writes `0x` and two digits for each byte; returns the new end of the output. */
export function writeHex(
  destination: Uint8Array,
  destinationStart: number,
  bytes: Uint8Array,
  start: number,
  end: number,
): number {
  let out = destinationStart;
  destination[out++] = 0x30;
  destination[out++] = 0x78;
  for (let i = start; i < end; i++) {
    const byte = bytes[i] as number;
    destination[out++] = digits[byte >> 4] as number;
    destination[out++] = digits[byte & 15] as number;
  }
  return out;
}
