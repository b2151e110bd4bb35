import { functions } from '../script/functions.js';
import type { CandidateKind, Offer } from './completion.js';
import { quoted, quoteIfNeeded } from './names.js';

/** How the word at the cursor is typed. */
export interface TypedWord {
  /** What of it stands in front of the cursor, without its quote. */
  text: string;
  /** The quote with which it begins: it is a name, and is put in between two of them. */
  quote: string | undefined;
  /** Keywords are put in in capitals. */
  capitals: boolean;
  /** A parenthesis follows, so that a function needs none. */
  parenthesis: boolean;
  /** `x` of `x.`, and `y` of `y.x.`, in front of the word. */
  qualifiers: readonly string[];
}

/** Names, in backticks where they must be; `behind` is put in behind each. */
export function nameOffer(
  kind: CandidateKind,
  texts: Iterable<string>,
  rank: number,
  typed: TypedWord,
  behind = '',
): Offer {
  const { quote } = typed;
  const form = (name: string) =>
    (quote === undefined ? quoteIfNeeded(name) : quoted(name, quote)) + behind;
  return { kind, texts, rank, form };
}

/** Keywords, in the case of what is typed around them. */
export function keywordOffer(texts: Iterable<string>, rank: number, typed: TypedWord): Offer {
  return {
    kind: 'keyword',
    texts: typed.quote !== undefined ? [] : texts,
    rank,
    only: 'prefix',
    form: cased(typed),
  };
}

/** The functions, with the parenthesis that they cannot do without: `count (` is an error. */
export function functionOffer(rank: number, typed: TypedWord): Offer {
  const inCase = cased(typed);
  const behind = typed.parenthesis ? '' : '(';
  const texts = typed.quote !== undefined ? [] : functions();
  return { kind: 'function', texts, rank, only: 'part', form: (name) => inCase(name) + behind };
}

function cased({ capitals }: TypedWord): (text: string) => string {
  return capitals ? (text) => text.toUpperCase() : (text) => text.toLowerCase();
}
