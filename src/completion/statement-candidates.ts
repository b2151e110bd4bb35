import { serverCharacterSets } from '../protocol/character-sets.js';
import { getKeywords } from '../script/keywords.js';
import { startsWithIgnoringCase } from '../text/ignore-case.js';
import type { CandidateGroup, KnownNames } from './completion.js';
import {
  type CursorScope,
  findColumns,
  findSchema,
  findTableColumns,
  isSameName,
} from './cursor-scope.js';
import {
  getFurtherPhrases,
  getLikelyPhrases,
  likelyStatements,
  otherStatements,
} from './phrases.js';
import type { TableReference } from './table-reference.js';
import {
  functionCandidates,
  keywordCandidates,
  nameCandidates,
  type TypedWord,
} from './typed-word.js';

/** Returns the candidates at the cursor of a statement, with their ranks. */
export function collectCandidates(
  scope: CursorScope,
  names: KnownNames,
  typed: TypedWord,
): CandidateGroup[] {
  const context = { scope, names, typed };
  return typed.qualifiers.length > 0 ? collectQualified(context) : collectUnqualified(context);
}

interface Context {
  scope: CursorScope;
  names: KnownNames;
  typed: TypedWord;
}

/** Returns the candidates after `x.` or `y.x.`. */
function collectQualified(context: Context): CandidateGroup[] {
  const { scope, names, typed } = context;
  const [table = '', database] = typed.qualifiers;
  if (scope.context.expected === 'table') return databaseTableCandidates(table, context);
  const isQualified = (reference: TableReference) =>
    isSameName(reference.name, table) &&
    (database === undefined || reference.database === undefined || reference.database === database);
  const matches = scope.levels.flat().filter(isQualified);
  if (matches.length > 0) return columnCandidates(matches, context, 0);
  // The statement may not contain its FROM clause yet.
  const columns = findTableColumns(database, table, names);
  if (columns.length > 0) return [nameCandidates('column', columns, 0, typed)];
  if (database !== undefined) return [];
  // As soon as the statement has tables, there are no others.
  const references = scope.levels.flat();
  if (references.length === 0) return databaseTableCandidates(table, context, '.');
  const tables = references.filter((reference) => isReadFrom(table, reference, names));
  return [nameCandidates('table', tables.map(getTableName), 0, typed, '.')];
}

/** Whether a reference without an alias is to a table of `database`. */
function isReadFrom(database: string, reference: TableReference, names: KnownNames): boolean {
  return !reference.hasAlias && (reference.database ?? names.database) === database;
}

const getTableName = ({ table = '' }: TableReference): string => table;

function collectUnqualified(context: Context): CandidateGroup[] {
  const { scope, names, typed } = context;
  const { context: cursorContext, levels } = scope;
  switch (cursorContext.expected) {
    case 'statement':
      return [
        keywordCandidates(likelyStatements, 0, typed),
        keywordCandidates(otherStatements, 1, typed),
        ...allKeywordCandidates(3, typed),
      ];
    case 'table':
      return [
        ...tableCandidates(context, 1),
        nameCandidates('database', names.databases, 2, typed, '.'),
        // In DELETE FROM and INSERT INTO, the keyword nearly always precedes the table.
        keywordCandidates(
          cursorContext.isAtStart ? ['select'] : getLikelyPhrases(cursorContext),
          /^(?:delete|insert|replace)$/.test(cursorContext.clause) ? 0 : 3,
          typed,
        ),
        ...allKeywordCandidates(4, typed),
      ];
    case 'after-table':
      // DESC page page_title.
      if (/^(desc|describe|explain)$/.test(cursorContext.clause))
        return columnCandidates(levels[0] ?? [], context, 0);
      return phraseCandidates(context);
    case 'operand':
      return operandCandidates(context, 0);
    case 'after-operand':
      // If the SQL was misread, the word may still be a name.
      return [
        ...phraseCandidates(context),
        ...asLastResort(typed.text === '' ? [] : operandCandidates(context, 3)),
      ];
    case 'column':
      return columnCandidates(levels[0] ?? [], context, 0);
    case 'database':
      return [nameCandidates('database', names.databases, 0, typed)];
    case 'charset':
      return [{ kind: 'charset', texts: serverCharacterSets, rank: 0 }];
    case 'anything':
      if (typed.text === '') return phraseCandidates(context);
      return [
        ...phraseCandidates(context),
        ...asLastResort([...tableCandidates(context, 3), ...operandCandidates(context, 3)]),
      ];
    case 'new-name':
      return [];
  }
}

