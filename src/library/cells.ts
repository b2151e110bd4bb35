import { isUtf8 } from 'node:buffer';
import { Failure } from '../failure.js';
import { kindOf } from '../output/column-kinds.js';
import { columnTypes, type Column as ProtocolColumn } from '../protocol/column.js';
import { printable } from '../text/printable.js';
import type { ValueOptions } from './options.js';
import type { Column, Value } from './row.js';

/** Converts the bytes of a cell, `bytes[start … end)`, to a value. The caller handles NULL. */
export type CellReader = (bytes: Buffer, start: number, end: number) => Exclude<Value, null>;

/** The type of a column's values: the result of `typeof`, or `bytes` for Uint8Array. */
export type ValueType = 'number' | 'bigint' | 'string' | 'bytes';

/** Returns the type of a column's values, which `options` determine for BIGINT and binary columns. */
export function valueTypeOf(
  protocolColumn: ProtocolColumn,
  column: Column,
  { binary = 'utf8', bigint = 'bigint' }: ValueOptions,
): ValueType {
  switch (kindOf(protocolColumn)) {
    case 'number':
      if (protocolColumn.type === columnTypes.longLong) return bigint;
      return isDecimal(protocolColumn) ? 'string' : 'number';
    case 'year':
      return 'number';
    case 'bit':
      return 'bigint';
    case 'geometry':
      return 'bytes';
    case 'bytes': {
      const target = typeof binary === 'function' ? binary(column) : binary;
      return target === 'bytes' ? 'bytes' : 'string';
    }
    default:
      return 'string';
  }
}

function isDecimal({ type }: ProtocolColumn): boolean {
  return type === columnTypes.decimal || type === columnTypes.newDecimal;
}

/**
 * Returns a function that reads the cells of a column. Only the column's type selects it, never a
 * value. The function throws Failure `not-utf8` or `unsafe-number` for a cell that the type of its
 * values cannot represent.
 */
export function createCellReader(
  protocolColumn: ProtocolColumn,
  column: Column,
  options: ValueOptions,
): CellReader {
  const kind = kindOf(protocolColumn);
  switch (valueTypeOf(protocolColumn, column, options)) {
    case 'number':
      if (protocolColumn.type === columnTypes.longLong) return createSafeIntegerReader(column);
      return isFloat(protocolColumn) ? readFloat : readInteger;
    case 'bigint':
      return kind === 'bit' ? readBits : readBigint;
    case 'bytes':
      return readBytes;
    case 'string':
      if (kind === 'bytes') return createUtf8Reader(column);
      return kind === 'text' ? readText : readAscii;
  }
}

function isFloat({ type }: ProtocolColumn): boolean {
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
  // This must copy the bytes: `bytes` is valid only during the call.
  return new Uint8Array(bytes.subarray(start, end));
}

/** Reads a BIT value, whose most significant byte comes first. */
function readBits(bytes: Buffer, start: number, end: number): bigint {
  let bits = 0n;
  for (let position = start; position < end; position++)
    bits = (bits << 8n) | BigInt(bytes[position] as number);
  return bits;
}

const minus = 0x2d;
const zero = 0x30;

/** Reads the digits of an integer of at most 32 bits, which a number represents exactly. */
function readInteger(bytes: Buffer, start: number, end: number): number {
  const negative = bytes[start] === minus;
  let value = 0;
  for (let position = negative ? start + 1 : start; position < end; position++) {
    value = value * 10 + (bytes[position] as number) - zero;
  }
  return negative ? -value : value;
}

function createSafeIntegerReader({ name }: Column): CellReader {
  return (bytes, start, end) => {
    const value = Number(readAscii(bytes, start, end));
    if (Number.isSafeInteger(value)) return value;
    throw new Failure(
      'unsafe-number',
      `column '${printable(name)}' contains an integer beyond Number.MAX_SAFE_INTEGER: use { bigint: 'bigint' } or { bigint: 'string' }`,
    );
  };
}

function createUtf8Reader({ name }: Column): CellReader {
  return (bytes, start, end) => {
    let position = start;
    while (position < end && (bytes[position] as number) < 0x80) position++;
    if (position === end) return readAscii(bytes, start, end);
    if (isUtf8(bytes.subarray(position, end))) return bytes.toString('utf8', start, end);
    throw new Failure(
      'not-utf8',
      `column '${printable(name)}' contains bytes that are not valid UTF-8: use { binary: 'bytes' }, or a function that returns 'bytes' for this column`,
    );
  };
}
