import { tokenize } from './analyse.js';
import { takesArguments } from './command-table.js';
import type { InteractiveOptions } from './interactive.js';
import type { Token } from './token.js';

/** What a statement destroys, in words for a question: `all rows of page`, `table page`. */
export interface Destruction {
  what: string;
}

/** A word or sign of a statement, and how deep in parentheses it stands. */
interface Part {
  /** In capitals; of quoted names, strings and such as written. */
  word: string;
  shown: string;
  depth: number;
}

/**
 * What the first of the statements of `text` that destroys something destroys, if one does: DELETE
 * or UPDATE without WHERE or LIMIT, DROP of anything but what is temporary or prepared, TRUNCATE,
 * ALTER TABLE … DROP. CREATE OR REPLACE says itself what it does. A WHERE in a subquery is none;
 * EXPLAIN destroys nothing, ANALYZE does what it analyses. What PREPARE, EXECUTE IMMEDIATE or a
 * procedure do is not seen, and the body of what is created is not run.
 */
export function findDestruction(
  text: string,
  options: InteractiveOptions,
): Destruction | undefined {
  for (const statement of statements(text, tokenize(text, options))) {
    const what = destroyed(statement);
    if (what !== undefined) return { what };
  }
  return undefined;
}

const withBody =
  /^CREATE (?:OR REPLACE )?(?:DEFINER .*)?(?:AGGREGATE )?(?:PROCEDURE|FUNCTION|TRIGGER|EVENT|PACKAGE)$/;

/**
 * The statements, without comments and the client's commands. Beside the delimiter a semicolon
 * parts them, as it does for the server, but for one in the body of what is created.
 */
function statements(text: string, tokens: readonly Token[]): Part[][] {
  const found: Part[][] = [];
  let current: Part[] = [];
  let depth = 0;
  let saved = false;
  const begin = () => {
    if (!saved) found.push(current);
    saved = false;
    current = [];
    depth = 0;
  };
  for (let i = 0; i < tokens.length; i++) {
    const { kind, start, end } = tokens[i] as Token;
    const shown = text.slice(start, end);
    if (kind === 'comment') continue;
    if (kind === 'delimiter' || kind === 'redirect' || (shown === ';' && !hasBody(current))) {
      begin();
    } else if (kind === 'command') {
      if (shown === '\\c') {
        current = [];
        depth = 0;
        saved = false;
      } else if (shown === '\\fs') saved = true;
      else if (ends.test(shown)) begin();
      if (takesArguments(shown) && isOnLine(text, end, tokens[i + 1])) i++;
    } else {
      if (shown === ')') depth--;
      const isWord = kind === 'keyword' || kind === 'name' || kind === 'function';
      current.push({ word: isWord ? shown.toUpperCase() : shown, shown, depth });
      if (shown === '(') depth++;
    }
  }
  begin();
  return found;
}

/** The commands that end a statement, or are one: `\g`, `\watch`, long names. */
const ends = /^(?:[^\\]|\\(?:g|watch)$)/i;

/** Whether that token is the argument of the command that ends at `end`. */
function isOnLine(text: string, end: number, token: Token | undefined): boolean {
  if (token === undefined || token.kind === 'delimiter') return false;
  return !text.slice(end, token.start).includes('\n');
}

function hasBody(parts: readonly Part[]): boolean {
  if (parts[0]?.word !== 'CREATE') return false;
  const wordAt = parts.findIndex(({ word }) => bodied.has(word));
  return (
    wordAt > 0 &&
    withBody.test(
      parts
        .slice(0, wordAt + 1)
        .map(({ word }) => word)
        .join(' '),
    )
  );
}

const bodied = new Set(['PROCEDURE', 'FUNCTION', 'TRIGGER', 'EVENT', 'PACKAGE']);

function destroyed(parts: readonly Part[]): string | undefined {
  const outer = parts.filter(({ depth }) => depth === 0);
  const verb = verbAt(outer);
  const rest = outer.slice(verb + 1);
  switch (outer[verb]?.word) {
    case 'DELETE':
    case 'UPDATE':
      return rowsDestroyed(outer[verb].word, rest);
    case 'TRUNCATE':
      return `all rows of ${names(partsAfter(rest, ['TABLE', 'IF', 'EXISTS']))}`;
    case 'DROP':
      return dropped(rest);
    case 'ALTER':
      return alteredAway(rest);
    default:
      return undefined;
  }
}

