import { type Column, columnTypes } from '../protocol/column.js';
import { maxLenencSize, writeLenenc } from '../protocol/lenenc.js';
import type { RowsTaken, TakeRows } from '../protocol/packets.js';
import { eachCell, nullMarker } from '../protocol/row.js';
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
export function isBinary({ collation, type }: Column): boolean {
  return collation === binaryCollation && binaryTypes.has(type);
}

/** How wide --binary-as-hex makes a value of `length` bytes. */
export function hexWidth(length: number): number {
  return 2 + 2 * length;
}

/**
 * --binary-as-hex: binary columns become `0x41FF` on their way to another format. Observed: NULL
 * becomes `0x` where the format would print `NULL` in a row of values (`nullAsHex`).
 */
export class HexFormat implements Format {
  readonly #format: Format;
  readonly #nullAsHex: boolean;
  #binary: boolean[] = [];
  #hasBinary = false;
  #buffer: Uint8Array = new Uint8Array(0);

  constructor(format: Format, nullAsHex: boolean) {
    this.#format = format;
    this.#nullAsHex = nullAsHex;
  }

  begin(columns: Column[], longest?: ArrayLike<number>): void {
    this.#binary = columns.map(isBinary);
    this.#hasBinary = this.#binary.includes(true);
    this.#format.begin(columns, longest);
  }

  row(bytes: Uint8Array, start: number, end: number): void {
    if (!this.#hasBinary) {
      this.#format.row(bytes, start, end);
      return;
    }
    // A length, `0x` and two digits for each byte: no cell needs more.
    const room = 2 * (end - start) + this.#binary.length * (maxLenencSize + 2);
    if (this.#buffer.length < room) this.#buffer = Buffer.allocUnsafeSlow(room);
    const to = this.#buffer;
    let at = 0;
    eachCell(bytes, start, end, (cellStart, cellEnd, index) => {
      if (cellStart < 0 && !(this.#binary[index] && this.#nullAsHex)) {
        to[at++] = nullMarker;
      } else if (this.#binary[index]) {
        at = writeLenenc(to, at, hexWidth(cellEnd - cellStart));
        at = writeHex(to, at, bytes, cellStart, cellEnd);
      } else {
        at = writeLenenc(to, at, cellEnd - cellStart);
        to.set(bytes.subarray(cellStart, cellEnd), at);
        at += cellEnd - cellStart;
      }
    });
    this.#format.row(to, 0, at);
  }

  takeRows(...chunk: Parameters<TakeRows>): RowsTaken | undefined {
    return this.#hasBinary ? undefined : this.#format.takeRows(...chunk);
  }

  end(whole: boolean): void {
    this.#format.end(whole);
  }
}

/** Writes `0x` and two digits for each byte; gives where the output ends now. */
export function writeHex(
  to: Uint8Array,
  toStart: number,
  bytes: Uint8Array,
  start: number,
  end: number,
): number {
  let out = toStart;
  to[out++] = 0x30;
  to[out++] = 0x78;
  for (let i = start; i < end; i++) {
    const byte = bytes[i] as number;
    to[out++] = digits[byte >> 4] as number;
    to[out++] = digits[byte & 15] as number;
  }
  return out;
}
