import { getBuiltInFunctions } from '../script/built-in-functions.js';
import type { CandidateGroup, CandidateKind } from './completion.js';
import { quoteName, quoteNameIfNeeded } from './quote-name.js';

/** The word at the cursor as it was typed, and its surroundings. */
export interface TypedWord {
  /** The part of the word before the cursor, without its quote. */
  text: string;
  /** The quote that begins the word. It is then a name, which is inserted in such quotes. */
  quote: string | undefined;
  /** Whether to insert keywords in upper case. */
  inUpperCase: boolean;
  /** Whether a parenthesis follows, so that none must be inserted after a function. */
  isParenthesisNext: boolean;
  /** The names before the word: `x` for `x.`, and `x`, `y` for `y.x.`. */
  qualifiers: readonly string[];
}

/** Returns names, quoted if necessary, each followed by `suffix`. */
export function nameCandidates(
  kind: CandidateKind,
  texts: Iterable<string>,
  rank: number,
  typed: TypedWord,
  suffix = '',
): CandidateGroup {
  const { quote } = typed;
  const format = (name: string) =>
    (quote === undefined ? quoteNameIfNeeded(name) : quoteName(name, quote)) + suffix;
  return { kind, texts, rank, format };
}

/** Returns keywords, in the case of the text around them. */
export function keywordCandidates(
  texts: Iterable<string>,
  rank: number,
  typed: TypedWord,
): CandidateGroup {
  return {
    kind: 'keyword',
    texts: typed.quote !== undefined ? [] : texts,
    rank,
    match: 'prefix',
    format: getCaseFormat(typed),
  };
}

/**
 * Returns the functions with an opening parenthesis, since a blank before it (`count (`) is an
 * error.
 */
export function functionCandidates(rank: number, typed: TypedWord): CandidateGroup {
  const formatCase = getCaseFormat(typed);
  const suffix = typed.isParenthesisNext ? '' : '(';
  const texts = typed.quote !== undefined ? [] : getBuiltInFunctions();
  return {
    kind: 'function',
    texts,
    rank,
    match: 'part',
    format: (name) => formatCase(name) + suffix,
  };
}

function getCaseFormat({ inUpperCase }: TypedWord): (text: string) => string {
  return inUpperCase ? (text) => text.toUpperCase() : (text) => text.toLowerCase();
}