/** Returns the candidates in an expression, with ranks from `rank` on. */
function operandCandidates(context: Context, rank: number): CandidateGroup[] {
  const { scope, names, typed } = context;
  const { levels, resultNames } = scope;
  const cursorContext = scope.context;
  const [innermost = [], ...outer] = levels;
  const references = levels.flat();
  const namesWhere = (hasAlias: boolean) =>
    references.filter((reference) => reference.hasAlias === hasAlias).map(({ name }) => name);
  const likelyPhrases = cursorContext.expected === 'operand' ? getLikelyPhrases(cursorContext) : [];
  const groups = [
    nameCandidates('alias', resultNames, rank - 1, typed),
    ...columnCandidates(innermost, context, rank),
    ...columnCandidates(outer.flat(), context, rank + 1),
    nameCandidates('alias', namesWhere(true), rank + 2, typed, '.'),
    nameCandidates('table', namesWhere(false), rank + 2, typed, '.'),
    functionCandidates(rank + 3, typed),
    keywordCandidates(
      cursorContext.isAtStart ? [...likelyPhrases, 'select'] : likelyPhrases,
      rank + 4,
      typed,
    ),
    ...allKeywordCandidates(rank + 5, typed),
  ];
  const databases = references.map(({ database }) => database).filter((name) => name !== undefined);
  groups.push(nameCandidates('database', databases, rank + 2, typed, '.'));
  // Without tables, the statement may not contain its FROM clause yet.
  if (typed.text === '' || references.length > 0) return groups;
  const others = [
    nameCandidates('column', findAllColumns(names, typed.text), rank + 6, typed),
    nameCandidates('table', names.tables, rank + 7, typed, '.'),
    nameCandidates('view', names.views ?? [], rank + 7, typed, '.'),
    nameCandidates('database', names.databases, rank + 8, typed, '.'),
  ];
  return [
    ...groups,
    ...others.map((group): CandidateGroup => ({ ...group, match: 'prefix', isUnlikely: true })),
  ];
}

function asLastResort(groups: CandidateGroup[]): CandidateGroup[] {
  return groups.map((group) => ({ ...group, isLastResort: true }));
}

/** Returns the likely phrases, before all other keywords. */
function phraseCandidates({ scope: { context: cursorContext }, typed }: Context): CandidateGroup[] {
  return [
    keywordCandidates(getLikelyPhrases(cursorContext), 0, typed),
    keywordCandidates(getFurtherPhrases(cursorContext), 1, typed),
    ...allKeywordCandidates(2, typed),
  ];
}

/** Returns all keywords if a word was begun; without one, the list would be too long to read. */
function allKeywordCandidates(rank: number, typed: TypedWord): CandidateGroup[] {
  if (typed.text === '') return [];
  const { reserved, nonReserved } = getKeywords();
  return [reserved, nonReserved].map((words) => ({
    ...keywordCandidates(words, rank, typed),
    isLastResort: true,
  }));
}

function columnCandidates(
  references: readonly TableReference[],
  context: Context,
  rank: number,
): CandidateGroup[] {
  const { scope, names, typed } = context;
  return references.map((reference) =>
    nameCandidates('column', findColumns(reference, scope, names), rank, typed),
  );
}

/** The maximum number of columns to offer from tables that the statement does not mention. */
const maximumOtherColumns = 300;

/** Returns the columns of all tables that begin with the typed text. */
function findAllColumns({ columns }: KnownNames, typed: string): Set<string> {
  const wanted = typed.toLowerCase();
  const found = new Set<string>();
  for (const columnNames of columns.values()) {
    for (const column of columnNames) if (startsWithIgnoringCase(column, wanted)) found.add(column);
    if (found.size > maximumOtherColumns) break;
  }
  return found;
}

/** Returns the candidates for a table. */
function tableCandidates({ scope, names, typed }: Context, rank: number): CandidateGroup[] {
  const commonTables = scope.commonTables.map(({ name }) => name);
  return [
    nameCandidates('table', commonTables, rank, typed),
    nameCandidates('table', names.tables, rank, typed),
    nameCandidates('view', names.views ?? [], rank, typed),
  ];
}

/** Returns the candidates after the name of a database. */
function databaseTableCandidates(
  database: string,
  { names, typed }: Context,
  suffix = '',
): CandidateGroup[] {
  const { tables = [], views = [] } = findSchema(database, names) ?? {};
  return [
    nameCandidates('table', tables, 0, typed, suffix),
    nameCandidates('view', views, 0, typed, suffix),
  ];
}
