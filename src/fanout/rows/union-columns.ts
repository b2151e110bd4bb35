import { kindOf } from '../../output/column-kinds.js';
import { type Column, columnTypes, isNumeric } from '../../protocol/column.js';
import { comparedTypeOf, type TypeComparison } from './type-comparison.js';

/** Merges the columns of several wikis for --union-columns. */

/** utf8mb4_general_ci */
const utf8mb4 = 45;
const binaryCollation = 63;
const notNullFlag = 1;
const unsignedFlag = 32;

/** The union of the columns of several wikis. */
export interface ColumnUnion {
  columns: Column[];
  /** For each wiki and each column of the union: the index of the wiki's own column, −1 if none. */
  columnIndexes: number[][];
}

/**
 * Returns the union of the wikis' columns by name, ignoring case, in the order of first appearance. If a wiki has
 * several columns of the same name, the first corresponds to the first of other wikis, the second
 * to the second, and so on. `mergeColumns` must succeed for each column.
 */
export function uniteColumns(
  wikis: readonly (readonly Column[])[],
  comparison: TypeComparison,
): ColumnUnion {
  const byKey = new Map<string, Column[]>();
  const keysOf = wikis.map((columns) => unionKeys(columns));
  wikis.forEach((columns, wiki) => {
    columns.forEach((column, index) => {
      const key = keysOf[wiki]?.[index] ?? '';
      const same = byKey.get(key);
      if (same === undefined) byKey.set(key, [column]);
      else same.push(column);
    });
  });
  const columns = [...byKey.values()].map((same) => {
    const merged = mergeColumns(same, comparison) ?? (same[0] as Column);
    // Wikis without the column have NULL.
    const isMissing = same.length < wikis.length;
    return isMissing ? { ...merged, flags: merged.flags & ~notNullFlag } : merged;
  });
  const keys = [...byKey.keys()];
  const columnIndexes = keysOf.map((wikiKeys) => keys.map((key) => wikiKeys.indexOf(key)));
  return { columns, columnIndexes };
}

/** Returns a unique key for each column of a wiki: its name, and its number among equal names. */
export function columnKeys(columns: readonly Column[]): string[] {
  return numberNames(columns.map(({ name }) => Buffer.from(name).toString('latin1')));
}

/** Like columnKeys, but names that differ only in case are equal. */
export function unionKeys(columns: readonly Column[]): string[] {
  return numberNames(columns.map(({ name }) => Buffer.from(name).toString().toLowerCase()));
}

function numberNames(names: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return names.map((text) => {
    const count = seen.get(text) ?? 0;
    seen.set(text, count + 1);
    return `${text}\0${count}`;
  });
}

/**
 * Returns a column type that represents the values of all columns without loss; undefined if there
 * is none. NULL fits every type. Integers get the widest type. Numbers without a common type that
 * keeps all digits become text as the server sent it. Text and bytes become bytes.
 */
export function mergeColumns(
  all: readonly Column[],
  comparison: TypeComparison,
): Column | undefined {
  const typed = all.filter(({ type }) => type !== columnTypes.null);
  const columns = typed.length > 0 ? typed : all;
  const [first] = columns;
  if (first === undefined) return undefined;
  const merged = mergeTypes(columns, first, comparison);
  if (merged === undefined) return undefined;
  const nullable = all.some(({ flags }) => (flags & notNullFlag) === 0);
  const length = Math.max(merged.length, ...columns.map((column) => column.length));
  const isDecimal = merged.type === columnTypes.newDecimal;
  const flags = nullable ? merged.flags & ~notNullFlag : merged.flags | notNullFlag;
  // The length of a decimal determines its number of digits.
  return { ...merged, flags, length: isDecimal ? merged.length : length };
}

function mergeTypes(
  columns: readonly Column[],
  first: Column,
  comparison: TypeComparison,
): Column | undefined {
  // A table aligns numbers to the right, so a column that is not numeric wins.
  if (comparison === 'names') return columns.find((column) => !isNumeric(column)) ?? first;
  const types = new Set(columns.map((column) => comparedTypeOf(column, comparison)));
  if (types.size === 1) return first;
  const areOnly = (...allowed: string[]) => [...types].every((type) => allowed.includes(type));
  if (areOnly('text', 'bytes'))
    return { ...first, type: columnTypes.blob, collation: binaryCollation };
  if (comparison === 'kinds') {
    const number = columns.find((column) => kindOf(column) === 'number');
    return areOnly('number', 'year') ? number : undefined;
  }
  if (!columns.every(isNumeric)) return undefined;
  return mergeNumbers(columns, first, areOnly);
}

function mergeNumbers(
  columns: readonly Column[],
  first: Column,
  areOnly: (...allowed: string[]) => boolean,
): Column {
  const signed = { ...first, flags: first.flags & ~unsignedFlag, decimals: 0 };
  const [int32, int64, uint64] = ['32-bit integer', '64-bit integer', 'unsigned 64-bit integer'];
  if (areOnly(int32, int64)) return { ...signed, type: columnTypes.longLong };
  if (areOnly(int32, int64, uint64)) {
    const unsigned = columns.every(({ flags }) => (flags & unsignedFlag) !== 0);
    if (unsigned) return { ...first, type: columnTypes.longLong };
    // 64 bits have 20 digits; the sign makes 21.
    return { ...signed, type: columnTypes.newDecimal, length: 21 };
  }
  if (areOnly(int32, 'float', 'double')) {
    return { ...signed, type: columnTypes.double, decimals: 31 };
  }
  const decimals = columns.filter(({ type }) => type === columnTypes.newDecimal);
  const sameScale = columns.every((column) => column.decimals === first.decimals);
  if (decimals.length === columns.length && sameScale) {
    const digits = Math.max(...columns.map(digitsOf));
    const length = digits + (first.decimals > 0 ? 1 : 0) + 1;
    const wide = { ...signed, decimals: first.decimals, length };
    if (comparedTypeOf(wide, 'types').startsWith('decimal')) return wide;
  }
  return { ...signed, type: columnTypes.varString, collation: utf8mb4 };
}

/**
 * Returns the number of digits of a decimal. Its length includes the decimal point and the sign.
 */
function digitsOf({ length, decimals, flags }: Column): number {
  return length - (decimals > 0 ? 1 : 0) - ((flags & unsignedFlag) === 0 ? 1 : 0);
}
