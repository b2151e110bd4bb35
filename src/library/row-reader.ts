import { Failure } from '../failure.js';
import { requireUtf8Columns } from '../output/column-kinds.js';
import type { Column as ProtocolColumn } from '../protocol/column.js';
import { getLenencSize, readLenenc } from '../protocol/lenenc.js';
import { nullMarker } from '../protocol/row.js';
import { printable } from '../text/printable.js';
import { type CellReader, createCellReader } from './cells.js';
import { describeColumn } from './columns.js';
import type { AsArrays, AsObjects, ValueOptions } from './options.js';
import type { Column, Row, Value } from './row.js';

/** Converts the rows of one result set to JavaScript values. */
export class RowReader {
  readonly columns: Column[];
  readonly #cells: CellReader[];
  readonly #names: string[] | undefined;
  #view: Buffer = Buffer.alloc(0);

  /**
   * @throws Failure `same-names` if rows are objects and two columns have the same name; `not-utf8` if
   *   a column has another character set
   */
  constructor(columns: readonly ProtocolColumn[], options: ValueOptions & (AsArrays | AsObjects)) {
    requireUtf8Columns(columns, 'the library', 'remove SET NAMES from the statements');
    this.columns = columns.map(describeColumn);
    this.#cells = columns.map((protocolColumn, index) =>
      createCellReader(
        protocolColumn,
        this.columns[index] ?? describeColumn(protocolColumn),
        options,
      ),
    );
    if (options.rows !== 'array') this.#names = requireDistinctNames(this.columns);
  }

  /**
   * Returns the row of the text protocol in `bytes[start … end)`. The result does not refer to `bytes`.
   * @throws Failure `not-utf8`, `unsafe-number`
   */
  read(bytes: Uint8Array, start: number, end: number): Row | Value[] {
    const values = this.#readValues(bytes, start, end);
    return this.#names === undefined ? values : toRowObject(this.#names, values);
  }

  #readValues(bytes: Uint8Array, start: number, end: number): Value[] {
    // Rows arrive in chunks, so the memory is usually that of the previous row.
    if (this.#view.buffer !== bytes.buffer || this.#view.byteOffset !== bytes.byteOffset) {
      this.#view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    const view = this.#view;
    const values: Value[] = [];
    let position = start;
    for (const read of this.#cells) {
      // Missing cells are NULL too; no server sends a row that is too short.
      if (position >= end || bytes[position] === nullMarker) {
        values.push(null);
        position++;
        continue;
      }
      const cellStart = position + getLenencSize(bytes, position);
      position = cellStart + readLenenc(bytes, position);
      values.push(read(view, cellStart, position));
    }
    return values;
  }
}

function toRowObject(names: readonly string[], values: readonly Value[]): Row {
  const row: Row = {};
  for (const [index, name] of names.entries()) {
    const value = values[index] ?? null;
    if (name !== '__proto__') row[name] = value;
    // An assignment to `__proto__` would not create a property.
    else Object.defineProperty(row, name, { value, enumerable: true });
  }
  return row;
}

function requireDistinctNames(columns: readonly Column[]): string[] {
  const names = columns.map(({ name }) => name);
  const duplicate = names.find((name, index) => names.indexOf(name) < index);
  if (duplicate === undefined) return names;
  throw new Failure(
    'same-names',
    `two columns have the name '${printable(duplicate)}', and rows are objects: rename one with AS, or use { rows: 'array' }`,
  );
}