/** Where the word stands that says what is done: behind WITH, SET STATEMENT … FOR, ANALYZE. */
function verbAt(parts: readonly Part[]): number {
  const first = parts[0]?.word;
  const verbs = /^(?:SELECT|DELETE|UPDATE|INSERT|REPLACE)$/;
  if (first === 'WITH' || first === 'ANALYZE') {
    return Math.max(
      0,
      parts.findIndex(({ word }) => verbs.test(word)),
    );
  }
  const forAt = parts.findIndex(({ word }) => word === 'FOR');
  if (first === 'SET' && parts[1]?.word === 'STATEMENT' && forAt > 0) {
    return forAt + 1 + verbAt(parts.slice(forAt + 1));
  }
  return 0;
}

/** DELETE and UPDATE, of one table or several. */
function rowsDestroyed(verb: string, parts: readonly Part[]): string | undefined {
  if (parts.some(({ word }) => word === 'WHERE' || word === 'LIMIT')) return undefined;
  const target = partsAfter(parts, ['LOW_PRIORITY', 'QUICK', 'IGNORE', 'HISTORY', 'FROM']);
  if (target.length === 0) return undefined;
  const tables = verb === 'UPDATE' ? parts.slice(0, at(parts, 'SET')) : parts;
  const joined = tables.some(
    ({ word }) => word === 'JOIN' || word === 'STRAIGHT_JOIN' || word === ',',
  );
  return `all ${joined ? 'joined ' : ''}rows of ${names(target)}`;
}

function dropped(parts: readonly Part[]): string | undefined {
  const kind = partsAfter(parts, ['PUBLIC']);
  const word = kind[0]?.word;
  if (word === undefined || word === 'TEMPORARY' || word === 'PREPARE') return undefined;
  const target = partsAfter(kind.slice(1), ['BODY', 'IF', 'EXISTS']);
  const on = word === 'INDEX' ? parts.slice(at(parts, 'ON') + 1) : [];
  return `${word.toLowerCase()} ${names(target)}${on.length > 0 ? ` of ${names(on)}` : ''}`;
}

/** What is dropped of a table, or a partition that is emptied; a column's default is no loss. */
function alteredAway(parts: readonly Part[]): string | undefined {
  const table = partsAfter(parts, ['ONLINE', 'IGNORE']);
  if (table[0]?.word !== 'TABLE') return undefined;
  const target = partsAfter(table.slice(1), ['IF', 'EXISTS']);
  const drop = target.findIndex(({ word }, i) => {
    return i > 0 && (word === 'DROP' || word === 'TRUNCATE') && target[i + 1]?.word !== 'DEFAULT';
  });
  if (drop < 0) return undefined;
  const rest = target.slice(drop + 1);
  const lost = rest.slice(0, at(rest, ','));
  const shown = lost.map((part) =>
    part.word === part.shown ? part.word.toLowerCase() : part.shown,
  );
  return `${shown.join(' ')} of ${names(target)}`;
}

/** Where that word stands; the end if nowhere. */
function at(parts: readonly Part[], word: string): number {
  const found = parts.findIndex((part) => part.word === word);
  return found < 0 ? parts.length : found;
}

/** What follows those words, each of which may stand there. */
function partsAfter(parts: readonly Part[], words: readonly string[]): readonly Part[] {
  let next = 0;
  while (words.includes(parts[next]?.word ?? '')) next++;
  return parts.slice(next);
}

/** The names at the beginning, as written: `a`, `a.b`, `a, b`, `'u'@'h'`. */
function names(parts: readonly Part[]): string {
  let shown = parts[0]?.shown ?? '';
  for (let i = 1; i + 1 < parts.length; i += 2) {
    const sign = parts[i]?.word;
    if (sign !== '.' && sign !== ',' && sign !== '@') break;
    shown += `${sign}${sign === ',' ? ' ' : ''}${parts[i + 1]?.shown}`;
  }
  return shown;
}
