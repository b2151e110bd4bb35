import { collationName } from '../protocol/character-sets.js';
import { type Column, columnTypes, isNumeric } from '../protocol/column.js';
import { lenencSize, lenencValue } from '../protocol/lenenc.js';
import { leaveRows } from '../protocol/packets.js';
import type { Format } from './format.js';
import type { OutputBuffer } from './output-buffer.js';

/** What --column-type-info calls the flags, in the order in which it prints them. */
const flagNames: readonly (readonly [flag: number, name: string])[] = [
  [1, 'NOT_NULL'],
  [2, 'PRI_KEY'],
  [4, 'UNIQUE_KEY'],
  [8, 'MULTIPLE_KEY'],
  [16, 'BLOB'],
  [32, 'UNSIGNED'],
  [64, 'ZEROFILL'],
  [128, 'BINARY'],
  [256, 'ENUM'],
  [512, 'AUTO_INCREMENT'],
  [1024, 'TIMESTAMP'],
  [2048, 'SET'],
  [4096, 'NO_DEFAULT_VALUE'],
  [32768, 'NUM'],
  [16384, 'PART_KEY'],
  [8192, 'ON_UPDATE_NOW'],
];
/** Not sent by servers: the client sets it itself. */
const numericFlag = 32768;

const typeNames: Record<number, string> = {
  ...Object.fromEntries(
    Object.entries(columnTypes).map(([name, type]) => [type, name.toUpperCase()]),
  ),
  [columnTypes.tinyBlob]: 'TINY_BLOB',
  [columnTypes.mediumBlob]: 'MEDIUM_BLOB',
  [columnTypes.longBlob]: 'LONG_BLOB',
  [columnTypes.varString]: 'VAR_STRING',
};

/**
 * --column-type-info: before a table, what the server says of each of its columns, as `mariadb`
 * 10.11 prints it (observed: before tables alone, not with any other format).
 */
export class ColumnTypesFormat implements Format {
  readonly takeRows = leaveRows;
  readonly #out: OutputBuffer;
  readonly #format: Format;
  #empty = true;
  #begin: (() => void) | undefined;

  constructor(out: OutputBuffer, format: Format) {
    this.#out = out;
    this.#format = format;
  }

  begin(columns: Column[], longest?: ArrayLike<number>): void {
    columns.forEach((column, index) => {
      this.#describe(column, index + 1, longest?.[index] ?? 0);
    });
    this.#out.appendText('\n');
    this.#empty = true;
    this.#begin = () => this.#format.begin(columns, longest);
  }

  row(bytes: Uint8Array, start: number, end: number): void {
    if (this.#empty) this.#begin?.();
    this.#empty = false;
    this.#format.row(bytes, start, end);
  }

  /** Of an empty result set nothing but its columns is shown. */
  end(whole: boolean): void {
    if (!this.#empty) this.#format.end(whole);
  }

  #describe(column: Column, number: number, longest: number): void {
    const out = this.#out;
    const line = (label: string, text: Uint8Array) => {
      out.appendText(`${label}\``);
      out.append(text);
      out.appendText('`\n');
    };
    line(`Field ${String(number).padStart(3)}:  `, column.name);
    line('Org_field:  ', column.originalName);
    line('Catalog:    ', column.catalog);
    line('Database:   ', column.database);
    line('Table:      ', column.table);
    line('Org_table:  ', column.originalTable);
    const { collation, length, decimals } = column;
    out.appendText(`Type:       ${typeText(column)}\n`);
    out.appendText(`Collation:  ${collationName(collation)} (${collation})\n`);
    out.appendText(`Length:     ${length}\nMax_length: ${longest}\nDecimals:   ${decimals}\n`);
    out.appendText(`Flags:      ${flagsText(column)}\n\n`);
  }
}

function typeText({ type, extended }: Column): string {
  const name = typeNames[type] ?? '?-unknown-?';
  const known = extendedTexts(extended);
  return known.length === 0 ? name : `${name} (${known.join(', ')})`;
}

/** Extended metadata: kind 0 is the name of a type, 1 that of a format. */
export function extendedTexts(bytes: Uint8Array): string[] {
  const texts: string[] = [];
  for (let at = 0; at + 1 < bytes.length; ) {
    const kind = bytes[at] === 0 ? 'type' : 'format';
    const start = at + 1 + lenencSize(bytes, at + 1);
    at = start + lenencValue(bytes, at + 1);
    texts.push(`${kind}=${Buffer.from(bytes.subarray(start, at)).toString('latin1')}`);
  }
  return texts;
}

function flagsText(column: Column): string {
  const flags = column.flags | (isNumeric(column) ? numericFlag : 0);
  return flagNames.map(([flag, name]) => ((flags & flag) === 0 ? '' : `${name} `)).join('');
}
