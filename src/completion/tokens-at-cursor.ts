import { tokenize } from '../script/analyse.js';
import type { Token } from '../script/token.js';
import { takesRestOfLine } from './command-line.js';
import type { CompletionOptions } from './completion.js';

/** The tokens of the statement that the cursor is in, as they stand to it; without comments. */
export interface TokensAtCursor {
  before: Token[];
  /** The one that the cursor is in, or right behind, if it can be completed. */
  word: Token | undefined;
  after: Token[];
  /** How far what is put in reaches: to the cursor, but for a quoted name. */
  end: number;
}

/** Tells the tokens in front of the cursor from the word at it and from those behind it. */
export function tokensAtCursor(
  text: string,
  all: readonly Token[],
  cursor: number,
  options: CompletionOptions,
): TokensAtCursor {
  const tokens = all.filter(({ kind }) => kind !== 'comment');
  const word = tokens.find((token) => isTyped(token, cursor));
  const before = statementBefore(
    text,
    tokens.filter((token) => token !== word && token.end <= cursor),
  );
  if (word?.kind !== 'quoted-name')
    return { before, word, after: from(tokens, cursor), end: cursor };
  const isClosed = !word.open && /^[^\s(),;]*$/.test(text.slice(cursor, word.end));
  if (isClosed) return { before, word, after: from(tokens, word.end), end: word.end };
  // The quote was typed just now, and what follows it is taken for a name by mistake.
  const again = tokenize(text.slice(cursor), options).map((token) => ({
    ...token,
    start: token.start + cursor,
    end: token.end + cursor,
  }));
  return { before, word, after: from(again, cursor), end: cursor };
}

/** What belongs to the statement of those behind. */
function from(tokens: readonly Token[], start: number): Token[] {
  const behind = tokens.filter((token) => token.start >= start && token.kind !== 'comment');
  const end = behind.findIndex(({ kind }) => kind === 'delimiter');
  return end < 0 ? behind : behind.slice(0, end);
}

/** What belongs to the statement that is not ended: no others, and no commands with their words. */
function statementBefore(text: string, tokens: readonly Token[]): Token[] {
  let statement: Token[] = [];
  let lineEnd = 0;
  for (const token of tokens) {
    if (token.start < lineEnd) continue;
    const shown = text.slice(token.start, token.end);
    if (token.kind === 'delimiter' || token.kind === 'redirect') {
      statement = [];
    } else if (token.kind !== 'command') {
      statement.push(token);
    } else {
      if (/^(?:\\[gGc]$|[^\\])/.test(shown)) statement = [];
      if (takesRestOfLine(shown)) {
        const end = text.indexOf('\n', token.end);
        lineEnd = end < 0 ? text.length : end;
      } else if (shown === '\\fs') {
        lineEnd = isAfterName(text, token.end);
        statement = [];
      }
    }
  }
  return statement;
}

/** Where the first word behind `\fs` ends, which names the query that follows. */
function isAfterName(text: string, at: number): number {
  const [name = ''] = /^\s*\S*/.exec(text.slice(at)) ?? [];
  return at + name.length;
}

function isTyped({ kind, start, end, open }: Token, cursor: number): boolean {
  switch (kind) {
    case 'keyword':
    case 'function':
    case 'name':
      return start < cursor && cursor <= end;
    case 'command':
      // `use`, which may go on as `user`.
      return start < cursor && cursor <= end;
    case 'quoted-name':
      return start < cursor && (cursor < end || (cursor === end && open));
    default:
      return false;
  }
}
