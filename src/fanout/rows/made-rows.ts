import { type Column, columnTypes } from '../../protocol/column.js';
import { RowBuilder } from '../../protocol/row-builder.js';

/*
 * Columns and rows that the program makes itself, in the form in which a server sends them, so that
 * every output format can write them.
 */

/** The value of a cell. */
export type MadeCell = string | number | null;

/** utf8mb4_general_ci */
const utf8mb4 = 45;
const binaryCollation = 63;
const notNullFlag = 1;
const empty = new Uint8Array(0);

/**
 * Returns the description of a column with these values: INT if all are numbers, else VARCHAR; NOT
 * NULL unless one is null.
 */
export function createColumn(name: string, values: readonly MadeCell[]): Column {
  const bytes = Buffer.from(name);
  const isNumber = values.every((value) => typeof value !== 'string');
  return {
    name: bytes,
    catalog: Buffer.from('def'),
    database: empty,
    table: empty,
    originalTable: empty,
    originalName: bytes,
    extended: empty,
    type: isNumber ? columnTypes.long : columnTypes.varString,
    flags: values.includes(null) ? 0 : notNullFlag,
    collation: isNumber ? binaryCollation : utf8mb4,
    length: Math.max(0, ...values.map((value) => Buffer.byteLength(String(value ?? '')))),
    decimals: 0,
  };
}

/** Returns cells in the encoding of the text protocol. */
export function encodeCells(cells: readonly MadeCell[]): Uint8Array {
  const texts = cells.map((cell) => (cell === null ? undefined : Buffer.from(String(cell))));
  const row = new RowBuilder();
  row.begin(texts.reduce((size, text) => size + 1 + (text?.length ?? 0), 0));
  for (const text of texts) {
    if (text === undefined) row.addNull();
    else row.add(text, 0, text.length);
  }
  return row.bytes.slice(0, row.length);
}
