import { type Column, columnTypes } from '../replica/column.js';
import { eachCell } from './cells.js';
import type { DisplayWidth } from './display-width.js';
import type { Format } from './format.js';
import type { OutputBuffer } from './output-buffer.js';
import { appendRepeated, appendShown } from './printable.js';

const space = 0x20;
const dash = 0x2d;
/** The client pads a cell up to here and no further. */
const maxPadding = 1024;
const notNullFlag = 1;
const nullText = Buffer.from('NULL');

const numericTypes: ReadonlySet<number> = new Set(Object.values(columnTypes));

/**
 * A table drawn with `+`, `-` and `|`, as `mariadb --table` draws it (10.11, observed): columns as
 * wide as the longest value's BYTES, padded by cells of the terminal, numbers right-aligned, NUL
 * shown as a space. The widths have to be known first, so rows are kept until the last has come;
 * with --quick the declared lengths serve instead and rows pass through.
 */
export class TableFormat implements Format {
  readonly #out: OutputBuffer;
  readonly #columnNames: boolean;
  readonly #quick: boolean;
  readonly #widthOf: DisplayWidth;
  #columns: Column[] = [];
  #widths: number[] = [];
  #kept: Uint8Array[] = [];

  constructor(
    out: OutputBuffer,
    options: { columnNames: boolean; quick: boolean; displayWidth: DisplayWidth },
  ) {
    this.#out = out;
    this.#columnNames = options.columnNames;
    this.#quick = options.quick;
    this.#widthOf = options.displayWidth;
  }

  begin(columns: Column[]): void {
    this.#columns = columns;
    this.#kept = [];
    this.#widths = columns.map(({ name, flags, length }) => {
      const least = (flags & notNullFlag) === 0 ? nullText.length : 0;
      const named = this.#columnNames ? name.length : 0;
      return Math.max(named, least, this.#quick ? length : 0);
    });
    if (this.#quick) this.#writeHead();
  }

  row(bytes: Uint8Array, start: number, end: number): void {
    if (this.#quick) {
      this.#writeRow(bytes, start, end);
      return;
    }
    this.#kept.push(bytes.slice(start, end));
    eachCell(bytes, start, end, (cellStart, cellEnd, index) => {
      const length = cellEnd - cellStart;
      if (length > (this.#widths[index] as number)) this.#widths[index] = length;
    });
  }

  end(whole: boolean): void {
    if (!this.#quick) {
      // The client stores the whole result first: one that an error ends is never drawn.
      if (!whole || this.#kept.length === 0) return;
      this.#writeHead();
      for (const row of this.#kept) this.#writeRow(row, 0, row.length);
      this.#kept = [];
    }
    this.#writeRule();
  }

  #writeHead(): void {
    this.#writeRule();
    if (!this.#columnNames) return;
    this.#columns.forEach(({ name }, index) => {
      this.#writeCell(name, 0, name.length, index, false);
    });
    this.#out.appendText('|\n');
    this.#writeRule();
  }

  #writeRow(bytes: Uint8Array, start: number, end: number): void {
    eachCell(bytes, start, end, (cellStart, cellEnd, index) => {
      const right = numericTypes.has((this.#columns[index] as Column).type);
      if (cellStart < 0) this.#writeCell(nullText, 0, nullText.length, index, right);
      else this.#writeCell(bytes, cellStart, cellEnd, index, right);
    });
    this.#out.appendText('|\n');
  }

  #writeCell(bytes: Uint8Array, start: number, end: number, index: number, right: boolean): void {
    const width = Math.min(this.#widths[index] as number, maxPadding);
    const padding = width - this.#widthOf(bytes, start, end);
    this.#out.appendText('| ');
    if (right) appendRepeated(this.#out, space, padding);
    appendShown(this.#out, bytes, start, end);
    if (!right) appendRepeated(this.#out, space, padding);
    this.#out.appendText(' ');
  }

  #writeRule(): void {
    for (const width of this.#widths) {
      this.#out.appendText('+');
      // The client counts in 32 bits: a LONGTEXT's declared length plus two wraps round to one.
      appendRepeated(this.#out, dash, (width + 2) >>> 0);
    }
    this.#out.appendText('+\n');
  }
}
