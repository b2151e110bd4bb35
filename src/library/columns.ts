import { kindOf } from '../output/column-kinds.js';
import { extendedTexts } from '../output/column-types.js';
import { columnTypes, type Column as InnerColumn } from '../protocol/column.js';
import type { Column } from './row.js';

const flags = { notNull: 1, unsigned: 32, enum: 256, set: 2048 } as const;

const names: Record<number, string> = {
  [columnTypes.decimal]: 'decimal',
  [columnTypes.newDecimal]: 'decimal',
  [columnTypes.tiny]: 'tinyint',
  [columnTypes.short]: 'smallint',
  [columnTypes.int24]: 'mediumint',
  [columnTypes.long]: 'int',
  [columnTypes.longLong]: 'bigint',
  [columnTypes.float]: 'float',
  [columnTypes.double]: 'double',
  [columnTypes.null]: 'null',
  [columnTypes.timestamp]: 'timestamp',
  [columnTypes.date]: 'date',
  [columnTypes.newDate]: 'date',
  [columnTypes.time]: 'time',
  [columnTypes.datetime]: 'datetime',
  [columnTypes.year]: 'year',
  [columnTypes.bit]: 'bit',
  [columnTypes.geometry]: 'geometry',
  [columnTypes.enum]: 'enum',
  [columnTypes.set]: 'set',
};

/** What is told of a column to a program. */
export function describeColumn(column: InnerColumn): Column {
  return {
    name: Buffer.from(column.name).toString(),
    type: typeOf(column),
    unsigned: (column.flags & flags.unsigned) !== 0,
    nullable: (column.flags & flags.notNull) === 0,
    table: Buffer.from(column.table).toString(),
  };
}

function typeOf(column: InnerColumn): string {
  // Of types that the protocol does not know the server tells the names beside it: `json`, `uuid`.
  const [told] = extendedTexts(column.extended);
  if (told !== undefined) return told.slice(told.indexOf('=') + 1);
  const { type } = column;
  if ((column.flags & flags.enum) !== 0) return 'enum';
  if ((column.flags & flags.set) !== 0) return 'set';
  const binary = kindOf(column) === 'bytes';
  if (type === columnTypes.string) return binary ? 'binary' : 'char';
  if (type === columnTypes.varString || type === columnTypes.varchar) {
    return binary ? 'varbinary' : 'varchar';
  }
  return names[type] ?? (binary ? 'blob' : 'text');
}
