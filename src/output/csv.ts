import { Failure } from '../failure.js';
import { type Column, columnTypes } from '../protocol/column.js';
import { takeNoRows } from '../protocol/packets.js';
import { forEachCell } from '../protocol/row.js';
import type { RunFormat } from './format.js';
import { formatBit } from './format-bit.js';
import type { OutputBuffer } from './output-buffer.js';

const quote = 0x22;
const comma = 0x2c;
const newline = 0x0a;

/** 1 for each byte that makes quotes necessary. */
const needsQuoting = new Uint8Array(256);
for (const byte of [quote, comma, newline, 0x0d]) needsQuoting[byte] = 1;

/**
 * Writes comma-separated values (RFC 4180). A value is quoted only if it must be: NULL is an empty
 * field, and an empty value is `""`. Lines end with a newline without a carriage return, which all
 * CSV readers and line-oriented tools accept. BIT values are written as numbers; other bytes stay
 * unchanged.
 *
 * A file holds one result set; `begin` throws a Failure for a second one.
 */
export class CsvFormat implements RunFormat {
  readonly takeRows = takeNoRows;
  readonly #out: OutputBuffer;
  readonly #header: boolean;
  readonly #hex: boolean;
  #isBitColumn: boolean[] = [];
  #hasBegun = false;

  /** `hex`: BIT columns already arrive in hexadecimal. */
  constructor(out: OutputBuffer, options: { header: boolean; hex: boolean }) {
    this.#out = out;
    this.#hex = options.hex;
    this.#header = options.header;
  }

  begin(columns: Column[]): void {
    if (this.#hasBegun) throw secondResultFailure('csv');
    this.#hasBegun = true;
    this.#isBitColumn = columns.map(({ type }) => !this.#hex && type === columnTypes.bit);
    if (!this.#header) return;
    columns.forEach(({ name }, index) => {
      this.#out.reserve(2 * name.length + 3);
      if (index > 0) this.#writeByte(comma);
      this.#writeValue(name, 0, name.length);
    });
    this.#out.reserve(1);
    this.#writeByte(newline);
  }

  row(bytes: Uint8Array, start: number, end: number): void {
    // Each byte may be a quote, which is doubled; a BIT(64) value has 8 bytes but up to 20 digits.
    this.#out.reserve(2 * (end - start) + 24 * this.#isBitColumn.length + 1);
    forEachCell(bytes, start, end, (cellStart, cellEnd, index) => {
      if (index > 0) this.#writeByte(comma);
      if (cellStart < 0) return;
      if (this.#isBitColumn[index]) {
        const digits = Buffer.from(formatBit(bytes, cellStart, cellEnd));
        this.#writeValue(digits, 0, digits.length);
      } else {
        this.#writeValue(bytes, cellStart, cellEnd);
      }
    });
    this.#writeByte(newline);
  }

  end(): void {}

  #writeByte(byte: number): void {
    this.#out.bytes[this.#out.length++] = byte;
  }

  #writeValue(bytes: Uint8Array, start: number, end: number): void {
    const destination = this.#out.bytes;
    let position = this.#out.length;
    let mustQuote = start === end;
    for (let i = start; i < end; i++) {
      const byte = bytes[i] as number;
      if (needsQuoting[byte] === 1) {
        mustQuote = true;
        break;
      }
      destination[position++] = byte;
    }
    if (mustQuote) {
      position = this.#out.length;
      destination[position++] = quote;
      for (let i = start; i < end; i++) {
        const byte = bytes[i] as number;
        if (byte === quote) destination[position++] = quote;
        destination[position++] = byte;
      }
      destination[position++] = quote;
    }
    this.#out.length = position;
  }
}

/** Returns the Failure for a second result set in a format that holds only one. */
export function secondResultFailure(format: string): Failure {
  const problem = `a second result set cannot be written as '${format}'`;
  const hint = 'use --format jsonl, or run each statement separately';
  return new Failure('several-results', `${problem}: ${hint}`);
}
