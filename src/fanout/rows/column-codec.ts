import type { Column } from '../../protocol/column.js';

type Texts =
  | 'name'
  | 'catalog'
  | 'database'
  | 'table'
  | 'originalTable'
  | 'originalName'
  | 'extended';
type Numbers = Exclude<keyof Column, Texts>;

const texts: readonly Texts[] = [
  'name',
  'catalog',
  'database',
  'table',
  'originalTable',
  'originalName',
  'extended',
];
const numbers: readonly Numbers[] = ['type', 'flags', 'collation', 'length', 'decimals'];

/** Columns as they are kept beside rows: names may be no UTF-8. */
export function encodeColumns(columns: readonly Column[]): Uint8Array {
  const noted = columns.map((column) => [
    ...texts.map((key) => Buffer.from(column[key]).toString('latin1')),
    ...numbers.map((key) => column[key]),
  ]);
  return Buffer.from(JSON.stringify(noted));
}

/** The columns that `noteOf` was given. What else it is given must be no less than that. */
export function decodeColumns(note: Uint8Array): Column[] {
  const noted: (string | number)[][] = JSON.parse(Buffer.from(note).toString());
  return noted.map((values) => {
    const text = (key: Texts) => Buffer.from(String(values[texts.indexOf(key)]), 'latin1');
    const number = (key: Numbers) => Number(values[texts.length + numbers.indexOf(key)]);
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
