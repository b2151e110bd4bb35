import { complete } from '../completion/complete.js';
import type { Completion, Names } from '../completion/completion.js';
import { continuationPrompt, type InteractiveOptions, look } from '../script/interactive.js';
import type { TokenKind } from '../script/token.js';
import { tokenize } from '../script/tokens.js';
import type { EditorClient, Span, Style } from '../terminal/editor-client.js';

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

  prompts(text: string): readonly string[] {
    const { openings } = look(text, this.#reading());
    return openings.map((opening, line) =>
      // A line on which a statement begins behind another is one more of the same text.
      line === 0 ? this.prompt : continuationPrompt(opening || '-'),
    );
  }

  highlight(text: string): readonly Span[] {
    if (text.length > longestColoured) return [];
    const spans: Span[] = [];
    for (const { kind, start, end } of tokenize(text, this.#reading())) {
      const style = styleOf(kind);
      if (style !== undefined) spans.push({ start, end, style });
    }
    return spans;
  }

  isComplete(text: string): boolean {
    return look(text, this.#reading()).complete;
  }

  complete(text: string, cursor: number): Completion {
    return complete(text, cursor, this.#names(), this.#reading());
  }
}
