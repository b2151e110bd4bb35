import { Failure } from '../failure.js';
import { refuseOtherSets } from '../output/column-kinds.js';
import type { Column as InnerColumn } from '../protocol/column.js';
import { lenencSize, lenencValue } from '../protocol/lenenc.js';
import { nullMarker } from '../protocol/row.js';
import { printable } from '../text/printable.js';
import { cellReader, type ReadCell } from './cells.js';
import { describeColumn } from './columns.js';
import type { AsArrays, AsObjects, ValueOptions } from './options.js';
import type { Column, Row, Value } from './row.js';

/** Makes values of the rows of one result set. */
export class RowReader {
  readonly columns: Column[];
  readonly #cells: ReadCell[];
  readonly #names: string[] | undefined;
  #view: Buffer = Buffer.alloc(0);

  /**
   * @throws Failure `same-names` where rows are objects and two columns have one name, `not-utf8`
   * where a column comes in another character set
   */
  constructor(columns: readonly InnerColumn[], options: ValueOptions & (AsArrays | AsObjects)) {
    refuseOtherSets(columns, 'what is read', 'without SET NAMES it would be');
    this.columns = columns.map(describeColumn);
    this.#cells = columns.map((inner, index) =>
      cellReader(inner, this.columns[index] ?? describeColumn(inner), options),
    );
    if (options.rows !== 'array') this.#names = distinctNames(this.columns);
  }

  /**
   * A row of the text protocol, `bytes[start … end)`, which are not kept.
   * @throws Failure `not-utf8`, `unsafe-number`
   */
  read(bytes: Uint8Array, start: number, end: number): Row | Value[] {
    const values = this.#values(bytes, start, end);
    return this.#names === undefined ? values : rowOf(this.#names, values);
  }

  #values(bytes: Uint8Array, start: number, end: number): Value[] {
    // Rows come by the chunk: mostly it is the same memory as that of the row before.
    if (this.#view.buffer !== bytes.buffer || this.#view.byteOffset !== bytes.byteOffset) {
      this.#view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    const view = this.#view;
    const values: Value[] = [];
    let at = start;
    for (const read of this.#cells) {
      // Also of a row that is too short, which no server sends.
      if (at >= end || bytes[at] === nullMarker) {
        values.push(null);
        at++;
        continue;
      }
      const from = at + lenencSize(bytes, at);
      at = from + lenencValue(bytes, at);
      values.push(read(view, from, at));
    }
    return values;
  }
}

function rowOf(names: readonly string[], values: readonly Value[]): Row {
  const row: Row = {};
  for (const [index, name] of names.entries()) {
    const value = values[index] ?? null;
    if (name !== '__proto__') row[name] = value;
    // Assigned, it would be dropped.
    else Object.defineProperty(row, name, { value, enumerable: true });
  }
  return row;
}

function distinctNames(columns: readonly Column[]): string[] {
  const names = columns.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice === undefined) return names;
  throw new Failure(
    'same-names',
    `two columns are called '${printable(twice)}', which one object cannot hold: rename one with AS, or ask for { rows: 'array' }`,
  );
}
