import type { Group, Node } from './syntax-tree.js';
import { isMark, isWord, nameOf } from './syntax-tree.js';

/** Something with columns that a query reads or a statement writes. */
export interface Source {
  /** The alias, else the table's name. */
  name: string;
  aliased: boolean;
  database: string | undefined;
  /** The table's or common table expression's name; undefined for a subquery. */
  table: string | undefined;
  query: Group | undefined;
  /** The columns' names where they are given with it: `with x (a, b) as …`. */
  columns: readonly string[] | undefined;
}

/** The names in `(a, b)`. */
export function listedNames(group: Group): string[] {
  return group.nodes.map(nameOf).filter((name) => name !== undefined);
}

/** The common table expressions at the beginning of `nodes`, and where what follows them begins. */
export function readWith(nodes: readonly Node[]): { tables: Source[]; behind: number } {
  const tables: Source[] = [];
  if (!isWord(nodes[0], 'with')) return { tables, behind: 0 };
  let at = isWord(nodes[1], 'recursive') ? 2 : 1;
  for (;;) {
    const name = nameOf(nodes[at]);
    if (name === undefined) break;
    let next = at + 1;
    const list = nodes[next];
    const columns = list?.kind === 'group' ? listedNames(list) : undefined;
    if (columns !== undefined) next++;
    const query = nodes[next + 1];
    if (!isWord(nodes[next], 'as') || query?.kind !== 'group') break;
    tables.push({ name, aliased: false, database: undefined, table: undefined, query, columns });
    at = next + 2;
    if (!isMark(nodes[at], ',')) break;
    at++;
  }
  return { tables, behind: at };
}
