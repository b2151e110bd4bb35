import { join } from 'node:path';
import { HistoryFile } from './history-file.js';
import { historyFilter } from './history-ignore.js';

export interface HistoryOptions {
  /** Path of the file that keeps it, see {@link historyFile}; undefined: in memory alone. */
  file: string | undefined;
  /** MYSQL_HISTIGNORE: patterns of what is left out, separated by colons. */
  ignore: string | undefined;
  /** The entries that are kept; 10,000 unless said. */
  limit?: number;
  /** Told at most once, in a sentence without a full stop, why the file is not used. */
  warn?: (problem: string) => void;
}

/** What was run, statement by statement, each kept whole with its line breaks. */
export class History {
  /** undefined: not made of what was read yet */
  #known: string[] | undefined;
  readonly #read: () => string[];
  readonly #file: HistoryFile | undefined;
  readonly #leftOut: (text: string) => boolean;
  readonly #limit: number;

  private constructor(options: HistoryOptions) {
    this.#limit = options.limit ?? 10_000;
    this.#leftOut = historyFilter(options.ignore);
    const warn = options.warn ?? (() => {});
    this.#file = options.file === undefined ? undefined : new HistoryFile(options.file, warn);
    this.#read = this.#file?.read(this.#limit) ?? (() => []);
  }

  /**
   * Reads the file, but leaves what takes time to the first look at the entries, which should come
   * when the prompt is there. Never throws: a file that cannot be used is told by `warn`.
   */
  static open(options: HistoryOptions): History {
    return new History(options);
  }

  /** The oldest first. The array grows as entries are added. */
  get entries(): readonly string[] {
    return this.#entries;
  }

  get #entries(): string[] {
    this.#known ??= this.#read().filter(isNew);
    return this.#known;
  }

  /**
   * Keeps a text in memory and at the end of the file, but for blank ones, the same as the one
   * before, texts with passwords, and those that `ignore` matches. One that begins with a blank is
   * kept, as `mariadb` 10.11 does.
   */
  add(text: string): void {
    const entry = text.trimEnd();
    if (entry.trim() === '' || entry === this.#entries.at(-1) || this.#leftOut(entry)) return;
    const entries = this.#entries;
    entries.push(entry);
    if (entries.length > this.#limit) entries.shift();
    this.#file?.append(entry);
  }

  /** The latest entry, whole, that begins with `prefix` and goes on; none for a blank one. */
  suggestion(prefix: string): string | undefined {
    if (prefix.trim() === '') return undefined;
    return this.#entries.findLast(
      (entry) => entry.length > prefix.length && entry.startsWith(prefix),
    );
  }
}

/**
 * The file that MARIADB_HISTFILE names, else MYSQL_HISTFILE, else `.mysql_history` in the home
 * directory; undefined for an empty name, which turns it off, and without a home directory. `mariadb` 10.11
 * reads MYSQL_HISTFILE alone, and keeps nothing if it is empty; later ones read both.
 */
export function historyFile(environment: NodeJS.ProcessEnv): string | undefined {
  const { MARIADB_HISTFILE, MYSQL_HISTFILE, HOME } = environment;
  const named = MARIADB_HISTFILE ?? MYSQL_HISTFILE;
  if (named !== undefined) return named || undefined;
  return HOME ? join(HOME, '.mysql_history') : undefined;
}

function isNew(entry: string, index: number, entries: readonly string[]): boolean {
  return entry !== entries[index - 1] && entry.trim() !== '';
}
