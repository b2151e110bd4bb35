import { startsWithIgnoringCase } from '../text/ignore-case.js';
import { escapeRegExp } from '../text/regex-escape.js';

/**
 * Iterates over the history entries that begin with the text before the cursor, for Up and Down. If
 * there are none, ignores case. Each text appears once; the text that was being typed comes after the latest entry.
 */
export class PrefixSearch {
  readonly #matches: readonly string[];
  #index: number;

  /** `entries`: the oldest first; `text`: the text that is being typed, with its cursor. */
  constructor(entries: readonly string[], text: string, cursor: number) {
    const prefix = text.slice(0, cursor);
    const wanted = prefix.toLowerCase();
    const others = entries.filter((entry) => entry !== text);
    const exact = others.filter((entry) => entry.startsWith(prefix));
    const found =
      exact.length > 0 ? exact : others.filter((entry) => startsWithIgnoringCase(entry, wanted));
    // Of repeated entries, only the latest stays.
    const matches = new Set(found.reverse());
    this.#matches = [...matches].reverse().concat(text);
    this.#index = this.#matches.length - 1;
  }

  /** Moves to the next older text and returns it; returns undefined, without a move, at the end. */
  older(): string | undefined {
    return this.#moveBy(-1);
  }

  /** Moves to a text, if it is among those that this iterates over. */
  select(text: string): void {
    const index = this.#matches.indexOf(text);
    if (index >= 0) this.#index = index;
  }

  /** Moves to the next newer text and returns it; after the latest entry, the text being typed. */
  newer(): string | undefined {
    return this.#moveBy(1);
  }

  #moveBy(step: number): string | undefined {
    const text = this.#matches[this.#index + step];
    if (text !== undefined) this.#index += step;
    return text;
  }
}

/** The visible state of an incremental search. */
export interface SearchState {
  query: string;
  /** The entry that matches; after a failed search, the last entry that matched. */
  entry: string | undefined;
  /** The offset of the query in the entry; -1 if the entry does not contain it. */
  offset: number;
  failed: boolean;
}

interface Step extends SearchState {
  /** The index of the entry; the number of entries before anything was found. */
  index: number;
}

/**
 * The search of Ctrl-R: finds the query anywhere in the entries, from the latest backwards, while it
 * is typed. A query without upper-case letters ignores case. Each step can be undone.
 */
export class IncrementalSearch {
  readonly #entries: readonly string[];
  readonly #previous: string;
  #steps: Step[];

  /** `previous`: the query that `older` searches for if nothing was typed. */
  constructor(entries: readonly string[], previous = '') {
    this.#entries = entries;
    this.#previous = previous;
    this.#steps = [
      { query: '', entry: undefined, offset: -1, failed: false, index: entries.length },
    ];
  }

  get state(): SearchState {
    return this.#current;
  }

  /** Appends `text` to the query; the current entry stays if it still matches. */
  type(text: string): void {
    const { index, query } = this.#current;
    this.#search(query + text, Math.min(index, this.#entries.length - 1), -1);
  }

  /** Moves to the next older entry with a different text, as Ctrl-R does when pressed again. */
  older(): void {
    const { query, index } = this.#current;
    if (query === '') this.type(this.#previous);
    else this.#search(query, index - 1, -1);
  }

  /** Moves to the next newer entry with a different text, as Ctrl-S does. */
  newer(): void {
    const { query, index } = this.#current;
    if (query !== '') this.#search(query, index + 1, 1);
  }

  /** Undoes the last step: a typed letter, or the move to another entry. */
  stepBack(): void {
    if (this.#steps.length > 1) this.#steps.pop();
  }

  get #current(): Step {
    return this.#steps.at(-1) as Step;
  }

  #search(query: string, firstIndex: number, direction: 1 | -1): void {
    if (query === '') return;
    const current = this.#current;
    const pattern = new RegExp(escapeRegExp(query), query === query.toLowerCase() ? 'iu' : 'u');
    const isSameQuery = query === current.query;
    for (let index = firstIndex; index >= 0 && index < this.#entries.length; index += direction) {
      const entry = this.#entries[index] as string;
      if (isSameQuery && entry === current.entry) continue;
      const offset = entry.search(pattern);
      if (offset >= 0) {
        this.#steps.push({ query, entry, offset, failed: false, index });
        return;
      }
    }
    // Repeated moves that find nothing count as one step.
    if (isSameQuery && current.failed) return;
    const offset = current.entry?.search(pattern) ?? -1;
    this.#steps.push({
      query,
      entry: current.entry,
      offset,
      failed: true,
      index: current.index,
    });
  }
}
