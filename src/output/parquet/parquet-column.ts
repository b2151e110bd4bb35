import { isUtf8 } from 'node:buffer';
import type { ParquetWriter } from 'hyparquet-writer';
import { Failure } from '../../failure.js';
import { type Column, columnTypes } from '../../protocol/column.js';
import { bitDigits } from '../bit-digits.js';
import { kindOf } from '../column-kinds.js';

export type ParquetValue = number | bigint | Uint8Array;
type Element = ConstructorParameters<typeof ParquetWriter>[0]['schema'][number];

/** A column of the file: what the schema says of it, and how a cell becomes its value. */
export interface ParquetColumn {
  element: Element;
  /** What it gives may be a part of `bytes`. */
  read(bytes: Uint8Array, start: number, end: number): ParquetValue;
}

export type Read = ParquetColumn['read'];

const unsignedFlag = 32;
/** Decimals of so many digits fit into 64 bits; of so many more into 16 bytes, which is Parquet's limit. */
const digitsOf64 = 18;
const digitsOf128 = 38;

/**
 * How a column of the server is kept: integers, decimals, floats, dates and times by their types,
 * DATETIME and TIMESTAMP without a time zone, text as strings, all else as bytes. TIME, which may
 * be longer than a day, and decimals too long for Parquet are strings. `binaryAsText`: bytes, but for
 * geometries, are strings too.
 */
export function parquetColumn(column: Column, name: string, binaryAsText = false): ParquetColumn {
  const { type, flags } = column;
  const unsigned = (flags & unsignedFlag) !== 0;
  const of = (element: Omit<Element, 'name'>, read: Read): ParquetColumn => ({
    element: { ...element, name, repetition_type: 'OPTIONAL' },
    read,
  });
  const string = (hint = 'use CAST(… AS BINARY)') =>
    of({ type: 'BYTE_ARRAY', converted_type: 'UTF8' }, readText(name, hint));
  switch (type) {
    case columnTypes.tiny:
    case columnTypes.short:
    case columnTypes.int24:
    case columnTypes.year:
      return of({ type: 'INT32' }, readInteger);
    case columnTypes.long:
      return unsigned ? of({ type: 'INT64' }, readBigInt) : of({ type: 'INT32' }, readInteger);
    case columnTypes.longLong:
      return of({ type: 'INT64', ...(unsigned && { converted_type: 'UINT_64' }) }, readBigInt);
    case columnTypes.bit:
      return of({ type: 'INT64', converted_type: 'UINT_64' }, (bytes, start, end) =>
        BigInt(bitDigits(bytes, start, end)),
      );
    case columnTypes.float:
      return of({ type: 'FLOAT' }, readNumber);
    case columnTypes.double:
      return of({ type: 'DOUBLE' }, readNumber);
    case columnTypes.decimal:
    case columnTypes.newDecimal: {
      const element = decimalElement(column, unsigned);
      return element === undefined ? string() : of(element, readDecimal);
    }
    case columnTypes.date:
    case columnTypes.newDate:
      return of({ type: 'INT32', converted_type: 'DATE' }, (bytes, start, end) =>
        daysOf(textOf(bytes, start, end), name),
      );
    case columnTypes.datetime:
    case columnTypes.timestamp: {
      const logical = { type: 'TIMESTAMP', isAdjustedToUTC: false, unit: 'MICROS' } as const;
      return of({ type: 'INT64', logical_type: logical }, (bytes, start, end) =>
        microsecondsOf(textOf(bytes, start, end), name),
      );
    }
    case columnTypes.time:
    case columnTypes.null:
      return string();
    default:
      switch (kindOf(column)) {
        case 'text':
          return string();
        case 'bytes':
          if (binaryAsText) return string('leave --binary-as-text out');
      }
      return of({ type: 'BYTE_ARRAY' }, part);
  }
}

function decimalElement({ length, decimals }: Column, unsigned: boolean) {
  const precision = length - (decimals > 0 ? 1 : 0) - (unsigned ? 0 : 1);
  if (precision > digitsOf128 || decimals > precision || precision < 1) return undefined;
  const decimal = { converted_type: 'DECIMAL', precision, scale: decimals } as const;
  return precision <= digitsOf64
    ? ({ type: 'INT64', ...decimal } as const)
    : ({ type: 'FIXED_LEN_BYTE_ARRAY', type_length: 16, ...decimal } as const);
}

const part: Read = (bytes, start, end) => bytes.subarray(start, end);
/** The server lets bytes through that it was told to take for text: `CAST(… AS CHAR)`. */
const readText =
  (name: string, hint: string): Read =>
  (bytes, start, end) => {
    const value = bytes.subarray(start, end);
    if (isUtf8(value)) return value;
    const text = `column '${name}' holds text that is no UTF-8, which Parquet cannot: ${hint}`;
    throw new Failure('not-utf8', text);
  };
const readNumber: Read = (bytes, start, end) => Number(textOf(bytes, start, end));
const readInteger: Read = (bytes, start, end) => integerOf(bytes, start, end);
const readBigInt: Read = (bytes, start, end) =>
  end - start <= exactDigits
    ? BigInt(integerOf(bytes, start, end))
    : BigInt(textOf(bytes, start, end));
/** The server writes all digits behind the point that the column has. */
const readDecimal: Read = (bytes, start, end) => BigInt(textOf(bytes, start, end).replace('.', ''));

/** Digits that a double holds exactly. */
const exactDigits = 15;

/** An integer of at most so many digits, without a string on the way: there are millions of them. */
function integerOf(bytes: Uint8Array, start: number, end: number): number {
  const negative = bytes[start] === 0x2d;
  let value = 0;
  for (let at = negative ? start + 1 : start; at < end; at++) {
    value = value * 10 + (bytes[at] as number) - 0x30;
  }
  return negative ? -value : value;
}

function textOf(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
}

const millisecondsOfDay = 86_400_000;

/** Days from 1970 to a date such as `2026-08-01`. Throws Failure for one that is none. */
function daysOf(text: string, column: string): number {
  return millisecondsOf(text, '00:00:00', column) / millisecondsOfDay;
}

/** Microseconds from 1970 to a time such as `2026-08-01 12:34:56.789`. Throws Failure as above. */
function microsecondsOf(text: string, column: string): bigint {
  const [date = '', time = '', fraction = ''] = text.split(/[ .]/);
  const whole = BigInt(millisecondsOf(date, time, column)) * 1000n;
  return whole + BigInt(fraction.padEnd(6, '0'));
}

function millisecondsOf(date: string, time: string, column: string): number {
  const iso = `${date}T${time}.000Z`;
  const value = new Date(iso);
  // 2026-02-30 comes back as another day.
  if (!Number.isNaN(value.getTime()) && value.toISOString() === iso) return value.getTime();
  const text = `column '${column}' holds a date that is none (0000-00-00 or its like), which Parquet`;
  throw new Failure('no-date', `${text} cannot: use CAST(… AS CHAR)`);
}
