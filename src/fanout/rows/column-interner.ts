import type { Column } from '../../protocol/column.js';

/** Interns lists of columns, which saves memory since those of most wikis are equal. */
export class ColumnInterner {
  readonly #sets = new Map<string, Column[]>();

  /**
   * Returns the first interned list that has equal names and types; tables and databases may
   * differ.
   */
  intern(columns: Column[]): Column[] {
    const key = columns.map(keyOf).join('\n');
    const known = this.#sets.get(key);
    if (known !== undefined) return known;
    this.#sets.set(key, columns);
    return columns;
  }
}

function keyOf({ name, type, flags, collation, length, decimals }: Column): string {
  const numbers = [type, flags, collation, length, decimals].join(' ');
  return `${numbers} ${Buffer.from(name).toString('hex')}`;
}
