import { kindOf } from '../output/column-kinds.js';
import { parseExtendedMetadata } from '../output/column-types.js';
import { columnTypes, type Column as ProtocolColumn } from '../protocol/column.js';
import type { Column } from './row.js';

const flags = { notNull: 1, unsigned: 32, enum: 256, set: 2048 } as const;

const typeNames: Record<number, string> = {
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

/** Converts a column of the protocol to the public description of a column. */
export function describeColumn(column: ProtocolColumn): Column {
  return {
    name: Buffer.from(column.name).toString(),
    type: typeOf(column),
    unsigned: (column.flags & flags.unsigned) !== 0,
    nullable: (column.flags & flags.notNull) === 0,
    table: Buffer.from(column.table).toString(),
  };
}

function typeOf(column: ProtocolColumn): string {
  // MariaDB sends the names of types that the protocol lacks, such as `json` and `uuid`, as extended
  // metadata.
  const [extendedType] = parseExtendedMetadata(column.extended);
  if (extendedType !== undefined) return extendedType.slice(extendedType.indexOf('=') + 1);
  const { type } = column;
  if ((column.flags & flags.enum) !== 0) return 'enum';
  if ((column.flags & flags.set) !== 0) return 'set';
  const binary = kindOf(column) === 'bytes';
  if (type === columnTypes.string) return binary ? 'binary' : 'char';
  if (type === columnTypes.varString || type === columnTypes.varchar) {
    return binary ? 'varbinary' : 'varchar';
  }
  return typeNames[type] ?? (binary ? 'blob' : 'text');
}
