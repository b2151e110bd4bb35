import { lenencSize, lenencValue } from './lenenc.js';

/** A column of a result set, as the server describes it (protocol: ColumnDefinition41). */
export interface Column {
  /** In the connection's character set, as the other names are. */
  name: Uint8Array;
  catalog: Uint8Array;
  database: Uint8Array;
  table: Uint8Array;
  originalTable: Uint8Array;
  originalName: Uint8Array;
  /** MariaDB's extended metadata, undecoded: pairs of a kind and a text. */
  extended: Uint8Array;
  /** Protocol type number, see `columnTypes`. */
  type: number;
  flags: number;
  /** Collation number; 63 is binary. */
  collation: number;
  /** The longest value in bytes that the column can hold. */
  length: number;
  decimals: number;
}

/** The protocol's type numbers (`mariadb` 10.11). */
export const columnTypes = {
  decimal: 0,
  tiny: 1,
  short: 2,
  long: 3,
  float: 4,
  double: 5,
  null: 6,
  timestamp: 7,
  longLong: 8,
  int24: 9,
  date: 10,
  time: 11,
  datetime: 12,
  year: 13,
  newDate: 14,
  varchar: 15,
  bit: 16,
  newDecimal: 246,
  enum: 247,
  set: 248,
  tinyBlob: 249,
  mediumBlob: 250,
  longBlob: 251,
  blob: 252,
  varString: 253,
  string: 254,
  geometry: 255,
} as const;

const numericTypes: ReadonlySet<number> = new Set([
  columnTypes.decimal,
  columnTypes.tiny,
  columnTypes.short,
  columnTypes.long,
  columnTypes.float,
  columnTypes.double,
  columnTypes.null,
  columnTypes.longLong,
  columnTypes.int24,
  columnTypes.year,
  columnTypes.newDecimal,
]);
const notNullFlag = 1;

/** Whether the client takes a column for one of numbers, among which it counts NULL. */
export function isNumeric({ type }: Column): boolean {
  return numericTypes.has(type);
}

/** How wide a column is at least, for the sake of `NULL`. */
export function leastWidth({ flags }: Column): number {
  return (flags & notNullFlag) === 0 ? 4 : 0;
}

/**
 * Reads a column definition's payload: six strings, from MariaDB the extended metadata where it was
 * agreed upon, and a fixed part, which is read from the end.
 */
export function parseColumn(bytes: Uint8Array, start: number, end: number): Column {
  const fixedLength = 12;
  // The fixed part has its length in front.
  const stringsEnd = end - fixedLength - 1;
  let at = start;
  const next = () => {
    if (at >= stringsEnd) return new Uint8Array(0);
    const textStart = at + lenencSize(bytes, at);
    at = textStart + lenencValue(bytes, at);
    // A copy: `slice` of a Buffer would share the memory of a packet that is soon overwritten.
    return new Uint8Array(bytes.subarray(textStart, at));
  };
  const [catalog, database, table] = [next(), next(), next()];
  const [originalTable, name, originalName, extended] = [next(), next(), next(), next()];
  const fixed = Buffer.from(bytes.buffer, bytes.byteOffset + end - fixedLength, fixedLength);
  return {
    catalog,
    database,
    table,
    originalTable,
    name,
    originalName,
    extended,
    collation: fixed.readUInt16LE(0),
    length: fixed.readUInt32LE(2),
    type: fixed.readUInt8(6),
    flags: fixed.readUInt16LE(7),
    decimals: fixed.readUInt8(9),
  };
}
