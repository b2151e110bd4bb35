import { getCollationName } from '../protocol/character-sets.js';
import { type Column, columnTypes, isNumeric } from '../protocol/column.js';
import { getLenencSize, readLenenc } from '../protocol/lenenc.js';
import { takeNoRows } from '../protocol/packets.js';
import type { Format } from './format.js';
import type { OutputBuffer } from './output-buffer.js';

/** The names of the column flags in --column-type-info, in the order in which it prints them. */
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
/** Servers do not send this flag; the client sets it. */
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
 * --column-type-info: prints the metadata of each column before a table, as `mariadb` does
 * (observed: 10.11, before tables only, not with any other format).
 */
export class ColumnTypesFormat implements Format {
  readonly takeRows = takeNoRows;
  readonly #out: OutputBuffer;
  readonly #format: Format;
  #isEmpty = true;
  #beginTable: (() => void) | undefined;

  constructor(out: OutputBuffer, format: Format) {
    this.#out = out;
    this.#format = format;
  }

  begin(columns: Column[], maxLengths?: ArrayLike<number>): void {
    columns.forEach((column, index) => {
      this.#describe(column, index + 1, maxLengths?.[index] ?? 0);
    });
    this.#out.appendText('\n');
    this.#isEmpty = true;
    this.#beginTable = () => this.#format.begin(columns, maxLengths);
  }

  row(bytes: Uint8Array, start: number, end: number): void {
    if (this.#isEmpty) this.#beginTable?.();
    this.#isEmpty = false;
    this.#format.row(bytes, start, end);
  }

  /** For an empty result set only the metadata is printed. */
  end(isComplete: boolean): void {
    if (!this.#isEmpty) this.#format.end(isComplete);
  }

  #describe(column: Column, number: number, maxLength: number): void {
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
    out.appendText(`Type:       ${formatType(column)}\n`);
    out.appendText(`Collation:  ${getCollationName(collation)} (${collation})\n`);
    out.appendText(`Length:     ${length}\nMax_length: ${maxLength}\nDecimals:   ${decimals}\n`);
    out.appendText(`Flags:      ${formatFlags(column)}\n\n`);
  }
}

function formatType({ type, extended }: Column): string {
  const name = typeNames[type] ?? '?-unknown-?';
  const known = parseExtendedMetadata(extended);
  return known.length === 0 ? name : `${name} (${known.join(', ')})`;
}

/**
 * Returns the entries of a column's extended metadata, such as `type=uuid` or `format=json`. In the
 * protocol an entry of kind 0 names a type, of kind 1 a format.
 */
export function parseExtendedMetadata(bytes: Uint8Array): string[] {
  const texts: string[] = [];
  for (let position = 0; position + 1 < bytes.length; ) {
    const kind = bytes[position] === 0 ? 'type' : 'format';
    const start = position + 1 + getLenencSize(bytes, position + 1);
    position = start + readLenenc(bytes, position + 1);
    texts.push(`${kind}=${Buffer.from(bytes.subarray(start, position)).toString('latin1')}`);
  }
  return texts;
}

function formatFlags(column: Column): string {
  const flags = column.flags | (isNumeric(column) ? numericFlag : 0);
  return flagNames.map(([flag, name]) => ((flags & flag) === 0 ? '' : `${name} `)).join('');
}
