import { PrefixSearch } from './history-search.js';

/** The earlier statements, as the editor needs them. */
export interface StatementHistory {
  /** The statements, the oldest first. */
  readonly entries: readonly string[];
  /** Returns the latest statement that begins with `prefix`, perhaps in another case, and is longer. */
  suggest(prefix: string): string | undefined;
}

interface TextAndCursor {
  text: string;
  cursor: number;
}

/**
 * Moves through the statements of the history that begin with the text before the cursor (if there
 * are none, ignoring case), and back to the text that the user had typed. A change of the text starts a new navigation.
 */
export class HistoryNavigation {
  readonly #history: StatementHistory;
  #search: PrefixSearch | undefined;
  /** The text that the user had typed. */
  #draft: TextAndCursor = { text: '', cursor: 0 };
  /** The text that is shown now. */
  #shown: string | undefined;

  constructor(history: StatementHistory) {
    this.#history = history;
  }

  /** True if the text is a statement that the navigation has recalled. */
  isShowing(text: string): boolean {
    return this.#shown === text && text !== this.#draft.text;
  }

  /** Returns the text to show instead of `text`; undefined if there is no further statement. */
  move(direction: 'older' | 'newer', text: string, cursor: number): TextAndCursor | undefined {
    if (this.#search === undefined || this.#shown !== text) {
      this.#search = new PrefixSearch(this.#history.entries, text, cursor);
      this.#draft = { text, cursor };
    }
    return this.#show(this.#step(this.#search, direction), text);
  }

  /** Like `move`, but to the next statement that `matches`, whatever it begins with. */
  find(
    direction: 'older' | 'newer',
    text: string,
    cursor: number,
    matches: (statement: string) => boolean,
  ): TextAndCursor | undefined {
    if (this.#shown !== text) this.#draft = { text, cursor };
    const search = new PrefixSearch(this.#history.entries, this.#draft.text, 0);
    search.select(text);
    let found = this.#step(search, direction);
    while (found !== undefined && !matches(found)) found = this.#step(search, direction);
    if (found === undefined) return undefined;
    this.#search = search;
    return this.#show(found, text);
  }

  #step(search: PrefixSearch, direction: 'older' | 'newer'): string | undefined {
    return direction === 'older' ? search.older() : search.newer();
  }

  #show(found: string | undefined, text: string): TextAndCursor | undefined {
    this.#shown = found ?? text;
    if (found === undefined) return undefined;
    return found === this.#draft.text ? this.#draft : { text: found, cursor: found.length };
  }
}
