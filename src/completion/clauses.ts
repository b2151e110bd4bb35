import {
  anything,
  type Change,
  characterSetName,
  column,
  database,
  expression,
  newName,
  statement,
  table,
  tables,
} from './change.js';
import type { Expected } from './cursor-context.js';
import { isWord, type Node } from './syntax-tree.js';

/** Where a word stands. */
export interface StatementContext {
  /** The statement's first word; empty within plain parentheses. */
  verb: string;
  clause: string;
  /** The word in front of it, if that is one. */
  previous: string;
  next: Node | undefined;
  expected: Expected;
}

const set = (words: string) => new Set(words.split(/\s+/));

/** Words between the one that announces a table and the table. */
export const tableModifiers = set(
  `low_priority high_priority delayed quick ignore local if exists not table lateral only
   extended partitions format`,
);

/** Words behind which an expression is complete although they are reserved. */
export const endsExpression = set(
  `null true false end asc desc current_date current_time current_timestamp current_user
   current_role localtime localtimestamp utc_date utc_time utc_timestamp maxvalue`,
);

/** What begins with `word`, a word in lower case; undefined if nothing does. */
export function clauseOf(word: string, around: StatementContext): Change | undefined {
  if (around.expected === 'statement') return atBeginning(word, around.next);
  if (word === 'collate') return newName(around.clause);
  if (word === 'charset' && around.next?.kind !== 'group') return characterSetName;
  if (word === 'set' && around.previous === 'character') return characterSetName;
  switch (around.verb) {
    case '':
      return inParentheses(word, around);
    case 'show':
      return inShow(word, around.previous);
    case 'grant':
    case 'revoke':
      return word === 'on' ? table('on') : undefined;
    case 'create':
    case 'drop':
    case 'alter':
      return inDefinition(word, around) ?? inQuery(word, around);
    case 'set':
      return word === 'names' ? characterSetName : inQuery(word, around);
    default:
      return inQuery(word, around);
  }
}

/** A statement's first word. */
function atBeginning(word: string, next: Node | undefined): Change | undefined {
  switch (word) {
    case 'update':
    case 'delete':
      return tables(word);
    case 'desc':
    case 'describe':
    case 'explain':
      return isWord(next, 'select', 'update', 'delete', 'insert', 'replace', 'with')
        ? statement
        : table(word);
    case 'insert':
    case 'replace':
    case 'table':
    case 'truncate':
      return table(word);
    case 'use':
      return database;
    case 'select':
    case 'values':
    case 'do':
      return expression(word);
    default:
      return undefined;
  }
}

const joins = set('from join on using');
const sides = set('left right inner outer cross natural');

/** In a statement that reads or writes rows. */
function inQuery(
  word: string,
  { verb, clause, previous, next, expected }: StatementContext,
): Change | undefined {
  if (expected === 'new-name') return undefined;
  if (sides.has(word)) {
    const isSide = joins.has(clause) && next?.kind !== 'group';
    return isSide ? { expected: 'behind-table', clause } : undefined;
  }
  switch (word) {
    case 'select':
    case 'where':
    case 'having':
    case 'limit':
    case 'returning':
      return expression(word);
    case 'values':
    case 'value':
      // VALUES(column), behind ON DUPLICATE KEY UPDATE, is a function.
      return clause === 'set' || expected === 'operand' ? undefined : expression('values');
    case 'from':
      return tables('from');
    case 'join':
      return tables('join');
    case 'straight_join':
      // As an option of SELECT it announces nothing.
      return clause === 'select' ? undefined : tables('join');
    case 'on':
      return { expected: 'operand', clause: 'on' };
    case 'using':
      return verb === 'delete' && clause === 'from'
        ? tables('from')
        : { expected: 'anything', clause: 'using' };
    case 'group':
    case 'order':
    case 'partition':
      return anything(word);
    case 'by':
      return { expected: 'operand', clause };
    case 'set':
      return column('set');
    case 'update':
      if (previous === 'key') return column('set');
      return previous === 'for' ? undefined : tables('update');
    case 'into':
      return table('into');
    case 'table':
    case 'tables':
      return tables('table');
    case 'as':
      return newName(clause);
    default:
      return undefined;
  }
}

/** In CREATE, ALTER and DROP. */
function inDefinition(
  word: string,
  { verb, clause, previous, expected }: StatementContext,
): Change | undefined {
  // The query of CREATE TABLE x SELECT …
  if (clause !== verb && clause !== 'table') return undefined;
  const isNew = verb === 'create';
  switch (word) {
    case 'table':
    case 'view':
      return isNew ? newName(clause) : tables('table');
    case 'database':
    case 'schema':
      return isNew ? newName(clause) : database;
    case 'index':
      return newName(clause);
    case 'column':
      return previous === 'add' ? newName(clause) : column('table');
    case 'modify':
    case 'change':
    case 'after':
      return verb === 'alter' ? column('table') : undefined;
    case 'on':
      return table('table');
    case 'like':
    case 'references':
      return table('table');
    case 'as':
      return expected === 'new-name' ? undefined : statement;
    default:
      return undefined;
  }
}

function inShow(word: string, previous: string): Change | undefined {
  const of = /^(?:columns|fields|index|indexes|keys)$/;
  if (of.test(word)) return anything('show columns');
  if (/^(?:tables|databases|status|variables|processlist|warnings)$/.test(word))
    return anything('show like');
  switch (word) {
    case 'from':
    case 'in':
      return of.test(previous) ? table('show') : database;
    case 'table':
    case 'view':
      return previous === 'create' ? table('show') : undefined;
    case 'database':
    case 'schema':
      return database;
    case 'create':
    case 'full':
    case 'global':
    case 'session':
      return anything(`show ${word}`);
    case 'where':
      return expression(word);
    default:
      return undefined;
  }
}

/** In plain parentheses: of an expression, a join, a definition. */
function inParentheses(word: string, { clause }: StatementContext): Change | undefined {
  switch (word) {
    case 'using':
      return clause === 'convert' ? characterSetName : undefined;
    case 'as':
      return clause === 'cast' ? anything('type') : undefined;
    case 'order':
    case 'partition':
      return anything(word);
    case 'by':
      return { expected: 'operand', clause };
    case 'select':
      return expression('select');
    case 'join':
    case 'straight_join':
      return tables('join');
    case 'on':
      return { expected: 'operand', clause: 'on' };
    case 'references':
      return table(word);
    default:
      return undefined;
  }
}
