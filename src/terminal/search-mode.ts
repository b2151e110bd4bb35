import { IncrementalSearch } from './history-search.js';
import { searchActionOf } from './key-bindings.js';

/** What a key does to a search: it goes on, or ends with what it found, or without. */
export type SearchOutcome = 'goes-on' | 'taken' | 'taken-and-key-left' | 'dropped';

/** Ctrl-R: keys go to the search until one is pressed that has no meaning in it. */
export class SearchMode {
  readonly #search: IncrementalSearch;
  /** Shown as long as nothing was found. */
  readonly #before: string;

  /** `previous` is searched for by Ctrl-R again, if nothing was typed. */
  constructor(entries: readonly string[], previous: string, before: string) {
    this.#search = new IncrementalSearch(entries, previous);
    this.#before = before;
  }

  get query(): string {
    return this.#search.state.query;
  }

  /** In the place of the first prompt. */
  get prompt(): string {
    const { query, failed } = this.#search.state;
    return `(${failed ? 'failed ' : ''}reverse-i-search)'${query}': `;
  }

  /** What was found, the cursor at the place that matches. */
  get found(): { text: string; cursor: number; length: number } {
    const { entry, at, query } = this.#search.state;
    const text = entry ?? this.#before;
    return at < 0
      ? { text, cursor: text.length, length: 0 }
      : { text, cursor: at, length: query.length };
  }

  type(text: string): void {
    this.#search.type(text);
  }

  key(name: string, text: string): SearchOutcome {
    switch (searchActionOf(name)) {
      case 'older':
        this.#search.older();
        return 'goes-on';
      case 'newer':
        this.#search.newer();
        return 'goes-on';
      case 'back':
        this.#search.back();
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
