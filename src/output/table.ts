import { type Column, isNumeric, leastWidth } from '../protocol/column.js';
import { lenencSize, lenencValue } from '../protocol/lenenc.js';
import { leaveRows } from '../protocol/packets.js';
import { nullMarker } from '../protocol/row.js';
import type { DisplayWidth } from '../text/client-width.js';
import { appendRepeated } from './append-text.js';
import { hexWidth, isBinary } from './binary-hex.js';
import { type Format, plainNull, type ShownTexts } from './format.js';
import type { OutputBuffer } from './output-buffer.js';

const space = 0x20;
const dash = 0x2d;
const plus = 0x2b;
const bar = 0x7c;
const newline = 0x0a;
/** The client pads a cell up to here and no further, unless it is hexadecimal. */
const maxPadding = 1024;
const endOfLine = Uint8Array.of(bar, newline);
const endOfRule = Uint8Array.of(plus, newline);

export interface TableOptions extends ShownTexts {
  columnNames: boolean;
  displayWidth: DisplayWidth;
  /** What comes is hexadecimal where the columns are binary. */
  binaryAsHex: boolean;
  /** --quick-max-column-width: limit of a declared length. */
  maxDeclaredWidth: number;
}

/**
 * A table drawn with `+`, `-` and `|`, as `mariadb --table` draws it (10.11, observed): columns as
 * wide as the longest value's BYTES, padded by cells of the terminal, numbers right-aligned, NUL
 * shown as a space. Where rows come without having been stored (--quick) the declared lengths serve.
 */
export class TableFormat implements Format {
  readonly takeRows = leaveRows;
  readonly #out: OutputBuffer;
  readonly #options: TableOptions;
  readonly #nullText: Uint8Array;
  #nullCells: number | undefined;
  #columns: Column[] = [];
  /** Up to where each column is padded. */
  #widths: number[] = [];
  #right: boolean[] = [];
  /** The line above and below the head and at the end. */
  #rule: number[] = [];
  /** What a row takes at most beside its values. */
  #rowFrame = 0;

  constructor(out: OutputBuffer, options: TableOptions) {
    this.#out = out;
    this.#options = options;
    this.#nullText = options.nullText ?? plainNull;
  }

  begin(columns: Column[], longest?: ArrayLike<number>): void {
    this.#columns = columns;
    // The client counts in 32 bits: a LONGTEXT's declared length plus two wraps round to one.
    const widths = columns.map((column, index) => this.#width(column, longest?.[index]));
    this.#rule = widths.map((width) => (width + 2) >>> 0);
    const { binaryAsHex } = this.#options;
    this.#widths = widths.map((width, index) =>
      binaryAsHex && isBinary(columns[index] as Column) ? width : Math.min(width, maxPadding),
    );
    this.#right = columns.map(isNumeric);
    this.#rowFrame = this.#widths.reduce(
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
    out.reserve(end - start + this.#rowFrame);
    const to = out.bytes;
    let length = out.length;
    let at = start;
    for (let index = 0; at < end; index++) {
      let size = bytes[at] as number;
      if (size < nullMarker) {
        at++;
      } else if (size === nullMarker) {
        at++;
        length = this.#writeNull(to, length, index);
        continue;
      } else {
        size = lenencValue(bytes, at);
        at += lenencSize(bytes, at);
      }
      length = this.#writeCell(to, length, bytes, at, at + size, index);
      at += size;
    }
    to[length++] = bar;
    to[length++] = newline;
    out.length = length;
  }

  end(): void {
    this.#writeRule();
  }

  #width(column: Column, longest: number | undefined): number {
    const { columnNames, binaryAsHex, maxDeclaredWidth, nameWidth } = this.#options;
    const value = longest ?? Math.min(column.length, maxDeclaredWidth);
    const name = columnNames ? (nameWidth?.(column.name) ?? column.name.length) : 0;
    const width = Math.max(name, value, leastWidth(column));
    return binaryAsHex && isBinary(column) ? hexWidth(width) >>> 0 : width;
  }

  /** Writes `| value `; gives where the output ends now. Room for it must have been made. */
  #writeCell(
    to: Uint8Array,
    toStart: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    index: number,
  ): number {
    const width = this.#widths[index] as number;
    let out = toStart;
    to[out++] = bar;
    to[out++] = space;
    if (this.#right[index]) {
      out = pad(to, out, width - this.#options.displayWidth(bytes, start, end));
      for (let at = start; at < end; at++) to[out++] = (bytes[at] as number) || space;
    } else {
      let seen = 0;
      for (let at = start; at < end; at++) {
        const byte = bytes[at] as number;
        seen |= byte | (byte - space);
        to[out++] = byte === 0 ? space : byte;
      }
      // Nearly every value is printable ASCII, where each byte is a cell in any character set.
      const cells =
        (seen & ~0x7f) === 0 ? end - start : this.#options.displayWidth(bytes, start, end);
      out = pad(to, out, width - cells);
    }
    to[out++] = space;
    return out;
  }

  #writeNull(to: Uint8Array, toStart: number, index: number): number {
    const { displayWidth } = this.#options;
    const text = this.#nullText;
    this.#nullCells ??= displayWidth(text, 0, text.length);
    const padding = (this.#widths[index] as number) - this.#nullCells;
    let out = toStart;
    to[out++] = bar;
    to[out++] = space;
    if (this.#right[index]) out = pad(to, out, padding);
    for (let at = 0; at < text.length; at++) to[out++] = text[at] as number;
    if (!this.#right[index]) out = pad(to, out, padding);
    to[out++] = space;
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

/** Writes `count` spaces, none if it is negative; gives where the output ends now. */
function pad(to: Uint8Array, start: number, count: number): number {
  // Not a number where a server sends more cells than columns.
  if (!(count > 0)) return start;
  const end = start + count;
  // A call costs more than a few bytes do.
  if (count > 40) to.fill(space, start, end);
  else for (let at = start; at < end; at++) to[at] = space;
  return end;
}
