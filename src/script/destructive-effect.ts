import { tokenize } from './analyze.js';
import { takesArguments } from './command-table.js';
import type { InteractiveOptions } from './interactive-reader.js';
import type { Token } from './token.js';

/** A loss of data that a statement causes. */
export interface DestructiveEffect {
  /** What the statement destroys, as an object for a question: `all rows of page`, `table page`. */
  description: string;
}

/** A token of a statement. */
interface StatementPart {
  /** An unquoted word in upper case, any other token as written. */
  word: string;
  /** As written. */
  source: string;
  /** The number of parentheses around it. */
  depth: number;
}

/**
 * Returns the effect of the first destructive statement in `text`, or undefined if there is none.
 * Destructive statements are DELETE and UPDATE without WHERE or LIMIT, TRUNCATE, ALTER TABLE …
 * DROP, and DROP, except of temporary tables and prepared statements. A WHERE in a subquery does
 * not count. CREATE OR REPLACE is not destructive, because it states what it replaces. EXPLAIN does
 * not run its statement, ANALYZE does. The effects of PREPARE, EXECUTE IMMEDIATE and procedures are
 * not detected, and the body of a routine that is created is ignored, because it does not run.
 */
export function findDestructiveEffect(
  text: string,
  options: InteractiveOptions,
): DestructiveEffect | undefined {
  for (const statement of splitStatements(text, tokenize(text, options))) {
    const description = describeEffect(statement);
    if (description !== undefined) return { description };
  }
  return undefined;
}

const createRoutinePattern =
  /^CREATE (?:OR REPLACE )?(?:DEFINER .*)?(?:AGGREGATE )?(?:PROCEDURE|FUNCTION|TRIGGER|EVENT|PACKAGE)$/;

/**
 * Returns the statements without comments and client commands. Besides the delimiter, a semicolon
 * separates statements, as it does for the server, except in the body of a routine.
 */
function splitStatements(text: string, tokens: readonly Token[]): StatementPart[][] {
  const found: StatementPart[][] = [];
  let current: StatementPart[] = [];
  let depth = 0;
  let isSavedQuery = false;
  const endStatement = () => {
    if (!isSavedQuery) found.push(current);
    isSavedQuery = false;
    current = [];
    depth = 0;
  };
  for (let i = 0; i < tokens.length; i++) {
    const { kind, start, end } = tokens[i] as Token;
    const source = text.slice(start, end);
    if (kind === 'comment') continue;
    if (
      kind === 'delimiter' ||
      kind === 'redirect' ||
      (source === ';' && !createsRoutine(current))
    ) {
      endStatement();
    } else if (kind === 'command') {
      if (source === '\\c') {
        current = [];
        depth = 0;
        isSavedQuery = false;
      } else if (source === '\\fs') isSavedQuery = true;
      else if (statementEndingCommands.test(source)) endStatement();
      if (takesArguments(source) && isArgumentOf(text, end, tokens[i + 1])) i++;
    } else {
      if (source === ')') depth--;
      const isWord = kind === 'keyword' || kind === 'name' || kind === 'function';
      current.push({ word: isWord ? source.toUpperCase() : source, source, depth });
      if (source === '(') depth++;
    }
  }
  endStatement();
  return found;
}

/** The commands that end a statement: `\g`, `\watch` and all long names. */
const statementEndingCommands = /^(?:[^\\]|\\(?:g|watch)$)/i;

/** Whether `token` is the argument of the command that ends at `end`. */
function isArgumentOf(text: string, end: number, token: Token | undefined): boolean {
  if (token === undefined || token.kind === 'delimiter') return false;
  return !text.slice(end, token.start).includes('\n');
}

function createsRoutine(parts: readonly StatementPart[]): boolean {
  if (parts[0]?.word !== 'CREATE') return false;
  const keywordIndex = parts.findIndex(({ word }) => routineKeywords.has(word));
  return (
    keywordIndex > 0 &&
    createRoutinePattern.test(
      parts
        .slice(0, keywordIndex + 1)
        .map(({ word }) => word)
        .join(' '),
    )
  );
}

const routineKeywords = new Set(['PROCEDURE', 'FUNCTION', 'TRIGGER', 'EVENT', 'PACKAGE']);

