import type { Column } from '../protocol/column.js';
import { leaveRows } from '../protocol/packets.js';
import { eachCell } from '../protocol/row.js';
import { bitDigits } from './bit-digits.js';
import { kindOf } from './column-kinds.js';
import type { RunFormat } from './format.js';
import type { OutputBuffer } from './output-buffer.js';

/** Bytes that are written before room is made for more. */
const pieceSize = 64 * 1024;

/**
 * A table in a language of markup for each result set, with an empty line between two. BIT columns are
 * numbers; other bytes stay as they are, but for those that have a substitute.
 */
export abstract class TextTable implements RunFormat {
  readonly takeRows = leaveRows;
  protected readonly out: OutputBuffer;
  readonly #hex: boolean;
  #bits: boolean[] = [];
  #tables = 0;

  /** `hex`: BIT columns come in hexadecimal already. */
  constructor(out: OutputBuffer, options: { hex: boolean }) {
    this.out = out;
    this.#hex = options.hex;
  }

  begin(columns: Column[]): void {
    if (this.#tables++ > 0) this.out.appendText('\n');
    this.#bits = columns.map((column) => !this.#hex && kindOf(column) === 'bit');
    this.head(columns);
  }

  row(bytes: Uint8Array, start: number, end: number): void {
    this.beginRow();
    eachCell(bytes, start, end, (cellStart, cellEnd, index) => {
      if (cellStart < 0) this.nullCell();
      else if (!this.#bits[index]) this.cell(bytes, cellStart, cellEnd);
      else {
        const digits = Buffer.from(bitDigits(bytes, cellStart, cellEnd));
        this.cell(digits, 0, digits.length);
      }
    });
    this.endRow();
  }

  abstract end(): void;
  protected abstract head(columns: Column[]): void;
  protected abstract beginRow(): void;
  protected abstract endRow(): void;
  protected abstract nullCell(): void;
  protected abstract cell(bytes: Uint8Array, start: number, end: number): void;

  /** Appends a value, with what `substituteAt` gives in place of a byte, `longest` bytes at most. */
  protected value(
    bytes: Uint8Array,
    start: number,
    end: number,
    longest: number,
    substituteAt: (at: number) => Uint8Array | undefined,
  ): void {
    const { out } = this;
    for (let at = start; at < end; ) {
      const stop = Math.min(end, at + pieceSize);
      out.reserve((stop - at) * longest);
      for (; at < stop; at++) {
        const substitute = substituteAt(at);
        if (substitute === undefined) {
          out.bytes[out.length++] = bytes[at] as number;
        } else {
          out.bytes.set(substitute, out.length);
          out.length += substitute.length;
        }
      }
    }
  }
}
