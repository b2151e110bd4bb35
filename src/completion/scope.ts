import type { Names } from './completion.js';
import type { CursorContext } from './cursor-context.js';
import { readSelectScope } from './select-scope.js';
import { readWith, type Source } from './source.js';
import {
  type Group,
  isMark,
  isQuery,
  isWord,
  type Node,
  nameOf,
  type SyntaxTree,
} from './syntax-tree.js';

/** What the text around the cursor means. */
export interface Scope {
  place: CursorContext;
  /** What the innermost query reads, then what those around it do. */
  levels: readonly (readonly Source[])[];
  /** Common table expressions that may be named at the cursor. */
  common: readonly Source[];
  /** The names that the innermost query gives to its columns: `count(*) AS n`. */
  results: readonly string[];
}

/** A query within a query within … : those that refer to themselves end here. */
const deepest = 8;

/** What may stand at the tree's cursor, and which tables' columns are near. */
export function scopeOf({ path }: SyntaxTree): Scope {
  const levels: Source[][] = [];
  const common: Source[] = [];
  let place: CursorContext | undefined;
  let results: string[] = [];
  for (const [depth, group] of path.entries()) {
    if (depth > 0 && !isQuery(group)) continue;
    const { block, tables } = partAt(group, path);
    const read = readSelectScope(block, path);
    common.push(...tables);
    levels.unshift(read.sources);
    place = read.place ?? place;
    results = aliasesIn(block);
  }
  return {
    place: place ?? { expected: 'anything', clause: '', opens: false },
    levels,
    common,
    results,
  };
}

const setOperators = ['union', 'except', 'intersect', 'minus'];

/** The SELECT of a union, or the statement of a block, that the cursor is in. */
function partAt(group: Group, path: readonly Group[]): { block: Node[]; tables: Source[] } {
  const { tables, behind } = readWith(group.nodes);
  const isHere = (node: Node) =>
    node.kind === 'cursor' || (node.kind === 'group' && path.includes(node));
  // The cursor may be in one of the common table expressions: then there is nothing else here.
  if (group.nodes.slice(0, behind).some(isHere)) return { block: [], tables };
  let block: Node[] = [];
  let found = false;
  for (const node of group.nodes.slice(behind)) {
    if (isMark(node, ';') || isWord(node, ...setOperators)) {
      if (found) break;
      block = [];
    } else if (block.length > 0 || !isWord(node, 'all', 'distinct')) {
      block.push(node);
      found ||= isHere(node);
    }
  }
  return { block, tables };
}

/** The columns that a source has, as far as that is known. */
export function columnsOf(
  source: Source,
  scope: Pick<Scope, 'common'>,
  names: Names,
  depth = 0,
): readonly string[] {
  if (depth > deepest) return [];
  if (source.columns !== undefined) return source.columns;
  if (source.query !== undefined) return resultColumns(source.query, scope, names, depth + 1);
  if (source.table === undefined) return [];
  if (source.database === undefined) {
    const common = scope.common.find(({ name }) => sameName(name, source.table));
    if (common !== undefined) return columnsOf(common, scope, names, depth + 1);
  }
  if (!isLikeCurrent(source.database, names)) return [];
  return names.columns.get(source.table) ?? [];
}

/**
 * Whether the tables of the current database tell something of those of `database`: it is the same,
 * or both are wikis, which have the same tables.
 */
export function isLikeCurrent(database: string | undefined, names: Names): boolean {
  if (database === undefined || database === names.database) return true;
  if (names.database === undefined) return false;
  return names.wikis.includes(database) && names.wikis.includes(names.database);
}

export function sameName(one: string, other: string | undefined): boolean {
  return one === other || one.toLowerCase() === other?.toLowerCase();
}

/** The names of the columns that a query in parentheses gives. */
function resultColumns(
  query: Group,
  outer: Pick<Scope, 'common'>,
  names: Names,
  depth: number,
): readonly string[] {
  const [first] = query.nodes;
  if (first?.kind === 'group') return resultColumns(first, outer, names, depth);
  const { tables, behind } = readWith(query.nodes);
  const end = query.nodes.findIndex((node) => isWord(node, ...setOperators));
  const block = query.nodes.slice(behind, end < 0 ? undefined : end);
  const scope = { common: [...tables, ...outer.common] };
  const { sources } = readSelectScope(block, []);
  const found: string[] = [];
  for (const item of selectList(block)) {
    const last = item.at(-1);
    if (isMark(last, '*')) {
      const of = item.length === 3 ? nameOf(item[0]) : undefined;
      for (const source of sources) {
        if (of === undefined || sameName(source.name, of))
          found.push(...columnsOf(source, scope, names, depth));
      }
    } else {
      const name = nameOf(last);
      if (name !== undefined) found.push(name);
    }
  }
  return found;
}

/** The names behind AS in the select list. */
function aliasesIn(block: readonly Node[]): string[] {
  return selectList(block)
    .filter((item) => isWord(item.at(-2), 'as'))
    .map((item) => nameOf(item.at(-1)))
    .filter((name) => name !== undefined);
}

/** The nodes of each expression between SELECT and FROM. */
function selectList(block: readonly Node[]): Node[][] {
  const start = block.findIndex((node) => isWord(node, 'select'));
  if (start < 0) return [];
  const items: Node[][] = [[]];
  for (const node of block.slice(start + 1)) {
    if (isWord(node, 'from', 'into', 'where', 'order', 'limit')) break;
    if (isMark(node, ',')) items.push([]);
    else items.at(-1)?.push(node);
  }
  return items;
}
