import type { Column } from '../../protocol/column.js';
import { printable } from '../../text/printable.js';
import { WikiFailure } from '../outcome.js';
import type { OutputLayout } from '../plan/output-layout.js';
import type { RunRequest } from '../plan/plan.js';
import { type AddedColumns, checkColumnNames } from './column-names.js';
import { comparedTypeOf, type TypeComparison, typeComparisonOf } from './type-comparison.js';
import { columnKeys, mergeColumns, unionKeys } from './union-columns.js';
import { chooseWikiColumn } from './wiki-cells.js';

/** Returns the checker for a run; `layout` is set if each wiki has its own file. */
export function createColumnChecker(
  { settings, fanout }: RunRequest,
  layout: OutputLayout | undefined,
): ColumnChecker {
  const { wikiFields, unionColumns } = fanout;
  return new ColumnChecker({
    comparison: typeComparisonOf(settings.output),
    union: unionColumns,
    added: { wikiColumn: chooseWikiColumn(fanout, layout), wikiFields },
  });
}

interface SeenColumn {
  wiki: string;
  column: Column;
}

/**
 * Checks that the columns of all wikis fit together. Without `union` all wikis must have the column
 * names of the first wiki in the same order, and types that are equal as `comparison` says. With
 * `union` names and order may differ, but columns with the same name must have a common type.
 */
export class ColumnChecker {
  readonly #comparison: TypeComparison;
  readonly #union: boolean;
  #first: { wiki: string; columns: readonly Column[] } | undefined;
  /** Whether another wiki has the columns of `#first`. */
  #isShared = false;
  /** With `union`: the variants of each column, each with the first wiki that has it. */
  readonly #seen = new Map<string, SeenColumn[]>();

  readonly #added: AddedColumns;

  /** `added`: the columns that the run adds before those of the result. */
  constructor(options: { comparison: TypeComparison; union?: boolean; added?: AddedColumns }) {
    this.#comparison = options.comparison;
    this.#union = options.union ?? false;
    this.#added = options.added ?? { wikiColumn: undefined, wikiFields: [] };
  }

  /**
   * Throws WikiFailure if the columns do not fit: their names are not unique in the format, or they
   * differ from those of another wiki, which the message names.
   */
  check(wiki: string, columns: readonly Column[]): void {
    checkColumnNames(columns, this.#added, this.#comparison);
    if (this.#union) this.#checkUnion(wiki, columns);
    else this.#checkEqual(wiki, columns);
  }

  /** Forgets the columns of a wiki without a result, unless another wiki has the same columns. */
  forget(wiki: string): void {
    if (this.#first?.wiki === wiki && !this.#isShared) this.#first = undefined;
  }

  #checkEqual(wiki: string, columns: readonly Column[]): void {
    if (this.#first === undefined) this.#first = { wiki, columns: [...columns] };
    const { wiki: other, columns: otherColumns } = this.#first;
    const difference = describeNameDifference(columns, otherColumns);
    if (difference !== undefined) {
      const text = `its columns differ from those of ${printable(other)}: ${difference}`;
      throw new WikiFailure(`${text}; use --union-columns to accept both`);
    }
    columns.forEach((column, index) => {
      const own = comparedTypeOf(column, this.#comparison);
      const others = comparedTypeOf(otherColumns[index] ?? column, this.#comparison);
      if (own !== others) throw typeMismatch(column, own, other, others);
    });
    if (wiki !== other) this.#isShared = true;
  }

  /** If the columns do not fit, the state does not change. */
  #checkUnion(wiki: string, columns: readonly Column[]): void {
    const comparison = this.#comparison;
    const keys = unionKeys(columns);
    const updated = columns.map((column, index) => {
      const seen = this.#seen.get(keys[index] ?? '') ?? [];
      const isKnown = seen.some(
        (it) =>
          comparedTypeOf(it.column, comparison) === comparedTypeOf(column, comparison) &&
          it.column.flags === column.flags &&
          it.column.type === column.type,
      );
      if (isKnown) return seen;
      const all = [...seen, { wiki, column }];
      if (
        mergeColumns(
          all.map((it) => it.column),
          comparison,
        ) !== undefined
      )
        return all;
      const other =
        seen.find((it) => mergeColumns([it.column, column], comparison) === undefined) ?? seen[0];
      throw typeMismatch(
        column,
        comparedTypeOf(column, comparison),
        other?.wiki ?? '',
        comparedTypeOf(other?.column ?? column, comparison),
      );
    });
    keys.forEach((key, index) => {
      this.#seen.set(key, updated[index] ?? []);
    });
  }
}

function typeMismatch(
  column: Column,
  own: string,
  other: string,
  others: string | undefined,
): WikiFailure {
  const text = `its column ${quoteName(column)} has the type ${own}, but that of ${printable(other)} is ${others}`;
  return new WikiFailure(`${text}: use CAST`);
}

/** Returns how column names differ from those of another wiki; undefined if they are equal. */
function describeNameDifference(
  own: readonly Column[],
  otherColumns: readonly Column[],
): string | undefined {
  const [keys, others] = [columnKeys(own), columnKeys(otherColumns)];
  if (keys.length === others.length && keys.every((key, index) => key === others[index])) {
    return undefined;
  }
  const missing = otherColumns.filter((_, index) => !keys.includes(others[index] ?? ''));
  const additional = own.filter((_, index) => !others.includes(keys[index] ?? ''));
  if (missing.length + additional.length === 0) return 'the order is different';
  return [listNames('missing', missing), listNames('additional', additional)]
    .filter(Boolean)
    .join(', ');
}

/** The number of column names in a message. */
const maxNames = 5;

function listNames(what: string, columns: readonly Column[]): string {
  if (columns.length === 0) return '';
  const names = columns.slice(0, maxNames).map(quoteName);
  const rest = columns.length - maxNames;
  return `${what} ${names.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

function quoteName({ name }: Column): string {
  return `'${printable(Buffer.from(name).toString())}'`;
}
