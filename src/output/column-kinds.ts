import { isUtf8 } from 'node:buffer';
import { Failure } from '../failure.js';
import { collationName } from '../protocol/character-sets.js';
import { type Column, columnTypes, isNumeric } from '../protocol/column.js';

/**
 * What a column holds, for formats that have types: `digits` are numbers shown with leading zeros,
 * `text` is in UTF-8, `bytes` may be anything.
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

/** Dates and times are marked as binary, but are text. */
function isTime({ type }: Column): boolean {
  const { date, datetime, newDate, time, timestamp } = columnTypes;
  return [date, datetime, newDate, time, timestamp].some((it) => it === type);
}

/**
 * The columns' names, for formats whose values are found by name. Throws a Failure where two are
 * the same, where one is no UTF-8, or where a column comes in another character set.
 */
export function namesOf(columns: readonly Column[], format: string): string[] {
  const names = columns.map(({ name }) => Buffer.from(name).toString());
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) {
    const text = `two columns are called '${twice}', which ${format} cannot hold: rename one with AS`;
    throw new Failure('same-names', text);
  }
  refuseOtherSets(columns, format, 'use --default-character-set=utf8mb4 and no SET NAMES');
  return names;
}

/** Throws a Failure where a column's name is no UTF-8, or it comes in another character set. */
export function refuseOtherSets(columns: readonly Column[], format: string, hint: string): void {
  columns.forEach((column, index) => {
    const set = characterSetOf(column);
    if (isUtf8(column.name) && set === undefined) return;
    const name = Buffer.from(column.name).toString();
    const what = set === undefined ? `the name of column ${index + 1}` : `column '${name}'`;
    const comes = set === undefined ? 'is no UTF-8' : `comes in ${set}`;
    throw new Failure('not-utf8', `${what} ${comes}, and ${format} is UTF-8: ${hint}`);
  });
}

/** The character set in which a column comes, if it is one that is not UTF-8. */
function characterSetOf(column: Column): string | undefined {
  if (kindOf(column) !== 'text') return undefined;
  // A collation that is not known is one of newer servers, which are all of Unicode's.
  const set = collationName(column.collation).split('_', 1)[0] ?? '?';
  return /^(utf8|utf8mb3|utf8mb4|ascii|binary|\?)$/.test(set) ? undefined : set;
}
