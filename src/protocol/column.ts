import { getLenencSize, readLenenc } from './lenenc.js';

/** A column of a result set, as the server describes it (protocol: ColumnDefinition41). */
export interface Column {
  /** In the character set of the connection, like the other names. */
  name: Uint8Array;
  catalog: Uint8Array;
  database: Uint8Array;
  table: Uint8Array;
  originalTable: Uint8Array;
  originalName: Uint8Array;
  /** MariaDB's extended metadata, not decoded: pairs of a kind and a text. */
  extended: Uint8Array;
  /** The type number of the protocol; see `columnTypes`. */
  type: number;
  flags: number;
  /** Collation number; 63 is binary. */
  collation: number;
  /** Length of the longest value that the column can hold, in bytes. */
  length: number;
  decimals: number;
}

/** The type numbers of the protocol (`mariadb` 10.11). */
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
const notNull = 1;

/** Tells whether the client treats a column as numeric. The client treats the type NULL so, too. */
export function isNumeric({ type }: Column): boolean {
  return numericTypes.has(type);
}

/** Returns the minimum display width of a column: that of the word `NULL` if it can be NULL. */
export function minimumWidth({ flags }: Column): number {
  return (flags & notNull) === 0 ? 4 : 0;
}

/** The length of the last part of a column definition; the byte before that part holds it. */
const fixedLength = 12;
/** Six names, and MariaDB's extended metadata. */
const maxTexts = 7;
const noBytes = new Uint8Array(0);

/**
 * Parses the payload of a column definition: six strings, then MariaDB's extended metadata if the
 * handshake negotiated it, then a part of fixed length. Returns undefined if it is malformed.
 */
export function parseColumn(bytes: Uint8Array, start: number, end: number): Column | undefined {
  const textsEnd = end - fixedLength - 1;
  const texts: Uint8Array[] = [];
  for (let position = start; position < textsEnd; ) {
    const textStart = position + getLenencSize(bytes, position);
    const textEnd = textStart + readLenenc(bytes, position);
    if (textEnd > textsEnd || texts.length === maxTexts) return undefined;
    // Copy the bytes: `slice` of a Buffer would share the packet's memory, which is soon
    // overwritten.
    texts.push(new Uint8Array(bytes.subarray(textStart, textEnd)));
    position = textEnd;
  }
  const [catalog = noBytes, database = noBytes, table = noBytes, ...others] = texts;
  const [originalTable = noBytes, name = noBytes, originalName, extended = noBytes] = others;
  if (originalName === undefined || bytes[textsEnd] !== fixedLength) return undefined;
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
