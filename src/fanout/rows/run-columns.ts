import type { Column } from '../../protocol/column.js';
import { printable } from '../../text/printable.js';
import { WikiFailure } from '../outcome.js';
import { comparedTypeOf, type TypeComparison } from './type-comparison.js';
import { columnKeys, reconcile } from './union-columns.js';

interface Known {
  wiki: string;
  column: Column;
}

/**
 * Compares the wikis' columns. The first wiki that comes sets them: those of the others must have
 * the same names in the same order, and what `typed` asks for. With `union` they may differ, but
 * those of one name must have a form that holds the values of both.
 */
export class RunColumns {
  readonly #comparison: TypeComparison;
  readonly #union: boolean;
  #first: { wiki: string; columns: readonly Column[] } | undefined;
  /** Another wiki has the same. */
  #agreed = false;
  /** For the union: of each column the different ones that came, each with the first wiki that has it. */
  readonly #known = new Map<string, Known[]>();

  constructor(options: { typed: TypeComparison; union?: boolean }) {
    this.#comparison = options.typed;
    this.#union = options.union ?? false;
  }

  /** Throws a WikiFailure that names the other wiki, and what differs. */
  check(wiki: string, columns: readonly Column[]): void {
    if (this.#union) this.#reconcile(wiki, columns);
    else this.#compare(wiki, columns);
  }

  /** The wiki has no rows after all: unless others are as it is, it sets nothing. */
  forget(wiki: string): void {
    if (this.#first?.wiki === wiki && !this.#agreed) this.#first = undefined;
  }

  #compare(wiki: string, columns: readonly Column[]): void {
    if (this.#first === undefined) this.#first = { wiki, columns: [...columns] };
    const { wiki: other, columns: those } = this.#first;
    const differing = namesApart(columns, those);
    if (differing !== undefined) {
      const text = `its columns are not those of ${printable(other)}: ${differing}`;
      throw new WikiFailure(`${text}; --union-columns takes both`);
    }
    columns.forEach((column, index) => {
      const own = comparedTypeOf(column, this.#comparison);
      const others = comparedTypeOf(those[index] ?? column, this.#comparison);
      if (own !== others) throw apart(column, own, other, others);
    });
    if (wiki !== other) this.#agreed = true;
  }

  /** Nothing is kept of a wiki whose columns do not fit. */
  #reconcile(wiki: string, columns: readonly Column[]): void {
    const typing = this.#comparison;
    const keys = columnKeys(columns);
    const added = columns.map((column, index) => {
      const known = this.#known.get(keys[index] ?? '') ?? [];
      const same = known.some(
        (it) =>
          comparedTypeOf(it.column, typing) === comparedTypeOf(column, typing) &&
          it.column.flags === column.flags &&
          it.column.type === column.type,
      );
      if (same) return known;
      const all = [...known, { wiki, column }];
      if (
        reconcile(
          all.map((it) => it.column),
          typing,
        ) !== undefined
      )
        return all;
      const other =
        known.find((it) => reconcile([it.column, column], typing) === undefined) ?? known[0];
      throw apart(
        column,
        comparedTypeOf(column, typing),
        other?.wiki ?? '',
        comparedTypeOf(other?.column ?? column, typing),
      );
    });
    keys.forEach((key, index) => {
      this.#known.set(key, added[index] ?? []);
    });
  }
}

function apart(
  column: Column,
  own: string,
  other: string,
  others: string | undefined,
): WikiFailure {
  const text = `its column ${quoted(column)} holds ${own}, that of ${printable(other)} ${others}`;
  return new WikiFailure(`${text}: use CAST`);
}

/** How the names of columns differ from those of another wiki; undefined: not at all. */
function namesApart(own: readonly Column[], those: readonly Column[]): string | undefined {
  const [keys, others] = [columnKeys(own), columnKeys(those)];
  if (keys.length === others.length && keys.every((key, index) => key === others[index])) {
    return undefined;
  }
  const lacking = those.filter((_, index) => !keys.includes(others[index] ?? ''));
  const more = own.filter((_, index) => !others.includes(keys[index] ?? ''));
  if (lacking.length + more.length === 0) return 'they come in another order';
  return [listed('it lacks', lacking), listed('it has', more)].filter(Boolean).join(', ');
}

/** So many names are told. */
const told = 5;

function listed(what: string, columns: readonly Column[]): string {
  if (columns.length === 0) return '';
  const names = columns.slice(0, told).map(quoted);
  const rest = columns.length - told;
  return `${what} ${names.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

function quoted({ name }: Column): string {
  return `'${printable(Buffer.from(name).toString())}'`;
}
