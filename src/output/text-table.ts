import type { Column } from '../protocol/column.js';
import { takeNoRows } from '../protocol/packets.js';
import { forEachCell } from '../protocol/row.js';
import { kindOf } from './column-kinds.js';
import type { RunFormat } from './format.js';
import { formatBit } from './format-bit.js';
import type { OutputBuffer } from './output-buffer.js';

/** Bytes of a value for which room is reserved at once. */
const pieceSize = 64 * 1024;

/**
 * Base class of the formats that write each result set as a table in a markup language, with an
 * empty line between two tables. BIT values are written as numbers; other bytes stay unchanged
 * unless they have a substitute.
 */
export abstract class TextTable implements RunFormat {
  readonly takeRows = takeNoRows;
  protected readonly out: OutputBuffer;
  readonly #hex: boolean;
  #isBitColumn: boolean[] = [];
  #tables = 0;

  /** `hex`: BIT columns already arrive in hexadecimal. */
  constructor(out: OutputBuffer, options: { hex: boolean }) {
    this.out = out;
    this.#hex = options.hex;
  }

  begin(columns: Column[]): void {
    if (this.#tables++ > 0) this.out.appendText('\n');
    this.#isBitColumn = columns.map((column) => !this.#hex && kindOf(column) === 'bit');
    this.writeHead(columns);
  }

  row(bytes: Uint8Array, start: number, end: number): void {
    this.beginRow();
    forEachCell(bytes, start, end, (cellStart, cellEnd, index) => {
      if (cellStart < 0) this.writeNull();
      else if (!this.#isBitColumn[index]) this.writeCell(bytes, cellStart, cellEnd);
      else {
        const digits = Buffer.from(formatBit(bytes, cellStart, cellEnd));
        this.writeCell(digits, 0, digits.length);
      }
    });
    this.endRow();
  }

  abstract end(): void;
  protected abstract writeHead(columns: Column[]): void;
  protected abstract beginRow(): void;
  protected abstract endRow(): void;
  protected abstract writeNull(): void;
  protected abstract writeCell(bytes: Uint8Array, start: number, end: number): void;

  /**
   * Appends a value, replacing each byte for which `substituteAt` returns a substitute of at most
   * `longest` bytes.
   */
  protected writeValue(
    bytes: Uint8Array,
    start: number,
    end: number,
    longest: number,
    substituteAt: (position: number) => Uint8Array | undefined,
  ): void {
    const { out } = this;
    for (let position = start; position < end; ) {
      const stop = Math.min(end, position + pieceSize);
      out.reserve((stop - position) * longest);
      for (; position < stop; position++) {
        const substitute = substituteAt(position);
        if (substitute === undefined) {
          out.bytes[out.length++] = bytes[position] as number;
        } else {
          out.bytes.set(substitute, out.length);
          out.length += substitute.length;
        }
      }
    }
  }
}
