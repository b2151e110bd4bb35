import { isUtf8 } from 'node:buffer';
import type { ParquetWriter } from 'hyparquet-writer';
import { Failure } from '../../failure.js';
import { type Column, columnTypes } from '../../protocol/column.js';
import { kindOf } from '../column-kinds.js';
import { formatBit } from '../format-bit.js';

export type ParquetValue = number | bigint | Uint8Array;
type Element = ConstructorParameters<typeof ParquetWriter>[0]['schema'][number];

/** A column of the file: its schema element, and the conversion of its cells. */
export interface ParquetColumn {
  element: Element;
  /** Converts a cell. The result may be a view of `bytes`. Throws a Failure for invalid values. */
  read(bytes: Uint8Array, start: number, end: number): ParquetValue;
}

export type ReadValue = ParquetColumn['read'];

const unsignedFlag = 32;
/** The most decimal digits that fit into 64 bits, and into 16 bytes, which is Parquet's limit. */
const maxDigits64 = 18;
const maxDigits128 = 38;

/**
 * Returns the Parquet column for a column of the server: integers, decimals, floats, dates and
 * times keep their types, DATETIME and TIMESTAMP have no time zone, text becomes strings, and
 * everything else bytes. TIME, which can exceed a day, and decimals that are too long for Parquet
 * become strings. With `binaryAsText`, bytes except geometries become strings, too.
 */
export function toParquetColumn(column: Column, name: string, binaryAsText = false): ParquetColumn {
  const { type, flags } = column;
  const isUnsigned = (flags & unsignedFlag) !== 0;
  const createColumn = (element: Omit<Element, 'name'>, read: ReadValue): ParquetColumn => ({
    element: { ...element, name, repetition_type: 'OPTIONAL' },
    read,
  });
  const createString = (hint = 'use CAST(… AS BINARY)') =>
    createColumn({ type: 'BYTE_ARRAY', converted_type: 'UTF8' }, createTextReader(name, hint));
  switch (type) {
    case columnTypes.tiny:
    case columnTypes.short:
    case columnTypes.int24:
    case columnTypes.year:
      return createColumn({ type: 'INT32' }, readInteger);
    case columnTypes.long:
      return isUnsigned
        ? createColumn({ type: 'INT64' }, readBigInt)
        : createColumn({ type: 'INT32' }, readInteger);
    case columnTypes.longLong:
      return createColumn(
        { type: 'INT64', ...(isUnsigned && { converted_type: 'UINT_64' }) },
        readBigInt,
      );
    case columnTypes.bit:
      return createColumn({ type: 'INT64', converted_type: 'UINT_64' }, (bytes, start, end) =>
        BigInt(formatBit(bytes, start, end)),
      );
    case columnTypes.float:
      return createColumn({ type: 'FLOAT' }, readNumber);
    case columnTypes.double:
      return createColumn({ type: 'DOUBLE' }, readNumber);
    case columnTypes.decimal:
    case columnTypes.newDecimal: {
      const element = createDecimalElement(column, isUnsigned);
      return element === undefined ? createString() : createColumn(element, readDecimal);
    }
    case columnTypes.date:
    case columnTypes.newDate:
      return createColumn({ type: 'INT32', converted_type: 'DATE' }, (bytes, start, end) =>
        parseDays(decodeLatin1(bytes, start, end), name),
      );
    case columnTypes.datetime:
    case columnTypes.timestamp: {
      const logical = { type: 'TIMESTAMP', isAdjustedToUTC: false, unit: 'MICROS' } as const;
      return createColumn({ type: 'INT64', logical_type: logical }, (bytes, start, end) =>
        parseMicroseconds(decodeLatin1(bytes, start, end), name),
      );
    }
    case columnTypes.time:
    case columnTypes.null:
      return createString();
    default:
      switch (kindOf(column)) {
        case 'text':
          return createString();
        case 'bytes':
          if (binaryAsText) return createString('omit --binary-as-text');
      }
      return createColumn({ type: 'BYTE_ARRAY' }, readBytes);
  }
}

function createDecimalElement({ length, decimals }: Column, isUnsigned: boolean) {
  const precision = length - (decimals > 0 ? 1 : 0) - (isUnsigned ? 0 : 1);
  if (precision > maxDigits128 || decimals > precision || precision < 1) return undefined;
  const decimal = { converted_type: 'DECIMAL', precision, scale: decimals } as const;
  return precision <= maxDigits64
    ? ({ type: 'INT64', ...decimal } as const)
    : ({ type: 'FIXED_LEN_BYTE_ARRAY', type_length: 16, ...decimal } as const);
}

const readBytes: ReadValue = (bytes, start, end) => bytes.subarray(start, end);
/** Text can be invalid UTF-8: the server does not check `CAST(… AS CHAR)` of bytes. */
const createTextReader =
  (name: string, hint: string): ReadValue =>
  (bytes, start, end) => {
    const value = bytes.subarray(start, end);
    if (isUtf8(value)) return value;
    const text = `column '${name}' contains text that is not valid UTF-8: for Parquet, ${hint}`;
    throw new Failure('not-utf8', text);
  };
const readNumber: ReadValue = (bytes, start, end) => Number(decodeLatin1(bytes, start, end));
const readInteger: ReadValue = (bytes, start, end) => parseInteger(bytes, start, end);
const readBigInt: ReadValue = (bytes, start, end) =>
  end - start <= maxExactDigits
    ? BigInt(parseInteger(bytes, start, end))
    : BigInt(decodeLatin1(bytes, start, end));
/** The server always sends as many digits after the point as the column has. */
const readDecimal: ReadValue = (bytes, start, end) =>
  BigInt(decodeLatin1(bytes, start, end).replace('.', ''));

/** The number of decimal digits that a double represents exactly. */
const maxExactDigits = 15;

/** Parses an integer of at most `maxExactDigits` digits without a string: there are millions. */
function parseInteger(bytes: Uint8Array, start: number, end: number): number {
  const isNegative = bytes[start] === 0x2d;
  let value = 0;
  for (let position = isNegative ? start + 1 : start; position < end; position++) {
    value = value * 10 + (bytes[position] as number) - 0x30;
  }
  return isNegative ? -value : value;
}

function decodeLatin1(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
}

const millisecondsPerDay = 86_400_000;

/** Returns the days from 1970 to a date such as `2026-08-01`. Throws a Failure if it is invalid. */
function parseDays(text: string, column: string): number {
  return parseMilliseconds(text, '00:00:00', column) / millisecondsPerDay;
}

/**
 * Returns the microseconds from 1970 to a time such as `2026-08-01 12:34:56.789`. Throws a Failure
 * if it is invalid.
 */
function parseMicroseconds(text: string, column: string): bigint {
  const [date = '', time = '', fraction = ''] = text.split(/[ .]/);
  const whole = BigInt(parseMilliseconds(date, time, column)) * 1000n;
  return whole + BigInt(fraction.padEnd(6, '0'));
}

function parseMilliseconds(date: string, time: string, column: string): number {
  const iso = `${date}T${time}.000Z`;
  const value = new Date(iso);
  // Date normalizes an invalid date, such as 2026-02-30, to a different one.
  if (!Number.isNaN(value.getTime()) && value.toISOString() === iso) return value.getTime();
  const text = `column '${column}' contains an invalid date such as 0000-00-00`;
  throw new Failure('no-date', `${text}: for Parquet, use CAST(… AS CHAR)`);
}
