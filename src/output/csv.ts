import { Failure } from '../failure.js';
import { type Column, columnTypes } from '../protocol/column.js';
import { leaveRows } from '../protocol/packets.js';
import { eachCell } from '../protocol/row.js';
import { bitDigits } from './bit-digits.js';
import type { RunFormat } from './format.js';
import type { OutputBuffer } from './output-buffer.js';

const quote = 0x22;
const comma = 0x2c;
const newline = 0x0a;

/** 1 for the bytes for whose sake a value is quoted. */
const special = new Uint8Array(256);
for (const byte of [quote, comma, newline, 0x0d]) special[byte] = 1;

/**
 * Comma-separated values by RFC 4180. A value is quoted only where it must be: NULL is nothing at
 * all, an empty value `""`. Lines end in a newline without a carriage return: all that read CSV take
 * that, and so do the tools that go by lines. BIT columns are numbers; other bytes stay as they are.
 *
 * One result set makes a file: a second throws a Failure.
 */
export class CsvFormat implements RunFormat {
  readonly takeRows = leaveRows;
  readonly #out: OutputBuffer;
  readonly #header: boolean;
  readonly #hex: boolean;
  #bits: boolean[] = [];
  #begun = false;

  /** `hex`: BIT columns come in hexadecimal already. */
  constructor(out: OutputBuffer, options: { header: boolean; hex: boolean }) {
    this.#out = out;
    this.#hex = options.hex;
    this.#header = options.header;
  }

  begin(columns: Column[]): void {
    if (this.#begun) throw severalResults('csv');
    this.#begun = true;
    this.#bits = columns.map(({ type }) => !this.#hex && type === columnTypes.bit);
    if (!this.#header) return;
    columns.forEach(({ name }, index) => {
      this.#out.reserve(2 * name.length + 3);
      if (index > 0) this.#put(comma);
      this.#value(name, 0, name.length);
    });
    this.#out.reserve(1);
    this.#put(newline);
  }

  row(bytes: Uint8Array, start: number, end: number): void {
    // Every byte may be a quote, which is doubled; the digits of BIT(64) are 20 in place of 8.
    this.#out.reserve(2 * (end - start) + 24 * this.#bits.length + 1);
    eachCell(bytes, start, end, (cellStart, cellEnd, index) => {
      if (index > 0) this.#put(comma);
      if (cellStart < 0) return;
      if (this.#bits[index]) {
        const digits = Buffer.from(bitDigits(bytes, cellStart, cellEnd));
        this.#value(digits, 0, digits.length);
      } else {
        this.#value(bytes, cellStart, cellEnd);
      }
    });
    this.#put(newline);
  }

  end(): void {}

  #put(byte: number): void {
    this.#out.bytes[this.#out.length++] = byte;
  }

  #value(bytes: Uint8Array, start: number, end: number): void {
    const to = this.#out.bytes;
    let at = this.#out.length;
    let quoted = start === end;
    for (let i = start; i < end; i++) {
      const byte = bytes[i] as number;
      if (special[byte] === 1) {
        quoted = true;
        break;
      }
      to[at++] = byte;
    }
    if (quoted) {
      at = this.#out.length;
      to[at++] = quote;
      for (let i = start; i < end; i++) {
        const byte = bytes[i] as number;
        if (byte === quote) to[at++] = quote;
        to[at++] = byte;
      }
      to[at++] = quote;
    }
    this.#out.length = at;
  }
}

/** Why a format that holds one result set takes no other. */
export function severalResults(format: string): Failure {
  const text = `a second result: ${format} holds one; use --format jsonl, or one run for each`;
  return new Failure('several-results', text);
}
