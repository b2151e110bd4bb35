import { type Column, columnTypes } from '../../protocol/column.js';

type ColumnRecord = [name: string, ...numbers: number[]];

const empty = new Uint8Array(0);

/** Columns in a journal, with which a resumed run compares the columns of other wikis. */

/** Returns the names and types of columns for a journal. Latin-1 keeps names that are not UTF-8. */
export function columnsToJson(columns: readonly Column[]): unknown {
  return columns.map(({ name, type, flags, collation, length, decimals }): ColumnRecord => {
    const text = Buffer.from(name).toString('latin1');
    return [text, type, flags, collation, length, decimals];
  });
}

/** Returns the columns that `columnsToJson` stored, without their tables; undefined if invalid. */
export function columnsFromJson(records: unknown): Column[] | undefined {
  if (!Array.isArray(records) || !records.every(isColumnRecord)) return undefined;
  return records.map(([name, type = columnTypes.varString, ...rest]) => {
    const [flags = 0, collation = 0, length = 0, decimals = 0] = rest;
    const texts = { catalog: empty, database: empty, table: empty, originalTable: empty };
    const names = { name: Buffer.from(name, 'latin1'), originalName: empty, extended: empty };
    return { ...texts, ...names, type, flags, collation, length, decimals };
  });
}

function isColumnRecord(value: unknown): value is ColumnRecord {
  if (!Array.isArray(value)) return false;
  const [name, ...numbers] = value;
  return typeof name === 'string' && numbers.length === 5 && numbers.every(Number.isSafeInteger);
}
