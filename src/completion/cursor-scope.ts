import type { KnownNames } from './completion.js';
import type { CursorContext } from './cursor-context.js';
import { readSelectScope } from './select-scope.js';
import {
  type Group,
  getName,
  isMark,
  isQuery,
  isWord,
  type Node,
  type SyntaxTree,
} from './syntax-tree.js';
import { readCommonTables, type TableReference } from './table-reference.js';

/** The meaning of the statement around the cursor. */
export interface CursorScope {
  context: CursorContext;
  /** The tables of the innermost query, then those of each query around it. */
  levels: readonly (readonly TableReference[])[];
  /** The common table expressions that are visible at the cursor. */
  commonTables: readonly TableReference[];
  /** The aliases in the select list of the innermost query, such as `n` in `count(*) AS n`. */
  resultNames: readonly string[];
}

/** The maximum depth of nested queries; it stops those that refer to themselves. */
const maximumDepth = 8;

/** Returns what is expected at the cursor, and the tables whose columns are visible there. */
export function resolveScope({ path }: SyntaxTree): CursorScope {
  const levels: TableReference[][] = [];
  const commonTables: TableReference[] = [];
  let context: CursorContext | undefined;
  let resultNames: string[] = [];
  for (const [depth, group] of path.entries()) {
    if (depth > 0 && !isQuery(group)) continue;
    const { block, tables } = findBlockAtCursor(group, path);
    const selectScope = readSelectScope(block, path);
    commonTables.push(...tables);
    levels.unshift(selectScope.references);
    context = selectScope.context ?? context;
    resultNames = findAliases(block);
  }
  return {
    context: context ?? { expected: 'anything', clause: '', isAtStart: false },
    levels,
    commonTables,
    resultNames,
  };
}

const setOperators = ['union', 'except', 'intersect', 'minus'];

/**
 * Returns the nodes of the SELECT of a union, or of the statement of a block, that contains the
 * cursor, and the common table expressions before it.
 */
function findBlockAtCursor(
  group: Group,
  path: readonly Group[],
): { block: Node[]; tables: TableReference[] } {
  const { tables, end } = readCommonTables(group.nodes);
  const containsCursor = (node: Node) =>
    node.kind === 'cursor' || (node.kind === 'group' && path.includes(node));
  // In a common table expression the outer query contributes nothing.
  if (group.nodes.slice(0, end).some(containsCursor)) return { block: [], tables };
  let block: Node[] = [];
  let hasCursor = false;
  for (const node of group.nodes.slice(end)) {
    if (isMark(node, ';') || isWord(node, ...setOperators)) {
      if (hasCursor) break;
      block = [];
    } else if (block.length > 0 || !isWord(node, 'all', 'distinct')) {
      block.push(node);
      hasCursor ||= containsCursor(node);
    }
  }
  return { block, tables };
}

/** Returns the columns of a table reference, as far as they are known. */
export function findColumns(
  reference: TableReference,
  scope: Pick<CursorScope, 'commonTables'>,
  names: KnownNames,
  depth = 0,
): readonly string[] {
  if (depth > maximumDepth) return [];
  if (reference.columns !== undefined) return reference.columns;
  if (reference.query !== undefined)
    return findResultColumns(reference.query, scope, names, depth + 1);
  if (reference.table === undefined) return [];
  if (reference.database === undefined) {
    const commonTables = scope.commonTables.find(({ name }) => isSameName(name, reference.table));
    if (commonTables !== undefined) return findColumns(commonTables, scope, names, depth + 1);
  }
  if (!hasKnownTables(reference.database, names)) return [];
  return names.columns.get(reference.table) ?? [];
}

/**
 * Whether the tables of `database` are known: it is the current database, or both are wikis, which
 * have the same tables.
 */
export function hasKnownTables(database: string | undefined, names: KnownNames): boolean {
  if (database === undefined || database === names.database) return true;
  if (names.database === undefined) return false;
  return names.wikis.includes(database) && names.wikis.includes(names.database);
}

export function isSameName(one: string, other: string | undefined): boolean {
  return one === other || one.toLowerCase() === other?.toLowerCase();
}

/** Returns the names of the result columns of a query in parentheses. */
function findResultColumns(
  query: Group,
  outer: Pick<CursorScope, 'commonTables'>,
  names: KnownNames,
  depth: number,
): readonly string[] {
  const [first] = query.nodes;
  if (first?.kind === 'group') return findResultColumns(first, outer, names, depth);
  const { tables, end: start } = readCommonTables(query.nodes);
  const end = query.nodes.findIndex((node) => isWord(node, ...setOperators));
  const block = query.nodes.slice(start, end < 0 ? undefined : end);
  const scope = { commonTables: [...tables, ...outer.commonTables] };
  const { references } = readSelectScope(block, []);
  const columns: string[] = [];
  for (const item of splitSelectList(block)) {
    const last = item.at(-1);
    if (isMark(last, '*')) {
      const tableName = item.length === 3 ? getName(item[0]) : undefined;
      for (const reference of references) {
        if (tableName === undefined || isSameName(reference.name, tableName))
          columns.push(...findColumns(reference, scope, names, depth));
      }
    } else {
      const name = getName(last);
      if (name !== undefined) columns.push(name);
    }
  }
  return columns;
}

/** Returns the names after AS in the select list. */
function findAliases(block: readonly Node[]): string[] {
  return splitSelectList(block)
    .filter((item) => isWord(item.at(-2), 'as'))
    .map((item) => getName(item.at(-1)))
    .filter((name) => name !== undefined);
}

/** Returns the nodes of each expression between SELECT and FROM. */
function splitSelectList(block: readonly Node[]): Node[][] {
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
