import { complete } from '../completion/complete.js';
import type { KnownNames } from '../completion/completion.js';
import { unquoteName } from '../completion/quote-name.js';
import { analyze, tokenize } from '../script/analyze.js';
import type { InteractiveOptions } from '../script/interactive-reader.js';
import { getContinuationPrompt } from '../script/lexical-state.js';
import type { Token, TokenKind } from '../script/token.js';
import type { AnalyzedText, EditorClient, Span, Style } from '../terminal/editor-client.js';
import { type PasteContext, type PreparedPaste, preparePaste } from './pasted-text.js';

/**
 * A longer text is not highlighted: it was pasted, and analyzing it after each key press would take
 * too long.
 */
const maxHighlightedLength = 100_000;

/** Returns the style of a token; names have none. Delimiters and redirects look like commands. */
function chooseStyle(kind: TokenKind): Style | undefined {
  if (kind === 'name') return undefined;
  return kind === 'delimiter' || kind === 'redirect' ? 'command' : kind;
}

/** Where the names for completion come from. */
export interface CompletionNames {
  /** Returns the names that are known so far. */
  getKnown: () => KnownNames;
  /** Reads the tables of a database in the background, if it exists and they are not known. */
  requestSchema: (database: string) => void;
}

/** Provides the line editor with SQL prompts, highlighting and completion. */
export class SqlEditorClient implements EditorClient {
  /** The prompt of the first line. */
  prompt = '';
  readonly #getOptions: () => InteractiveOptions;
  readonly #names: CompletionNames;
  readonly #getPromptPattern: () => string;

  /** `getPromptPattern` returns the source of a regular expression for the prompt of the first line. */
  constructor(
    getOptions: () => InteractiveOptions,
    names: CompletionNames,
    getPromptPattern: () => string,
  ) {
    this.#getOptions = getOptions;
    this.#names = names;
    this.#getPromptPattern = getPromptPattern;
  }

  analyze(text: string): AnalyzedText {
    const options = this.#getOptions();
    const isLong = text.length > maxHighlightedLength;
    const { tokens, isComplete, openConstructs } = analyze(text, options, !isLong);
    const allTokens = () => (isLong ? tokenize(text, options) : tokens);
    this.#requestSchemas(text, tokens);
    return {
      text,
      prompts: openConstructs.map((opening, line) =>
        // A line on which another statement begins still gets a continuation prompt.
        line === 0 ? this.prompt : getContinuationPrompt(opening || '-'),
      ),
      spans: toSpans(tokens),
      isComplete,
      complete: (cursor) =>
        complete({ text, tokens: allTokens() }, cursor, this.#names.getKnown(), options),
    };
  }

  preparePaste(pasted: string, context: PasteContext): PreparedPaste {
    return preparePaste(pasted, context, this.#getOptions(), this.#getPromptPattern());
  }

  /** Requests the tables of the databases that the text names, so that they are known when needed. */
  #requestSchemas(text: string, tokens: readonly Token[]): void {
    for (const { kind, start, end } of tokens) {
      if ((kind === 'name' || kind === 'quoted-name') && text[end] === '.')
        this.#names.requestSchema(unquoteName(text.slice(start, end)));
    }
  }
}

function toSpans(tokens: readonly Token[]): Span[] {
  return tokens.flatMap(({ kind, start, end }) => {
    const style = chooseStyle(kind);
    return style === undefined ? [] : [{ start, end, style }];
  });
}
