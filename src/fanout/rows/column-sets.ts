import type { Column } from '../../protocol/column.js';

/** Keeps one copy of columns that differ in nothing that counts: those of a thousand wikis are alike. */
export class ColumnSets {
  readonly #sets = new Map<string, Column[]>();

  /** The same columns, or those of another wiki that are like them but for where they come from. */
  shared(columns: Column[]): Column[] {
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
