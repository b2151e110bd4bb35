import { IncrementalSearch } from './history-search.js';
import { searchActionOf } from './key-bindings.js';

/**
 * The effect of a key on a search: the search continues; it ends and its match is accepted, in which
 * case the key may still have to be handled; or it ends without a result.
 */
export type SearchOutcome = 'goes-on' | 'taken' | 'taken-and-key-left' | 'dropped';

/** The mode after Ctrl-R: keys go to the search until one is pressed that is not bound in it. */
export class SearchMode {
  readonly #search: IncrementalSearch;
  /** The text that is shown until something is found. */
  readonly #initialText: string;

  /**
   * `previous`: the query that a second Ctrl-R searches for if nothing was typed; `initialText`: the
   * text before the search.
   */
  constructor(entries: readonly string[], previous: string, initialText: string) {
    this.#search = new IncrementalSearch(entries, previous);
    this.#initialText = initialText;
  }

  get query(): string {
    return this.#search.state.query;
  }

  /** What the user searches for, and whether it was found, as readline shows it. */
  get prompt(): string {
    const { query, failed } = this.#search.state;
    return `(${failed ? 'failed ' : ''}reverse-i-search)'${query}': `;
  }

  /** The entry that was found, with the cursor at the match, and the length of the match. */
  get match(): { text: string; cursor: number; length: number } {
    const { entry, offset, query } = this.#search.state;
    const text = entry ?? this.#initialText;
    return offset < 0
      ? { text, cursor: text.length, length: 0 }
      : { text, cursor: offset, length: query.length };
  }

  type(text: string): void {
    this.#search.type(text);
  }

  handleKey(name: string, text: string): SearchOutcome {
    switch (searchActionOf(name)) {
      case 'older':
        this.#search.older();
        return 'goes-on';
      case 'newer':
        this.#search.newer();
        return 'goes-on';
      case 'back':
        this.#search.stepBack();
        return 'goes-on';
      case 'take':
        return 'taken';
      case 'drop':
        return 'dropped';
      case undefined:
        if (text === '') return 'taken-and-key-left';
        this.#search.type(text);
        return 'goes-on';
    }
  }
}
