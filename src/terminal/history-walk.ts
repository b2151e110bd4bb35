import { PrefixSearch } from './history-search.js';

/** What the editor asks of the statements of before. */
export interface RecalledStatements {
  /** The oldest first. */
  readonly entries: readonly string[];
  /** The latest that begins so and goes on. */
  suggestion(prefix: string): string | undefined;
}

interface Recalled {
  text: string;
  cursor: number;
}

/**
 * A walk through the history: to the statements that begin with what stood before the cursor when
 * it began, and back to the text that was there. Any change of the text ends it.
 */
export class HistoryWalk {
  readonly #history: RecalledStatements;
  #search: PrefixSearch | undefined;
  /** The text that was there, and what is there now. */
  #draft: Recalled = { text: '', cursor: 0 };
  #shown: string | undefined;

  constructor(history: RecalledStatements) {
    this.#history = history;
  }

  /** Whether the text is a statement that the walk has come to. */
  isAt(text: string): boolean {
    return this.#shown === text && text !== this.#draft.text;
  }

  /** The text to show instead of `text`; undefined where the walk ends. */
  go(direction: 'older' | 'newer', text: string, cursor: number): Recalled | undefined {
    if (this.#search === undefined || this.#shown !== text) {
      this.#search = new PrefixSearch(this.#history.entries, text, cursor);
      this.#draft = { text, cursor };
    }
    const found = direction === 'older' ? this.#search.older() : this.#search.newer();
    this.#shown = found ?? text;
    if (found === undefined) return undefined;
    return found === this.#draft.text ? this.#draft : { text: found, cursor: found.length };
  }
}
