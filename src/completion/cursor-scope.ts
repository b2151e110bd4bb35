import { operandKeywords } from './clauses.js';
import type { KnownNames, SchemaTables } from './completion.js';
import type { CursorContext } from './cursor-context.js';
import { isReserved } from './quote-name.js';
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
  /**
   * The aliases in the select list of the innermost query, such as `n` in `count(*) AS n`, if they
   * are visible at the cursor.
   */
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
    const { block, firstBlock, tables } = findBlockAtCursor(group, path);
    const selectScope = readSelectScope(block, path);
    commonTables.push(...tables);
    levels.unshift(selectScope.references);
    context = selectScope.context ?? context;
    // The ORDER BY of a union sees the names of its first SELECT.
    const isUnion = firstBlock !== block && context?.clause === 'order';
    resultNames = findAliases(isUnion ? firstBlock : block);
  }
  return {
    context: context ?? { expected: 'anything', clause: '', isAtStart: false, seesAliases: false },
    levels,
    commonTables,
    resultNames: context?.seesAliases ? resultNames : [],
  };
}

const setOperators = ['union', 'except', 'intersect', 'minus'];

/**
 * Returns the nodes of the SELECT of a union, or of the statement of a block, that contains the
 * cursor; those of the first SELECT of that union; and the common table expressions before it.
 */
function findBlockAtCursor(
  group: Group,
  path: readonly Group[],
): { block: Node[]; firstBlock: Node[]; tables: TableReference[] } {
  const { tables, end } = readCommonTables(group.nodes);
  const containsCursor = (node: Node) =>
    node.kind === 'cursor' || (node.kind === 'group' && path.includes(node));
  // In a common table expression the outer query contributes nothing.
  if (group.nodes.slice(0, end).some(containsCursor)) return { block: [], firstBlock: [], tables };
  let block: Node[] = [];
  let firstBlock = block;
  let hasCursor = false;
  for (const node of group.nodes.slice(end)) {
    if (isMark(node, ';') || isWord(node, ...setOperators)) {
      if (hasCursor) break;
      block = [];
      if (isMark(node, ';')) firstBlock = block;
    } else if (block.length > 0 || !isWord(node, 'all', 'distinct')) {
      block.push(node);
      hasCursor ||= containsCursor(node);
    }
  }
  return { block, firstBlock, tables };
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
  return findTableColumns(reference.database, reference.table, names);
}

/** Returns the columns of a table of `database`, by default the current one, as far as known. */
export function findTableColumns(
  database: string | undefined,
  table: string,
  names: KnownNames,
): readonly string[] {
  const { columns } = findSchema(database, names) ?? {};
  const found = columns?.get(table);
  if (columns === undefined || found !== undefined) return found ?? [];
  if (!isInformationSchema(database ?? names.database)) return [];
  const name = [...columns.keys()].find((known) => isSameName(known, table));
  return (name === undefined ? undefined : columns.get(name)) ?? [];
}

/**
 * Returns the tables of a database, by default the current one; undefined if they are unknown. All
 * wikis have the same tables. Databases of other servers have none, since no statement can read them.
 */
export function findSchema(
  database: string | undefined,
  names: KnownNames,
): SchemaTables | undefined {
  if (database === undefined || database === names.database) return names;
  if (isInformationSchema(database)) return names.otherSchemas?.get('information_schema');
  if (!names.databases.includes(database)) return undefined;
  const areWikis = [database, names.database].every(
    (name) => name !== undefined && names.wikis.includes(name),
  );
  return areWikis ? names : names.otherSchemas?.get(database);
}

/** Whether this is information_schema, whose names, unlike others, ignore case. */
export function isInformationSchema(database: string | undefined): boolean {
  return database?.toLowerCase() === 'information_schema';
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

/** Returns the aliases in the select list, with or without AS. */
function findAliases(block: readonly Node[]): string[] {
  return splitSelectList(block)
    .filter((item) => isWord(item.at(-2), 'as') || endsInAlias(item))
    .map((item) => getName(item.at(-1)))
    .filter((name) => name !== undefined);
}

/** Whether an expression ends in an alias without AS: a name directly after a complete operand. */
function endsInAlias(item: readonly Node[]): boolean {
  const [previous, last] = item.slice(-2);
  if (previous === undefined || last === undefined) return false;
  if (last.kind === 'word' && isReserved(last.text)) return false;
  if (previous.kind === 'word')
    return operandKeywords.has(previous.text) || !isReserved(previous.text);
  return previous.kind !== 'mark' && previous.kind !== 'cursor';
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
