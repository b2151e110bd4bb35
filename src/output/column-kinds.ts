import { isUtf8 } from 'node:buffer';
import { Failure } from '../failure.js';
import { getCollationName } from '../protocol/character-sets.js';
import { type Column, columnTypes, isNumeric } from '../protocol/column.js';

/**
 * The kind of a column's values, for formats with types: `digits` are numbers with leading zeros,
 * `text` is UTF-8, `bytes` are arbitrary.
 */
export type ColumnKind = 'number' | 'year' | 'digits' | 'bit' | 'geometry' | 'text' | 'bytes';

const zerofillFlag = 64;
const binaryCollation = 63;

export function kindOf(column: Column): ColumnKind {
  const { type, flags, collation } = column;
  if (type === columnTypes.bit) return 'bit';
  if (type === columnTypes.geometry) return 'geometry';
  if (type === columnTypes.year) return 'year';
  if (isNumeric(column)) return (flags & zerofillFlag) === 0 ? 'number' : 'digits';
  return collation === binaryCollation && !isTime(column) ? 'bytes' : 'text';
}

/** Dates and times have the binary collation, but are text. */
function isTime({ type }: Column): boolean {
  const { date, datetime, newDate, time, timestamp } = columnTypes;
  return [date, datetime, newDate, time, timestamp].some((it) => it === type);
}

/**
 * Returns the column names, for formats that identify values by name. `parquet` ignores case, since
 * Spark, Hive and Trino take names that differ only in case for one. Throws a Failure if two names
 * are equal, if a name is not valid UTF-8, or if a column is in another character set.
 */
export function requireUniqueNames(
  columns: readonly Column[],
  format: 'json' | 'jsonl' | 'parquet',
): string[] {
  const names = columns.map(({ name }) => Buffer.from(name).toString());
  const keys = format === 'parquet' ? names.map((name) => name.toLowerCase()) : names;
  const second = keys.findIndex((key, index) => keys.indexOf(key) < index);
  if (second >= 0) {
    const other = names[keys.indexOf(keys[second] ?? '')];
    const text =
      other === names[second]
        ? `two columns are called '${other}', but ${format} needs unique names`
        : `the names of the columns '${other}' and '${names[second]}' differ only in case, which readers of ${format} ignore`;
    throw new Failure('same-names', `${text}: rename one with AS`);
  }
  requireUtf8Columns(columns, format, 'use --default-character-set=utf8mb4 and no SET NAMES');
  return names;
}

/** Throws a Failure if a column name is not valid UTF-8 or a column is in another character set. */
export function requireUtf8Columns(columns: readonly Column[], format: string, hint: string): void {
  columns.forEach((column, index) => {
    const set = characterSetOf(column);
    if (isUtf8(column.name) && set === undefined) return;
    const name = Buffer.from(column.name).toString();
    const subject = set === undefined ? `the name of column ${index + 1}` : `column '${name}'`;
    const problem = set === undefined ? 'is not valid UTF-8' : `is in ${set}`;
    throw new Failure('not-utf8', `${subject} ${problem}, but ${format} requires UTF-8: ${hint}`);
  });
}

/** Returns the character set of a text column if it is not UTF-8; otherwise undefined. */
function characterSetOf(column: Column): string | undefined {
  if (kindOf(column) !== 'text') return undefined;
  // Unknown collations belong to newer servers, which add only Unicode collations.
  const set = getCollationName(column.collation).split('_', 1)[0] ?? '?';
  return /^(utf8|utf8mb3|utf8mb4|ascii|binary|\?)$/.test(set) ? undefined : set;
}
