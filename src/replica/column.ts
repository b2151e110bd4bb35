import { lenencSize, lenencValue } from '../lenenc.js';

/** A column of a result set, as the server describes it (protocol: ColumnDefinition41). */
export interface Column {
  /** In the connection's character set. */
  name: Uint8Array;
  /** Protocol type number, see `columnTypes`. */
  type: number;
  flags: number;
  /** Collation number; 63 is binary. */
  collation: number;
  /** The longest value in bytes that the column can hold. */
  length: number;
  decimals: number;
}

/** The protocol's type numbers that the formats ask for. */
export const columnTypes = {
  decimal: 0,
  tiny: 1,
  short: 2,
  long: 3,
  float: 4,
  double: 5,
  null: 6,
  longLong: 8,
  int24: 9,
  year: 13,
  newDecimal: 246,
} as const;

/**
 * Reads a column definition's payload. The name is the fifth of the strings in front; the fixed
 * part is read from the end, so that extended metadata (MariaDB) between the two does not matter.
 */
export function parseColumn(bytes: Uint8Array, start: number, end: number): Column {
  let at = start;
  for (let i = 0; i < 4; i++) at += lenencSize(bytes, at) + lenencValue(bytes, at);
  const nameStart = at + lenencSize(bytes, at);
  const nameEnd = nameStart + lenencValue(bytes, at);
  const fixed = Buffer.from(bytes.buffer, bytes.byteOffset + end - 12, 12);
  return {
    name: bytes.slice(nameStart, nameEnd),
    collation: fixed.readUInt16LE(0),
    length: fixed.readUInt32LE(2),
    type: fixed.readUInt8(6),
    flags: fixed.readUInt16LE(7),
    decimals: fixed.readUInt8(9),
  };
}
