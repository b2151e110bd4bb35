import type { Token } from '../script/token.js';
import { commandAt, longCommands, shortCommands } from './command-line.js';
import { completeArgument } from './command-words.js';
import type { Completion, CompletionOptions, Names, Offer } from './completion.js';
import { isReserved, unquoted } from './names.js';
import { offersAt } from './offers.js';
import { rankCandidates } from './rank.js';
import { scopeOf } from './scope.js';
import { buildTree, isMark, nameOf, type SyntaxTree } from './syntax-tree.js';
import { type TokensAtCursor, tokensAtCursor } from './tokens-at-cursor.js';
import type { TypedWord } from './typed-word.js';

/** A text, and its tokens as `analyse` gives them. */
export interface TokenizedText {
  text: string;
  tokens: readonly Token[];
}

/**
 * What fits at `cursor`, an offset into the text in UTF-16 units: statements and commands as they are
 * typed into the shell. Nothing fits within strings and comments. Only files are looked for; of all
 * else just what `names` holds is known.
 */
export function complete(
  { text, tokens }: TokenizedText,
  cursor: number,
  names: Names,
  options: CompletionOptions,
): Completion {
  const command = commandAt(text, tokens, cursor);
  if (command !== undefined) {
    const start = command.argumentsStart;
    const argument = { typed: text.slice(start, cursor), start, next: text[cursor] ?? '' };
    const found = completeArgument(command, argument, names);
    if (found !== undefined) return found;
  }
  if (tokens.some((token) => isClosedTo(token, text, cursor))) {
    return { start: cursor, end: cursor, candidates: [] };
  }
  return (
    completeShortCommand(text, cursor) ??
    completeStatement(text, tokensAtCursor(text, tokens, cursor, options), cursor, names)
  );
}

/** Whether the cursor is in a string, a comment or a number, where nothing is completed. */
function isClosedTo({ kind, start, end, open }: Token, text: string, cursor: number): boolean {
  if (cursor <= start || cursor > end) return false;
  switch (kind) {
    case 'string':
      return open || cursor < end;
    case 'comment':
      // One that ends with its line is still there at the line's end; `/*!` is one of its own.
      return open || cursor < end || /^(?:#|--)/.test(text.slice(start, end));
    case 'number':
    case 'variable':
      return true;
    default:
      return false;
  }
}

/** `\w`: the commands that begin with a backslash. */
function completeShortCommand(text: string, cursor: number): Completion | undefined {
  const lineStart = text.lastIndexOf('\n', cursor - 1) + 1;
  const typed = /\\[\w#!?.-]*$/.exec(text.slice(lineStart, cursor))?.[0];
  if (typed === undefined) return undefined;
  const candidates = shortCommands
    .filter((command) => command.startsWith(typed))
    .map((command) => ({ text: command, kind: 'command' as const }));
  return { start: cursor - typed.length, end: cursor, candidates };
}

function completeStatement(
  text: string,
  around: TokensAtCursor,
  cursor: number,
  names: Names,
): Completion {
  const { word, before, after: behind, end } = around;
  const start = word?.start ?? cursor;
  const typedText = unquoted(text.slice(start, cursor));
  const tree = buildTree(text, before, behind);
  const typed: TypedWord = {
    text: typedText,
    quote: word?.kind === 'quoted-name' ? text[word.start] : undefined,
    capitals: isInCapitals(typedText, text, before),
    parenthesis: text[cursor] === '(',
    qualifiers: qualifiersOf(tree),
  };
  const offers = offersAt(scopeOf(tree), names, typed);
  if (before.length === 0 && typed.quote === undefined) offers.push(...commandOffers);
  return { start, end, candidates: rankCandidates(offers, typedText) };
}

const commandOffers: Offer[] = [{ kind: 'command', texts: longCommands, rank: 2, only: 'prefix' }];

/** As the word that was begun is typed, else as the last reserved word in front of it. */
function isInCapitals(typed: string, text: string, before: readonly Token[]): boolean {
  const counts = ({ kind, start, end }: Token) =>
    (kind === 'keyword' || kind === 'function') && isReserved(text.slice(start, end));
  const last = typed === '' ? before.findLast(counts) : undefined;
  const letters = last === undefined ? typed : text.slice(last.start, last.end);
  return /[A-Z]$/.test(letters.replace(/[^A-Za-z]/g, ''));
}

/** The names and dots right in front of the cursor, the nearest first. */
function qualifiersOf({ path }: SyntaxTree): string[] {
  const nodes = path.at(-1)?.nodes ?? [];
  let at = nodes.findIndex(({ kind }) => kind === 'cursor') - 1;
  const found: string[] = [];
  while (isMark(nodes[at], '.') && found.length < 2) {
    found.push(nameOf(nodes[at - 1]) ?? '');
    at -= 2;
  }
  return found;
}
