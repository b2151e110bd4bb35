import type { Group, Node } from './syntax-tree.js';
import { getName, isMark, isWord } from './syntax-tree.js';

/** A table, view, common table expression or subquery that a statement reads or writes. */
export interface TableReference {
  /** The alias, or the name of the table if it has none. */
  name: string;
  hasAlias: boolean;
  database: string | undefined;
  /** The name of the table or common table expression; undefined for a subquery. */
  table: string | undefined;
  query: Group | undefined;
  /** The names of the columns if the statement lists them: `with x (a, b) as …`. */
  columns: readonly string[] | undefined;
}

/** Returns the names in `(a, b)`. */
export function parseNameList(group: Group): string[] {
  return group.nodes.map(getName).filter((name) => name !== undefined);
}

/** Returns the common table expressions at the beginning of `nodes`, and the index after them. */
export function readCommonTables(nodes: readonly Node[]): {
  tables: TableReference[];
  end: number;
} {
  const tables: TableReference[] = [];
  if (!isWord(nodes[0], 'with')) return { tables, end: 0 };
  let position = isWord(nodes[1], 'recursive') ? 2 : 1;
  for (;;) {
    const name = getName(nodes[position]);
    if (name === undefined) break;
    let next = position + 1;
    const list = nodes[next];
    const columns = list?.kind === 'group' ? parseNameList(list) : undefined;
    if (columns !== undefined) next++;
    const query = nodes[next + 1];
    if (!isWord(nodes[next], 'as') || query?.kind !== 'group') break;
    tables.push({ name, hasAlias: false, database: undefined, table: undefined, query, columns });
    position = next + 2;
    if (!isMark(nodes[position], ',')) break;
    position++;
  }
  return { tables, end: position };
}
