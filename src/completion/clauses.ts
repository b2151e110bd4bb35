import {
  type ContextChange,
  characterSetExpected,
  databaseExpected,
  expectAnything,
  expectColumn,
  expectExpression,
  expectNewName,
  expectTable,
  expectTables,
  statementExpected,
} from './context-change.js';
import type { Expected } from './cursor-context.js';
import { isWord, type Node } from './syntax-tree.js';

/** The context of a word in a statement. */
export interface WordContext {
  /** The first word of the statement; empty in parentheses that contain no query. */
  verb: string;
  clause: string;
  /** The previous word, or an empty string if no word precedes directly. */
  previous: string;
  next: Node | undefined;
  expected: Expected;
}

const wordSet = (words: string) => new Set(words.split(/\s+/));

/** The keywords that may come between a keyword such as INTO and the table. */
export const tableModifiers = wordSet(
  `low_priority high_priority delayed quick ignore local if exists not table lateral only
   extended partitions format`,
);

/** The keywords that complete an expression, although most reserved words do not. */
export const operandKeywords = wordSet(
  `null true false end asc desc current_date current_time current_timestamp current_user
   current_role localtime localtimestamp utc_date utc_time utc_timestamp maxvalue`,
);

/** Returns how `word`, in lower case, changes the context; undefined if it does not. */
export function findContextChange(word: string, context: WordContext): ContextChange | undefined {
  if (context.expected === 'statement') return changeAtBeginning(word, context.next);
  if (word === 'collate') return expectNewName(context.clause);
  if (word === 'charset' && context.next?.kind !== 'group') return characterSetExpected;
  if (word === 'set' && context.previous === 'character') return characterSetExpected;
  switch (context.verb) {
    case '':
      return changeInParentheses(word, context);
    case 'show':
      return changeInShow(word, context.previous);
    case 'grant':
    case 'revoke':
      return word === 'on' ? expectTable('on') : undefined;
    case 'create':
    case 'drop':
    case 'alter':
      return changeInDefinition(word, context) ?? changeInQuery(word, context);
    case 'set':
      return word === 'names' ? characterSetExpected : changeInQuery(word, context);
    default:
      return changeInQuery(word, context);
  }
}

/** Handles the first word of a statement. */
function changeAtBeginning(word: string, next: Node | undefined): ContextChange | undefined {
  switch (word) {
    case 'update':
    case 'delete':
      return expectTables(word);
    case 'desc':
    case 'describe':
    case 'explain':
      return isWord(next, 'select', 'update', 'delete', 'insert', 'replace', 'with')
        ? statementExpected
        : expectTable(word);
    case 'insert':
    case 'replace':
    case 'table':
    case 'truncate':
      return expectTable(word);
    case 'use':
      return databaseExpected;
    case 'select':
    case 'values':
    case 'do':
      return expectExpression(word);
    default:
      return undefined;
  }
}

const joinClauses = wordSet('from join on using');
const joinSides = wordSet('left right inner outer cross natural');

/** Handles a word in a statement that reads or writes rows. */
function changeInQuery(
  word: string,
  { verb, clause, previous, next, expected }: WordContext,
): ContextChange | undefined {
  if (expected === 'new-name') return undefined;
  if (joinSides.has(word)) {
    const isSide = joinClauses.has(clause) && next?.kind !== 'group';
    return isSide ? { expected: 'after-table', clause } : undefined;
  }
  switch (word) {
    case 'select':
    case 'where':
    case 'having':
    case 'limit':
    case 'returning':
      return expectExpression(word);
    case 'values':
    case 'value':
      // After ON DUPLICATE KEY UPDATE, VALUES(column) is a function.
      return clause === 'set' || expected === 'operand' ? undefined : expectExpression('values');
    case 'from':
      return expectTables('from');
    case 'join':
      return expectTables('join');
    case 'straight_join':
      // After SELECT it is an option, which no table follows.
      return clause === 'select' ? undefined : expectTables('join');
    case 'on':
      return { expected: 'operand', clause: 'on' };
    case 'using':
      return verb === 'delete' && clause === 'from'
        ? expectTables('from')
        : { expected: 'anything', clause: 'using' };
    case 'group':
    case 'order':
    case 'partition':
      return expectAnything(word);
    case 'by':
      return { expected: 'operand', clause };
    case 'set':
      return expectColumn('set');
    case 'update':
      if (previous === 'key') return expectColumn('set');
      return previous === 'for' ? undefined : expectTables('update');
    case 'into':
      return expectTable('into');
    case 'table':
    case 'tables':
      return expectTables('table');
    case 'as':
      return expectNewName(clause);
    default:
      return undefined;
  }
}

/** Handles a word in CREATE, ALTER and DROP. */
function changeInDefinition(
  word: string,
  { verb, clause, previous, expected }: WordContext,
): ContextChange | undefined {
  // The word belongs to the query of CREATE TABLE x SELECT ….
  if (clause !== verb && clause !== 'table') return undefined;
  const isNew = verb === 'create';
  switch (word) {
    case 'table':
    case 'view':
      return isNew ? expectNewName(clause) : expectTables('table');
    case 'database':
    case 'schema':
      return isNew ? expectNewName(clause) : databaseExpected;
    case 'index':
      return expectNewName(clause);
    case 'column':
      return previous === 'add' ? expectNewName(clause) : expectColumn('table');
    case 'modify':
    case 'change':
    case 'after':
      return verb === 'alter' ? expectColumn('table') : undefined;
    case 'on':
      return expectTable('table');
    case 'like':
    case 'references':
      return expectTable('table');
    case 'as':
      return expected === 'new-name' ? undefined : statementExpected;
    default:
      return undefined;
  }
}

/** Handles a word in SHOW. */
function changeInShow(word: string, previous: string): ContextChange | undefined {
  const columnListWords = /^(?:columns|fields|index|indexes|keys)$/;
  if (columnListWords.test(word)) return expectAnything('show columns');
  if (/^(?:tables|databases|status|variables|processlist|warnings)$/.test(word))
    return expectAnything('show like');
  switch (word) {
    case 'from':
    case 'in':
      return columnListWords.test(previous) ? expectTable('show') : databaseExpected;
    case 'table':
    case 'view':
      return previous === 'create' ? expectTable('show') : undefined;
    case 'database':
    case 'schema':
      return databaseExpected;
    case 'create':
    case 'full':
    case 'global':
    case 'session':
      return expectAnything(`show ${word}`);
    case 'where':
      return expectExpression(word);
    default:
      return undefined;
  }
}

/** Handles a word in parentheses that contain no query: an expression, a join or a definition. */
function changeInParentheses(word: string, { clause }: WordContext): ContextChange | undefined {
  switch (word) {
    case 'using':
      return clause === 'convert' ? characterSetExpected : undefined;
    case 'as':
      return clause === 'cast' ? expectAnything('type') : undefined;
    case 'order':
    case 'partition':
      return expectAnything(word);
    case 'by':
      return { expected: 'operand', clause };
    case 'select':
      return expectExpression('select');
    case 'join':
    case 'straight_join':
      return expectTables('join');
    case 'on':
      return { expected: 'operand', clause: 'on' };
    case 'references':
      return expectTable(word);
    default:
      return undefined;
  }
}
