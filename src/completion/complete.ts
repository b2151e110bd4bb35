import type { Token } from '../script/token.js';
import { findCommandAtCursor, longCommands, shortCommands } from './command-at-cursor.js';
import { completeArgument } from './complete-argument.js';
import type { CandidateGroup, Completion, CompletionOptions, KnownNames } from './completion.js';
import { resolveScope } from './cursor-scope.js';
import { isReserved, unquoteName } from './quote-name.js';
import { rankCandidates } from './rank-candidates.js';
import { collectCandidates } from './statement-candidates.js';
import { buildTree, getName, isMark, type SyntaxTree } from './syntax-tree.js';
import { findTokensAtCursor, type TokensAtCursor } from './tokens-at-cursor.js';
import type { TypedWord } from './typed-word.js';
import { completeVariable } from './variables.js';

/* Completes statements and commands at the cursor of the interactive shell. */

/** A text with its tokens, as returned by `analyze`. */
export interface TokenizedText {
  text: string;
  tokens: readonly Token[];
}

/**
 * Returns the completion at `cursor`, an offset into the text in UTF-16 units. The text consists of
 * statements and commands, as typed into the shell. There are no candidates in strings, comments
 * and numbers. Reads directories to complete file names; all other names come from `names`.
 */
export function complete(
  { text, tokens }: TokenizedText,
  cursor: number,
  names: KnownNames,
  options: CompletionOptions,
): Completion {
  const command = findCommandAtCursor(text, tokens, cursor);
  if (command !== undefined) {
    const start = command.argumentsStart;
    const argument = { typed: text.slice(start, cursor), start, next: text[cursor] ?? '' };
    const found = completeArgument(command, argument, names);
    if (found !== undefined) return found;
  }
  if (tokens.some((token) => preventsCompletion(token, text, cursor))) {
    return { start: cursor, end: cursor, candidates: [] };
  }
  return (
    completeVariable(text, tokens, cursor, names) ??
    completeShortCommand(text, cursor) ??
    completeStatement(text, findTokensAtCursor(text, tokens, cursor, options), cursor, names)
  );
}

/** Whether the cursor is in a string, a comment or a number, where nothing is completed. */
function preventsCompletion(
  { kind, start, end, isOpen }: Token,
  text: string,
  cursor: number,
): boolean {
  if (cursor <= start || cursor > end) return false;
  switch (kind) {
    case 'string':
      return isOpen || cursor < end;
    case 'comment':
      // A line comment extends to the end of its line; the mark `/*!` is a closed comment.
      return isOpen || cursor < end || /^(?:#|--)/.test(text.slice(start, end));
    case 'number':
      return true;
    default:
      return false;
  }
}

/** Completes a command that begins with a backslash, such as `\w`. */
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
  tokensAtPosition: TokensAtCursor,
  cursor: number,
  names: KnownNames,
): Completion {
  const { word, before, after, end } = tokensAtPosition;
  const start = word?.start ?? cursor;
  const typedText = unquoteName(text.slice(start, cursor));
  const tree = buildTree(text, before, after);
  const typed: TypedWord = {
    text: typedText,
    quote: word?.kind === 'quoted-name' ? text[word.start] : undefined,
    inUpperCase: usesUpperCase(typedText, text, before),
    isParenthesisNext: text[cursor] === '(',
    qualifiers: findQualifiers(tree),
  };
  const groups = collectCandidates(resolveScope(tree), names, typed);
  if (before.length === 0 && typed.quote === undefined) groups.push(...commandCandidates);
  return { start, end, candidates: rankCandidates(groups, typedText) };
}

const commandCandidates: CandidateGroup[] = [
  { kind: 'command', texts: longCommands, rank: 2, match: 'prefix' },
];

/**
 * Whether to complete keywords in upper case: if the typed word is, or, with no typed word, if the
 * last reserved word before the cursor is.
 */
function usesUpperCase(typed: string, text: string, before: readonly Token[]): boolean {
  const isReservedWord = ({ kind, start, end }: Token) =>
    (kind === 'keyword' || kind === 'function') && isReserved(text.slice(start, end));
  const last = typed === '' ? before.findLast(isReservedWord) : undefined;
  const letters = last === undefined ? typed : text.slice(last.start, last.end);
  return /[A-Z]$/.test(letters.replace(/[^A-Za-z]/g, ''));
}

/** Returns the names of a qualified name before the cursor, the nearest first. */
function findQualifiers({ path }: SyntaxTree): string[] {
  const nodes = path.at(-1)?.nodes ?? [];
  let position = nodes.findIndex(({ kind }) => kind === 'cursor') - 1;
  const found: string[] = [];
  while (isMark(nodes[position], '.') && found.length < 2) {
    found.push(getName(nodes[position - 1]) ?? '');
    position -= 2;
  }
  return found;
}
