import { serverCharacterSets } from '../protocol/character-sets.js';
import { keywords } from '../script/keywords.js';
import type { Names, Offer } from './completion.js';
import { otherStatements, phrasesAt, secondPhrasesAt, statements } from './phrases.js';
import { beginsWith } from './rank.js';
import { columnsOf, isLikeCurrent, type Scope, sameName } from './scope.js';
import type { Source } from './source.js';
import { functionOffer, keywordOffer, nameOffer, type TypedWord } from './typed-word.js';

/** What may stand at the cursor of a statement, by how well it fits. */
export function offersAt(scope: Scope, names: Names, typed: TypedWord): Offer[] {
  const context = { scope, names, typed };
  return typed.qualifiers.length > 0 ? qualified(context) : unqualified(context);
}

interface Context {
  scope: Scope;
  names: Names;
  typed: TypedWord;
}

/** Behind `x.` or `y.x.`. */
function qualified(context: Context): Offer[] {
  const { scope, names, typed } = context;
  const [table = '', database] = typed.qualifiers;
  if (scope.place.expected === 'table') return tablesOf(table, context);
  const isMeant = (source: Source) =>
    sameName(source.name, table) &&
    (database === undefined || source.database === undefined || source.database === database);
  const inScope = scope.levels.flat().filter(isMeant);
  if (inScope.length > 0) return columnOffers(inScope, context, 0);
  // The statement may not name its tables yet.
  const columns = isLikeCurrent(database, names) ? names.columns.get(table) : undefined;
  if (columns !== undefined) return [nameOffer('column', columns, 0, typed)];
  return database === undefined ? tablesOf(table, context, '.') : [];
}

function unqualified(context: Context): Offer[] {
  const { scope, names, typed } = context;
  const { place, levels } = scope;
  switch (place.expected) {
    case 'statement':
      return [
        keywordOffer(statements, 0, typed),
        keywordOffer(otherStatements, 1, typed),
        ...otherKeywords(3, typed),
      ];
    case 'table':
      return [
        ...tables(context, 1),
        nameOffer('database', names.databases, 2, typed, '.'),
        // DELETE FROM, INSERT INTO: there the word nearly always comes before the table.
        keywordOffer(
          place.opens ? ['select'] : phrasesAt(place),
          /^(?:delete|insert|replace)$/.test(place.clause) ? 0 : 3,
          typed,
        ),
        ...otherKeywords(4, typed),
      ];
    case 'behind-table':
      // DESC page page_title
      if (/^(desc|describe|explain)$/.test(place.clause))
        return columnOffers(levels[0] ?? [], context, 0);
      return phrases(context);
    case 'operand':
      return operands(context, 0);
    case 'behind-operand':
      // Where SQL is read wrongly, what was typed may be a name all the same.
      return [...phrases(context), ...lastResort(typed.text === '' ? [] : operands(context, 3))];
    case 'column':
      return columnOffers(levels[0] ?? [], context, 0);
    case 'database':
      return [nameOffer('database', names.databases, 0, typed)];
    case 'charset':
      return [{ kind: 'charset', texts: serverCharacterSets, rank: 0 }];
    case 'anything':
      if (typed.text === '') return phrases(context);
      return [...phrases(context), ...lastResort([...tables(context, 3), ...operands(context, 3)])];
    case 'new-name':
      return [];
  }
}

/** What an expression may hold; ranks from `rank` on. */
function operands(context: Context, rank: number): Offer[] {
  const { scope, names, typed } = context;
  const { place, levels, results } = scope;
  const [own = [], ...outer] = levels;
  const sources = levels.flat();
  const named = (aliased: boolean) =>
    sources.filter((source) => source.aliased === aliased).map(({ name }) => name);
  const ofResult = /^(order|group|having)$/.test(place.clause) ? results : [];
  const likely = place.expected === 'operand' ? phrasesAt(place) : [];
  const offers = [
    ...columnOffers(own, context, rank),
    nameOffer('alias', ofResult, rank, typed),
    ...columnOffers(outer.flat(), context, rank + 1),
    nameOffer('alias', named(true), rank + 2, typed, '.'),
    nameOffer('table', named(false), rank + 2, typed, '.'),
    functionOffer(rank + 3, typed),
    keywordOffer(place.opens ? [...likely, 'select'] : likely, rank + 4, typed),
    ...otherKeywords(rank + 5, typed),
  ];
  if (typed.text === '') return offers;
  const others = [
    nameOffer('column', columnsOfAll(names, typed.text), rank + 6, typed),
    nameOffer('table', names.tables, rank + 7, typed, '.'),
    nameOffer('view', names.views ?? [], rank + 7, typed, '.'),
    nameOffer('database', names.databases, rank + 8, typed, '.'),
  ];
  return [
    ...offers,
    ...others.map((offer): Offer => ({ ...offer, only: 'prefix', unlikely: true })),
  ];
}

function lastResort(offers: Offer[]): Offer[] {
  return offers.map((offer) => ({ ...offer, lastResort: true }));
}

/** What people go on with, before all the other keywords. */
function phrases({ scope: { place }, typed }: Context): Offer[] {
  return [
    keywordOffer(phrasesAt(place), 0, typed),
    keywordOffer(secondPhrasesAt(place), 1, typed),
    ...otherKeywords(2, typed),
  ];
}

/** All keywords, for those who have begun one: they are too many to look through. */
function otherKeywords(rank: number, typed: TypedWord): Offer[] {
  if (typed.text === '') return [];
  const { reserved, others } = keywords();
  return [reserved, others].map((words) => ({
    ...keywordOffer(words, rank, typed),
    lastResort: true,
  }));
}

function columnOffers(sources: readonly Source[], context: Context, rank: number): Offer[] {
  const { scope, names, typed } = context;
  return sources.map((source) => nameOffer('column', columnsOf(source, scope, names), rank, typed));
}

/** More columns of tables that the statement does not name would not help. */
const mostOtherColumns = 300;

/** The columns of all tables that begin as typed. */
function columnsOfAll({ columns }: Names, typed: string): Set<string> {
  const wanted = typed.toLowerCase();
  const found = new Set<string>();
  for (const ofOne of columns.values()) {
    for (const column of ofOne) if (beginsWith(column, wanted)) found.add(column);
    if (found.size > mostOtherColumns) break;
  }
  return found;
}

/** Where a table is expected. */
function tables({ scope, names, typed }: Context, rank: number): Offer[] {
  const common = scope.common.map(({ name }) => name);
  return [
    nameOffer('table', common, rank, typed),
    nameOffer('table', names.tables, rank, typed),
    nameOffer('view', names.views ?? [], rank, typed),
  ];
}

/** Behind the name of a database. */
function tablesOf(database: string, { names, typed }: Context, behind = ''): Offer[] {
  const exists =
    database === names.database ||
    names.databases.includes(database) ||
    names.wikis.includes(database);
  if (!exists || !isLikeCurrent(database, names)) return [];
  return [
    nameOffer('table', names.tables, 0, typed, behind),
    nameOffer('view', names.views ?? [], 0, typed, behind),
  ];
}