function describeEffect(parts: readonly StatementPart[]): string | undefined {
  const topLevel = parts.filter(({ depth }) => depth === 0);
  const verb = findVerb(topLevel);
  const rest = topLevel.slice(verb + 1);
  switch (topLevel[verb]?.word) {
    case 'DELETE':
    case 'UPDATE':
      return describeDestroyedRows(topLevel[verb].word, rest);
    case 'TRUNCATE':
      return `all rows of ${formatNames(skipWords(rest, ['TABLE', 'IF', 'EXISTS']))}`;
    case 'DROP':
      return describeDrop(rest);
    case 'ALTER':
      return describeAlterTable(rest);
    default:
      return undefined;
  }
}

/** Returns the index of the main verb, which may follow WITH, SET STATEMENT … FOR, or ANALYZE. */
function findVerb(parts: readonly StatementPart[]): number {
  const first = parts[0]?.word;
  const verbs = /^(?:SELECT|DELETE|UPDATE|INSERT|REPLACE)$/;
  if (first === 'WITH' || first === 'ANALYZE') {
    return Math.max(
      0,
      parts.findIndex(({ word }) => verbs.test(word)),
    );
  }
  const forIndex = parts.findIndex(({ word }) => word === 'FOR');
  if (first === 'SET' && parts[1]?.word === 'STATEMENT' && forIndex > 0) {
    return forIndex + 1 + findVerb(parts.slice(forIndex + 1));
  }
  return 0;
}

/** Describes the effect of DELETE and UPDATE, on one table or several. */
function describeDestroyedRows(verb: string, parts: readonly StatementPart[]): string | undefined {
  if (parts.some(({ word }) => word === 'WHERE' || word === 'LIMIT')) return undefined;
  const target = skipWords(parts, ['LOW_PRIORITY', 'QUICK', 'IGNORE', 'HISTORY', 'FROM']);
  if (target.length === 0) return undefined;
  const tables = verb === 'UPDATE' ? parts.slice(0, findWord(parts, 'SET')) : parts;
  const isJoin = tables.some(
    ({ word }) => word === 'JOIN' || word === 'STRAIGHT_JOIN' || word === ',',
  );
  return `all ${isJoin ? 'joined ' : ''}rows of ${formatNames(target)}`;
}

function describeDrop(parts: readonly StatementPart[]): string | undefined {
  const kind = skipWords(parts, ['PUBLIC']);
  const word = kind[0]?.word;
  if (word === undefined || word === 'TEMPORARY' || word === 'PREPARE') return undefined;
  const target = skipWords(kind.slice(1), ['BODY', 'IF', 'EXISTS']);
  const indexTable = word === 'INDEX' ? parts.slice(findWord(parts, 'ON') + 1) : [];
  return `${word.toLowerCase()} ${formatNames(target)}${indexTable.length > 0 ? ` of ${formatNames(indexTable)}` : ''}`;
}

/**
 * Describes the part of a table that ALTER TABLE drops, or the partition that it truncates.
 * Dropping the default of a column loses no data.
 */
function describeAlterTable(parts: readonly StatementPart[]): string | undefined {
  const table = skipWords(parts, ['ONLINE', 'IGNORE']);
  if (table[0]?.word !== 'TABLE') return undefined;
  const target = skipWords(table.slice(1), ['IF', 'EXISTS']);
  const dropIndex = target.findIndex(({ word }, i) => {
    return i > 0 && (word === 'DROP' || word === 'TRUNCATE') && target[i + 1]?.word !== 'DEFAULT';
  });
  if (dropIndex < 0) return undefined;
  const rest = target.slice(dropIndex + 1);
  const droppedParts = rest.slice(0, findWord(rest, ','));
  const source = droppedParts.map((part) =>
    part.word === part.source ? part.word.toLowerCase() : part.source,
  );
  return `${source.join(' ')} of ${formatNames(target)}`;
}

/** Returns the index of the word, or the length of the list. */
function findWord(parts: readonly StatementPart[], word: string): number {
  const found = parts.findIndex((part) => part.word === word);
  return found < 0 ? parts.length : found;
}

/** Returns the parts after the given optional words. */
function skipWords(
  parts: readonly StatementPart[],
  words: readonly string[],
): readonly StatementPart[] {
  let next = 0;
  while (words.includes(parts[next]?.word ?? '')) next++;
  return parts.slice(next);
}

/** Returns the names at the beginning, as written: `a`, `a.b`, `a, b`, `'u'@'h'`. */
function formatNames(parts: readonly StatementPart[]): string {
  let source = parts[0]?.source ?? '';
  for (let i = 1; i + 1 < parts.length; i += 2) {
    const separator = parts[i]?.word;
    if (separator !== '.' && separator !== ',' && separator !== '@') break;
    source += `${separator}${separator === ',' ? ' ' : ''}${parts[i + 1]?.source}`;
  }
  return source;
}
