import { complete } from '../completion/complete.js';
import type { Names } from '../completion/completion.js';
import { analyse, tokenize } from '../script/analyse.js';
import type { InteractiveOptions } from '../script/interactive.js';
import { continuationPrompt } from '../script/lexical-state.js';
import type { Token, TokenKind } from '../script/token.js';
import type { AnalysedText, EditorClient, Span, Style } from '../terminal/editor-client.js';

/** A text that is longer is not coloured: it was pasted, and each key would cost too much. */
const longestColoured = 100_000;

/** Names are as they are typed; delimiters and redirects are the shell's, as its commands are. */
function styleOf(kind: TokenKind): Style | undefined {
  if (kind === 'name') return undefined;
  return kind === 'delimiter' || kind === 'redirect' ? 'command' : kind;
}

/** What the line editor asks of a conversation in SQL. */
export class SqlEditorClient implements EditorClient {
  /** The prompt of the first line. */
  prompt = '';
  readonly #reading: () => InteractiveOptions;
  readonly #names: () => Names;

  constructor(reading: () => InteractiveOptions, names: () => Names) {
    this.#reading = reading;
    this.#names = names;
  }

  analyse(text: string): AnalysedText {
    const options = this.#reading();
    const isLong = text.length > longestColoured;
    const { tokens, isComplete, openings } = analyse(text, options, !isLong);
    const allTokens = () => (isLong ? tokenize(text, options) : tokens);
    return {
      text,
      prompts: openings.map((opening, line) =>
        // A line on which a statement begins behind another is one more of the same text.
        line === 0 ? this.prompt : continuationPrompt(opening || '-'),
      ),
      spans: spansOf(tokens),
      isComplete,
      complete: (cursor) => complete({ text, tokens: allTokens() }, cursor, this.#names(), options),
    };
  }
}

function spansOf(tokens: readonly Token[]): Span[] {
  return tokens.flatMap(({ kind, start, end }) => {
    const style = styleOf(kind);
    return style === undefined ? [] : [{ start, end, style }];
  });
}
