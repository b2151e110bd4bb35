import { type Column, columnTypes } from '../protocol/column.js';
import type { RowsTaken, TakeRows } from '../protocol/packets.js';
import { eachCell } from '../protocol/row.js';
import { RowBuilder } from '../protocol/row-builder.js';
import type { RunFormat } from './format.js';

const digitCount = 14;
const isoLength = 20;
const binaryCollation = 63;
const textCollation = 45;

/**
 * --timestamps iso: MediaWiki's timestamps, `20260801123456`, become `2026-08-01T12:34:56Z` on their
 * way to another format. Those are values of 14 digits that are a time, in columns of 14 bytes
 * (binary(14), varbinary(14), and what is computed from them); all others stay as they are, such as
 * `infinity`.
 */
export class IsoTimestampsFormat implements RunFormat {
  readonly #format: RunFormat;
  readonly #row = new RowBuilder();
  #timestamps: boolean[] = [];
  #hasTimestamp = false;

  constructor(format: RunFormat) {
    this.#format = format;
  }

  begin(columns: Column[], longest?: ArrayLike<number>): void {
    this.#timestamps = columns.map(isTimestamp);
    this.#hasTimestamp = this.#timestamps.includes(true);
    const shown = columns.map((column) =>
      isTimestamp(column) ? { ...column, collation: textCollation, length: isoLength } : column,
    );
    this.#format.begin(shown, longest);
  }

  row(bytes: Uint8Array, start: number, end: number): void {
    if (!this.#hasTimestamp) {
      this.#format.row(bytes, start, end);
      return;
    }
    const row = this.#row;
    row.begin(end - start + this.#timestamps.length * isoLength);
    eachCell(bytes, start, end, (cellStart, cellEnd, index) => {
      const iso = this.#timestamps[index] ? isoOf(bytes, cellStart, cellEnd) : undefined;
      if (cellStart < 0) row.addNull();
      else if (iso === undefined) row.add(bytes, cellStart, cellEnd);
      else row.add(iso, 0, iso.length);
    });
    this.#format.row(row.bytes, 0, row.length);
  }

  takeRows(...chunk: Parameters<TakeRows>): RowsTaken | undefined {
    return this.#hasTimestamp ? undefined : this.#format.takeRows(...chunk);
  }

  end(whole: boolean): void {
    this.#format.end(whole);
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

/** ISO 8601 for 14 digits that are a time; undefined for all else. */
function isoOf(bytes: Uint8Array, start: number, end: number): Buffer | undefined {
  if (end - start !== digitCount) return undefined;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, digitCount).toString('latin1');
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(text);
  if (parts === null) return undefined;
  const [, year, month, day, hour, minute, second] = parts;
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  // A date that is none, such as February 30th, comes back as another.
  const time = new Date(`${iso}.000Z`);
  if (Number.isNaN(time.getTime()) || time.toISOString() !== `${iso}.000Z`) return undefined;
  return Buffer.from(`${iso}Z`);
}
