import { tokenize } from '../script/analyze.js';
import type { Token } from '../script/token.js';
import { takesRestOfLine } from './command-at-cursor.js';
import type { CompletionOptions } from './completion.js';

/** The tokens of the statement at the cursor, without comments. */
export interface TokensAtCursor {
  before: Token[];
  /** The token that contains or directly precedes the cursor, if it can be completed. */
  word: Token | undefined;
  after: Token[];
  /** The end of the text to replace: the cursor, or the end of a quoted name. */
  end: number;
}

/** Splits the tokens into those before the cursor, the word at the cursor, and those after it. */
export function findTokensAtCursor(
  text: string,
  allTokens: readonly Token[],
  cursor: number,
  options: CompletionOptions,
): TokensAtCursor {
  const tokens = allTokens.filter(({ kind }) => kind !== 'comment');
  const word = tokens.find((token) => isAtCursor(token, cursor));
  const before = takeStatementBefore(
    text,
    tokens.filter((token) => token !== word && token.end <= cursor),
  );
  if (word?.kind !== 'quoted-name')
    return { before, word, after: takeStatementAfter(tokens, cursor), end: cursor };
  const isClosed = !word.isOpen && /^[^\s(),;]*$/.test(text.slice(cursor, word.end));
  if (isClosed) return { before, word, after: takeStatementAfter(tokens, word.end), end: word.end };
  // The user has just typed the quote, and the text after it was mistaken for a name.
  const retokenized = tokenize(text.slice(cursor), options).map((token) => ({
    ...token,
    start: token.start + cursor,
    end: token.end + cursor,
  }));
  return { before, word, after: takeStatementAfter(retokenized, cursor), end: cursor };
}

/** Returns the tokens from `start` to the end of the statement. */
function takeStatementAfter(tokens: readonly Token[], start: number): Token[] {
  const following = tokens.filter((token) => token.start >= start && token.kind !== 'comment');
  const end = following.findIndex(({ kind }) => kind === 'delimiter');
  return end < 0 ? following : following.slice(0, end);
}

/** Returns the tokens of the last, unfinished statement, without commands and their arguments. */
function takeStatementBefore(text: string, tokens: readonly Token[]): Token[] {
  let statement: Token[] = [];
  let lineEnd = 0;
  for (const token of tokens) {
    if (token.start < lineEnd) continue;
    const source = text.slice(token.start, token.end);
    if (token.kind === 'delimiter' || token.kind === 'redirect') {
      statement = [];
    } else if (token.kind !== 'command') {
      statement.push(token);
    } else {
      if (/^(?:\\[gGc]$|[^\\])/.test(source)) statement = [];
      if (takesRestOfLine(source)) {
        const end = text.indexOf('\n', token.end);
        lineEnd = end < 0 ? text.length : end;
      } else if (source === '\\fs') {
        lineEnd = findNameEnd(text, token.end);
        statement = [];
      }
    }
  }
  return statement;
}

/** Returns the end of the first word after `\fs`, which names the query that follows. */
function findNameEnd(text: string, position: number): number {
  const [name = ''] = /^\s*\S*/.exec(text.slice(position)) ?? [];
  return position + name.length;
}

function isAtCursor({ kind, start, end, isOpen }: Token, cursor: number): boolean {
  switch (kind) {
    case 'keyword':
    case 'function':
    case 'name':
      return start < cursor && cursor <= end;
    case 'command':
      // `use` may become `user`.
      return start < cursor && cursor <= end;
    case 'quoted-name':
      return start < cursor && (cursor < end || (cursor === end && isOpen));
    default:
      return false;
  }
}
