import { kindOf } from '../../output/column-kinds.js';
import { type Column, columnTypes, isNumeric } from '../../protocol/column.js';
import { comparedTypeOf, type TypeComparison } from './type-comparison.js';

const utf8mb4 = 45;
const binaryCollation = 63;
const notNullFlag = 1;
const unsignedFlag = 32;

/** The columns of several wikis as one. */
export interface Union {
  columns: Column[];
  /** Of each wiki, for each column of the union: which of the wiki's own it is, −1 if none. */
  places: number[][];
}

/**
 * Columns by name, in the order in which they first appear; of columns that are called the same
 * within one wiki the first goes with the first, the second with the second. `reconcile` must have
 * something to say of each.
 */
export function unionOf(wikis: readonly (readonly Column[])[], typing: TypeComparison): Union {
  const byKey = new Map<string, Column[]>();
  const keysOf = wikis.map((columns) => columnKeys(columns));
  wikis.forEach((columns, wiki) => {
    columns.forEach((column, index) => {
      const key = keysOf[wiki]?.[index] ?? '';
      const same = byKey.get(key);
      if (same === undefined) byKey.set(key, [column]);
      else same.push(column);
    });
  });
  const columns = [...byKey.values()].map((same) => {
    const merged = reconcile(same, typing) ?? (same[0] as Column);
    // What some wikis lack is NULL.
    const lacking = same.length < wikis.length;
    return lacking ? { ...merged, flags: merged.flags & ~notNullFlag } : merged;
  });
  const keys = [...byKey.keys()];
  const places = keysOf.map((own) => keys.map((key) => own.indexOf(key)));
  return { columns, places };
}

/** What tells a column from the others of its wiki: its name, and which of that name it is. */
export function columnKeys(columns: readonly Column[]): string[] {
  const seen = new Map<string, number>();
  return columns.map(({ name }) => {
    const text = Buffer.from(name).toString('latin1');
    const count = seen.get(text) ?? 0;
    seen.set(text, count + 1);
    return `${text}\0${count}`;
  });
}

/**
 * A column that holds the values of all of these, without a loss; undefined where there is none.
 * NULL goes with everything, integers become the wider ones, numbers that have no type in common
 * which keeps all their digits become text as the server wrote it, text and bytes become bytes.
 */
export function reconcile(all: readonly Column[], typing: TypeComparison): Column | undefined {
  const typed = all.filter(({ type }) => type !== columnTypes.null);
  const columns = typed.length > 0 ? typed : all;
  const [first] = columns;
  if (first === undefined) return undefined;
  const merged = merge(columns, first, typing);
  if (merged === undefined) return undefined;
  const nullable = all.some(({ flags }) => (flags & notNullFlag) === 0);
  const length = Math.max(merged.length, ...columns.map((column) => column.length));
  const isDecimal = merged.type === columnTypes.newDecimal;
  const flags = nullable ? merged.flags & ~notNullFlag : merged.flags | notNullFlag;
  // A decimal's length says how many digits it has.
  return { ...merged, flags, length: isDecimal ? merged.length : length };
}

function merge(
  columns: readonly Column[],
  first: Column,
  typing: TypeComparison,
): Column | undefined {
  // In a table numbers are aligned to the right.
  if (typing === false) return columns.find((column) => !isNumeric(column)) ?? first;
  const forms = new Set(columns.map((column) => comparedTypeOf(column, typing)));
  if (forms.size === 1) return first;
  const among = (...some: string[]) => [...forms].every((form) => some.includes(form));
  if (among('text', 'bytes'))
    return { ...first, type: columnTypes.blob, collation: binaryCollation };
  if (typing === 'kinds') {
    const number = columns.find((column) => kindOf(column) === 'number');
    return among('number', 'year') ? number : undefined;
  }
  if (!columns.every(isNumeric)) return undefined;
  return mergeNumbers(columns, first, among);
}

function mergeNumbers(
  columns: readonly Column[],
  first: Column,
  among: (...some: string[]) => boolean,
): Column {
  const signed = { ...first, flags: first.flags & ~unsignedFlag, decimals: 0 };
  const [int32, int64, uint64] = ['32-bit integer', '64-bit integer', 'unsigned 64-bit integer'];
  if (among(int32, int64)) return { ...signed, type: columnTypes.longLong };
  if (among(int32, int64, uint64)) {
    const unsigned = columns.every(({ flags }) => (flags & unsignedFlag) !== 0);
    if (unsigned) return { ...first, type: columnTypes.longLong };
    // The digits of 64 bits, and a sign.
    return { ...signed, type: columnTypes.newDecimal, length: 21 };
  }
  if (among(int32, 'float', 'double')) {
    return { ...signed, type: columnTypes.double, decimals: 31 };
  }
  const decimals = columns.filter(({ type }) => type === columnTypes.newDecimal);
  const sameScale = columns.every((column) => column.decimals === first.decimals);
  if (decimals.length === columns.length && sameScale) {
    const digits = Math.max(...columns.map(digitsOf));
    const length = digits + (first.decimals > 0 ? 1 : 0) + 1;
    const wide = { ...signed, decimals: first.decimals, length };
    if (comparedTypeOf(wide, true).startsWith('decimal')) return wide;
  }
  return { ...signed, type: columnTypes.varString, collation: utf8mb4 };
}

/** How many digits a decimal has; its length counts the point and the sign, where they may be. */
function digitsOf({ length, decimals, flags }: Column): number {
  return length - (decimals > 0 ? 1 : 0) - ((flags & unsignedFlag) === 0 ? 1 : 0);
}
