import { escapeRegExp } from '../text/regex-escape.js';
/**
 * Goes through the entries that begin with what stood before the cursor when it began, as Up and
 * Down do: each text once, the one that was being typed behind the latest.
 */
export class PrefixSearch {
  readonly #matches: readonly string[];
  #at: number;

  /** `entries` the oldest first; `text` as it is being typed, with the cursor at `cursor`. */
  constructor(entries: readonly string[], text: string, cursor: number) {
    const prefix = text.slice(0, cursor);
    const matches = new Set<string>();
    for (let at = entries.length - 1; at >= 0; at--) {
      const entry = entries[at] as string;
      if (entry !== text && entry.startsWith(prefix)) matches.add(entry);
    }
    this.#matches = [...matches].reverse().concat(text);
    this.#at = this.#matches.length - 1;
  }

  /** The next older text, which is shown from now on; undefined, and no move, if there is none. */
  older(): string | undefined {
    return this.#go(-1);
  }

  /** The next newer one; behind the latest entry, what was being typed. */
  newer(): string | undefined {
    return this.#go(1);
  }

  #go(step: number): string | undefined {
    const text = this.#matches[this.#at + step];
    if (text !== undefined) this.#at += step;
    return text;
  }
}

/** What an incremental search shows. */
export interface SearchState {
  query: string;
  /** What was found, or was found last if the query goes on to something that is nowhere. */
  entry: string | undefined;
  /** Offset of the query in the entry; -1 if it is not there. */
  at: number;
  failed: boolean;
}

interface Step extends SearchState {
  /** Index of the entry; behind the last one before anything was found. */
  index: number;
}

/**
 * Searches the entries for a text anywhere in them, from the latest back, as it is typed: Ctrl-R. In
 * a query without upper case it does not matter. Each step can be taken back.
 */
export class IncrementalSearch {
  readonly #entries: readonly string[];
  readonly #previous: string;
  #steps: Step[];

  /** `previous` is searched for when an older one is asked for before anything was typed. */
  constructor(entries: readonly string[], previous = '') {
    this.#entries = entries;
    this.#previous = previous;
    this.#steps = [{ query: '', entry: undefined, at: -1, failed: false, index: entries.length }];
  }

  get state(): SearchState {
    return this.#step;
  }

  /** The query goes on with `text`; an entry that still matches stays. */
  type(text: string): void {
    const { index, query } = this.#step;
    this.#search(query + text, Math.min(index, this.#entries.length - 1), -1);
  }

  /** Ctrl-R again: the next older entry that is another text. */
  older(): void {
    const { query, index } = this.#step;
    if (query === '') this.type(this.#previous);
    else this.#search(query, index - 1, -1);
  }

  /** The next newer one, as Ctrl-S does. */
  newer(): void {
    const { query, index } = this.#step;
    if (query !== '') this.#search(query, index + 1, 1);
  }

  /** Takes the last step back: a letter, or the move to another entry. */
  back(): void {
    if (this.#steps.length > 1) this.#steps.pop();
  }

  get #step(): Step {
    return this.#steps.at(-1) as Step;
  }

  #search(query: string, from: number, direction: 1 | -1): void {
    if (query === '') return;
    const shown = this.#step;
    const pattern = new RegExp(escapeRegExp(query), query === query.toLowerCase() ? 'iu' : 'u');
    const isFound = query === shown.query;
    for (let index = from; index >= 0 && index < this.#entries.length; index += direction) {
      const entry = this.#entries[index] as string;
      if (isFound && entry === shown.entry) continue;
      const at = entry.search(pattern);
      if (at >= 0) {
        this.#steps.push({ query, entry, at, failed: false, index });
        return;
      }
    }
    // A move that finds nothing is told once.
    if (isFound && shown.failed) return;
    const at = shown.entry?.search(pattern) ?? -1;
    this.#steps.push({ query, entry: shown.entry, at, failed: true, index: shown.index });
  }
}
