import { isUtf8 } from 'node:buffer';
import { Failure } from '../failure.js';
import { kindOf } from '../output/column-kinds.js';
import { columnTypes, type Column as InnerColumn } from '../protocol/column.js';
import { printable } from '../text/printable.js';
import type { ValueOptions } from './options.js';
import type { Column, Value } from './row.js';

/** Makes a value of a cell's bytes, `bytes[start … end)`; NULL is seen to before. */
export type ReadCell = (bytes: Buffer, start: number, end: number) => Exclude<Value, null>;

/** What the values of a column are, as `typeof` has it but for `bytes`. */
export type ValueType = 'number' | 'bigint' | 'string' | 'bytes';

export function valueTypeOf(
  inner: InnerColumn,
  column: Column,
  { binary = 'utf8', bigint = 'bigint' }: ValueOptions,
): ValueType {
  switch (kindOf(inner)) {
    case 'number':
      if (inner.type === columnTypes.longLong) return bigint;
      return isDecimal(inner) ? 'string' : 'number';
    case 'year':
      return 'number';
    case 'bit':
      return 'bigint';
    case 'geometry':
      return 'bytes';
    case 'bytes': {
      const form = typeof binary === 'function' ? binary(column) : binary;
      return form === 'bytes' ? 'bytes' : 'string';
    }
    default:
      return 'string';
  }
}

function isDecimal({ type }: InnerColumn): boolean {
  return type === columnTypes.decimal || type === columnTypes.newDecimal;
}

/**
 * How the cells of a column are read: by its type alone, never by a value. What a cell cannot be in
 * that type is a Failure: `not-utf8`, `unsafe-number`.
 */
export function cellReader(inner: InnerColumn, column: Column, options: ValueOptions): ReadCell {
  const kind = kindOf(inner);
  switch (valueTypeOf(inner, column, options)) {
    case 'number':
      if (inner.type === columnTypes.longLong) return safeIntegerReader(column);
      return isFloat(inner) ? readFloat : readInteger;
    case 'bigint':
      return kind === 'bit' ? readBits : readBigint;
    case 'bytes':
      return readBytes;
    case 'string':
      if (kind === 'bytes') return utf8Reader(column);
      return kind === 'text' ? readText : readAscii;
  }
}

function isFloat({ type }: InnerColumn): boolean {
  return type === columnTypes.float || type === columnTypes.double;
}

function readAscii(bytes: Buffer, start: number, end: number): string {
  return bytes.toString('latin1', start, end);
}

function readText(bytes: Buffer, start: number, end: number): string {
  return bytes.toString('utf8', start, end);
}

function readFloat(bytes: Buffer, start: number, end: number): number {
  return Number(readAscii(bytes, start, end));
}

function readBigint(bytes: Buffer, start: number, end: number): bigint {
  return BigInt(readAscii(bytes, start, end));
}

function readBytes(bytes: Buffer, start: number, end: number): Uint8Array {
  // A copy of plain bytes: what is lent is soon written over.
  return new Uint8Array(bytes.subarray(start, end));
}

/** BIT, most significant byte first. */
function readBits(bytes: Buffer, start: number, end: number): bigint {
  let bits = 0n;
  for (let at = start; at < end; at++) bits = (bits << 8n) | BigInt(bytes[at] as number);
  return bits;
}

const minus = 0x2d;
const zero = 0x30;

/** The digits of an integer that a number holds exactly. */
function readInteger(bytes: Buffer, start: number, end: number): number {
  const negative = bytes[start] === minus;
  let value = 0;
  for (let at = negative ? start + 1 : start; at < end; at++) {
    value = value * 10 + (bytes[at] as number) - zero;
  }
  return negative ? -value : value;
}

function safeIntegerReader({ name }: Column): ReadCell {
  return (bytes, start, end) => {
    const value = Number(readAscii(bytes, start, end));
    if (Number.isSafeInteger(value)) return value;
    throw new Failure(
      'unsafe-number',
      `column '${printable(name)}' holds an integer that no number holds exactly: ask for { bigint: 'bigint' } or { bigint: 'string' }`,
    );
  };
}

function utf8Reader({ name }: Column): ReadCell {
  return (bytes, start, end) => {
    let at = start;
    while (at < end && (bytes[at] as number) < 0x80) at++;
    if (at === end) return readAscii(bytes, start, end);
    if (isUtf8(bytes.subarray(at, end))) return bytes.toString('utf8', start, end);
    throw new Failure(
      'not-utf8',
      `column '${printable(name)}' holds bytes that are no UTF-8: ask for { binary: 'bytes' }, or for that of this column with a function`,
    );
  };
}
