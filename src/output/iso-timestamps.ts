import { type Column, columnTypes } from '../protocol/column.js';
import type { RowsTaken, TakeRows } from '../protocol/packets.js';
import { forEachCell } from '../protocol/row.js';
import { RowBuilder } from '../protocol/row-builder.js';
import type { RunFormat } from './format.js';

const digitCount = 14;
const isoLength = 20;
const binaryCollation = 63;
const textCollation = 45;

/**
 * --timestamps iso: converts MediaWiki timestamps such as `20260801123456` to
 * `2026-08-01T12:34:56Z` before another format writes them. A timestamp is a value of 14 digits
 * that is a valid time, in a column of 14 bytes (binary(14), varbinary(14), and expressions of
 * these types). All other values stay unchanged, such as `infinity`.
 */
export class IsoTimestampsFormat implements RunFormat {
  readonly #format: RunFormat;
  readonly #row = new RowBuilder();
  #isTimestampColumn: boolean[] = [];
  #hasTimestamp = false;

  constructor(format: RunFormat) {
    this.#format = format;
  }

  begin(columns: Column[], maxLengths?: ArrayLike<number>): void {
    this.#isTimestampColumn = columns.map(isTimestamp);
    this.#hasTimestamp = this.#isTimestampColumn.includes(true);
    const isoColumns = columns.map((column) =>
      isTimestamp(column) ? { ...column, collation: textCollation, length: isoLength } : column,
    );
    this.#format.begin(isoColumns, maxLengths);
  }

  row(bytes: Uint8Array, start: number, end: number): void {
    if (!this.#hasTimestamp) {
      this.#format.row(bytes, start, end);
      return;
    }
    const row = this.#row;
    row.begin(end - start + this.#isTimestampColumn.length * isoLength);
    forEachCell(bytes, start, end, (cellStart, cellEnd, index) => {
      const iso = this.#isTimestampColumn[index] ? toIso8601(bytes, cellStart, cellEnd) : undefined;
      if (cellStart < 0) row.addNull();
      else if (iso === undefined) row.add(bytes, cellStart, cellEnd);
      else row.add(iso, 0, iso.length);
    });
    this.#format.row(row.bytes, 0, row.length);
  }

  takeRows(...chunk: Parameters<TakeRows>): RowsTaken | undefined {
    return this.#hasTimestamp ? undefined : this.#format.takeRows(...chunk);
  }

  end(isComplete: boolean): void {
    this.#format.end(isComplete);
  }

  finish(): void {
    this.#format.finish?.();
  }
}

function isTimestamp({ type, collation, length }: Column): boolean {
  const { string, varchar, varString } = columnTypes;
  const fits = type === string || type === varString || type === varchar;
  return fits && collation === binaryCollation && length === digitCount;
}

/** Returns the ISO 8601 form of 14 digits that are a valid time; undefined for all other values. */
function toIso8601(bytes: Uint8Array, start: number, end: number): Buffer | undefined {
  if (end - start !== digitCount) return undefined;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, digitCount).toString('latin1');
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(text);
  if (parts === null) return undefined;
  const [, year, month, day, hour, minute, second] = parts;
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  // Date normalizes an invalid date, such as February 30th, to a different one.
  const time = new Date(`${iso}.000Z`);
  if (Number.isNaN(time.getTime()) || time.toISOString() !== `${iso}.000Z`) return undefined;
  return Buffer.from(`${iso}Z`);
}
