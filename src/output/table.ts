import { type Column, isNumeric, minimumWidth } from '../protocol/column.js';
import { getLenencSize, readLenenc } from '../protocol/lenenc.js';
import { takeNoRows } from '../protocol/packets.js';
import { nullMarker } from '../protocol/row.js';
import type { DisplayWidth } from '../text/client-width.js';
import { appendRepeated } from './append-text.js';
import { hexWidth, isBinaryColumn } from './binary-hex.js';
import { clientNullText, type DisplayOptions, type Format } from './format.js';
import type { OutputBuffer } from './output-buffer.js';

const space = 0x20;
const dash = 0x2d;
const plus = 0x2b;
const bar = 0x7c;
const newline = 0x0a;
/**
 * The client pads cells to at most this many cells of the terminal, unless they are hexadecimal.
 */
const maxPadding = 1024;
const endOfLine = Uint8Array.of(bar, newline);
const endOfRule = Uint8Array.of(plus, newline);

export interface TableOptions extends DisplayOptions {
  columnNames: boolean;
  displayWidth: DisplayWidth;
  /** Values of binary columns arrive in hexadecimal. */
  binaryAsHex: boolean;
  /** --quick-max-column-width: upper limit for declared lengths. */
  maxDeclaredWidth: number;
}

/**
 * Draws a table with `+`, `-` and `|` as `mariadb --table` does (observed: 10.11): a column is as
 * wide as its longest value has BYTES, but the padding counts terminal cells; numbers are
 * right-aligned; NUL is written as a space. If the rows are not stored first (--quick), the
 * declared lengths set the widths.
 */
export class TableFormat implements Format {
  readonly takeRows = takeNoRows;
  readonly #out: OutputBuffer;
  readonly #options: TableOptions;
  readonly #nullText: Uint8Array;
  #nullCells: number | undefined;
  #columns: Column[] = [];
  /** The width to which each column is padded, in cells. */
  #widths: number[] = [];
  #isRightAligned: boolean[] = [];
  /** The number of dashes per column in the rules. */
  #rule: number[] = [];
  /** The maximum number of bytes that a row needs in addition to its values. */
  #rowOverhead = 0;

  constructor(out: OutputBuffer, options: TableOptions) {
    this.#out = out;
    this.#options = options;
    this.#nullText = options.nullText ?? clientNullText;
  }

  begin(columns: Column[], maxLengths?: ArrayLike<number>): void {
    this.#columns = columns;
    // The client uses 32-bit integers: the declared length of a LONGTEXT plus two wraps to one.
    const widths = columns.map((column, index) => this.#columnWidth(column, maxLengths?.[index]));
    this.#rule = widths.map((width) => (width + 2) >>> 0);
    const { binaryAsHex } = this.#options;
    this.#widths = widths.map((width, index) =>
      binaryAsHex && isBinaryColumn(columns[index] as Column) ? width : Math.min(width, maxPadding),
    );
    this.#isRightAligned = columns.map(isNumeric);
    this.#rowOverhead = this.#widths.reduce(
      (sum, width) => sum + width + 3 + this.#nullText.length,
      2,
    );
    this.#writeRule();
    if (!this.#options.columnNames) return;
    this.#writeNames();
    this.#writeRule();
  }

  row(bytes: Uint8Array, start: number, end: number): void {
    const out = this.#out;
    out.reserve(end - start + this.#rowOverhead);
    const destination = out.bytes;
    let length = out.length;
    let position = start;
    for (let index = 0; position < end; index++) {
      let size = bytes[position] as number;
      if (size < nullMarker) {
        position++;
      } else if (size === nullMarker) {
        position++;
        length = this.#writeNull(destination, length, index);
        continue;
      } else {
        size = readLenenc(bytes, position);
        position += getLenencSize(bytes, position);
      }
      length = this.#writeCell(destination, length, bytes, position, position + size, index);
      position += size;
    }
    destination[length++] = bar;
    destination[length++] = newline;
    out.length = length;
  }

  end(): void {
    this.#writeRule();
  }

  #columnWidth(column: Column, maxLength: number | undefined): number {
    const { columnNames, binaryAsHex, maxDeclaredWidth, nameWidth } = this.#options;
    const value = maxLength ?? Math.min(column.length, maxDeclaredWidth);
    const name = columnNames ? (nameWidth?.(column.name) ?? column.name.length) : 0;
    const width = Math.max(name, value, minimumWidth(column));
    return binaryAsHex && isBinaryColumn(column) ? hexWidth(width) >>> 0 : width;
  }

  /** Writes `| value `; returns the new end of the output. The caller reserves the room. */
  #writeCell(
    destination: Uint8Array,
    destinationStart: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    index: number,
  ): number {
    const width = this.#widths[index] as number;
    let out = destinationStart;
    destination[out++] = bar;
    destination[out++] = space;
    if (this.#isRightAligned[index]) {
      out = pad(destination, out, width - this.#options.displayWidth(bytes, start, end));
      for (let position = start; position < end; position++)
        destination[out++] = (bytes[position] as number) || space;
    } else {
      let combinedBits = 0;
      for (let position = start; position < end; position++) {
        const byte = bytes[position] as number;
        combinedBits |= byte | (byte - space);
        destination[out++] = byte === 0 ? space : byte;
      }
      // Nearly every value is printable ASCII, in which each byte is one cell in any character set.
      const cells =
        (combinedBits & ~0x7f) === 0 ? end - start : this.#options.displayWidth(bytes, start, end);
      out = pad(destination, out, width - cells);
    }
    destination[out++] = space;
    return out;
  }

  #writeNull(destination: Uint8Array, destinationStart: number, index: number): number {
    const { displayWidth } = this.#options;
    const text = this.#nullText;
    this.#nullCells ??= displayWidth(text, 0, text.length);
    const padding = (this.#widths[index] as number) - this.#nullCells;
    let out = destinationStart;
    destination[out++] = bar;
    destination[out++] = space;
    if (this.#isRightAligned[index]) out = pad(destination, out, padding);
    for (let position = 0; position < text.length; position++)
      destination[out++] = text[position] as number;
    if (!this.#isRightAligned[index]) out = pad(destination, out, padding);
    destination[out++] = space;
    return out;
  }

  #writeNames(): void {
    const out = this.#out;
    this.#columns.forEach(({ name }, index) => {
      const width = Math.min(this.#widths[index] as number, maxPadding);
      out.reserve(Math.max(width, name.length) + 3);
      out.bytes[out.length++] = bar;
      out.bytes[out.length++] = space;
      out.bytes.set(name, out.length);
      out.length += name.length;
      const padding = width - this.#options.displayWidth(name, 0, name.length);
      out.length = pad(out.bytes, out.length, padding);
      out.bytes[out.length++] = space;
    });
    out.append(endOfLine);
  }

  #writeRule(): void {
    for (const width of this.#rule) {
      appendRepeated(this.#out, plus, 1);
      appendRepeated(this.#out, dash, width);
    }
    this.#out.append(endOfRule);
  }
}

/** Writes `count` spaces, none if it is negative; returns the new end of the output. */
function pad(destination: Uint8Array, start: number, count: number): number {
  // `count` is NaN if a server sends more cells than columns.
  if (!(count > 0)) return start;
  const end = start + count;
  // For few bytes a loop is faster than a call.
  if (count > 40) destination.fill(space, start, end);
  else for (let position = start; position < end; position++) destination[position] = space;
  return end;
}
