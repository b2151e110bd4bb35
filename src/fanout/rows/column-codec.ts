import type { Column } from '../../protocol/column.js';

type TextField =
  | 'name'
  | 'catalog'
  | 'database'
  | 'table'
  | 'originalTable'
  | 'originalName'
  | 'extended';
type NumberField = Exclude<keyof Column, TextField>;

const textFields: readonly TextField[] = [
  'name',
  'catalog',
  'database',
  'table',
  'originalTable',
  'originalName',
  'extended',
];
const numberFields: readonly NumberField[] = ['type', 'flags', 'collation', 'length', 'decimals'];

/** Stores columns beside buffered rows. */

/** Encodes columns as JSON. Names may not be UTF-8, so all text is stored as Latin-1. */
export function encodeColumns(columns: readonly Column[]): Uint8Array {
  const records = columns.map((column) => [
    ...textFields.map((key) => Buffer.from(column[key]).toString('latin1')),
    ...numberFields.map((key) => column[key]),
  ]);
  return Buffer.from(JSON.stringify(records));
}

/** Decodes what `encodeColumns` returned; `encoded` must be valid. */
export function decodeColumns(encoded: Uint8Array): Column[] {
  const records: (string | number)[][] = JSON.parse(Buffer.from(encoded).toString());
  return records.map((values) => {
    const text = (key: TextField) => Buffer.from(String(values[textFields.indexOf(key)]), 'latin1');
    const number = (key: NumberField) =>
      Number(values[textFields.length + numberFields.indexOf(key)]);
    return {
      name: text('name'),
      catalog: text('catalog'),
      database: text('database'),
      table: text('table'),
      originalTable: text('originalTable'),
      originalName: text('originalName'),
      extended: text('extended'),
      type: number('type'),
      flags: number('flags'),
      collation: number('collation'),
      length: number('length'),
      decimals: number('decimals'),
    };
  });
}
