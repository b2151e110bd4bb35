import { type Column, columnTypes } from '../../protocol/column.js';

type Noted = [name: string, ...numbers: number[]];

const none = new Uint8Array(0);

/** What a journal keeps of columns, to compare others with: names (which may be no UTF-8) and types. */
export function columnsToJson(columns: readonly Column[]): unknown {
  return columns.map(({ name, type, flags, collation, length, decimals }): Noted => {
    const text = Buffer.from(name).toString('latin1');
    return [text, type, flags, collation, length, decimals];
  });
}

/** The columns again, without the tables that they are of; undefined where it is none of these. */
export function columnsFromJson(noted: unknown): Column[] | undefined {
  if (!Array.isArray(noted) || !noted.every(isNoted)) return undefined;
  return noted.map(([name, type = columnTypes.varString, ...rest]) => {
    const [flags = 0, collation = 0, length = 0, decimals = 0] = rest;
    const texts = { catalog: none, database: none, table: none, originalTable: none };
    const names = { name: Buffer.from(name, 'latin1'), originalName: none, extended: none };
    return { ...texts, ...names, type, flags, collation, length, decimals };
  });
}

function isNoted(value: unknown): value is Noted {
  if (!Array.isArray(value)) return false;
  const [name, ...numbers] = value;
  return typeof name === 'string' && numbers.length === 5 && numbers.every(Number.isSafeInteger);
}
