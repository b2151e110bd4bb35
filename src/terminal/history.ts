import { join } from 'node:path';
import { startsWithIgnoringCase } from '../text/ignore-case.js';
import { HistoryFile } from './history-file.js';
import { historyFilter } from './history-ignore.js';

export interface HistoryOptions {
  /** The path of the history file, see {@link historyFilePath}; undefined: keep it in memory only. */
  file: string | undefined;
  /** MYSQL_HISTIGNORE: patterns of statements to leave out, separated by colons. */
  ignore: string | undefined;
  /** The number of entries that are kept; 10,000 by default. */
  limit?: number;
  /** Called at most once if the file cannot be used, with the reason: a sentence without a period. */
  warn?: (problem: string) => void;
}

/** The history of statements; each entry is a whole statement with its line breaks. */
export class History {
  /** The entries; undefined until the content of the file is decoded. */
  #loaded: string[] | undefined;
  readonly #loadEntries: () => string[];
  readonly #file: HistoryFile | undefined;
  readonly #isIgnored: (text: string) => boolean;
  readonly #limit: number;
  /** The last prefix that no entry begins with, whatever its case. */
  #unmatched: string | undefined;

  private constructor(options: HistoryOptions) {
    this.#limit = options.limit ?? 10_000;
    this.#isIgnored = historyFilter(options.ignore);
    const warn = options.warn ?? (() => {});
    this.#file = options.file === undefined ? undefined : new HistoryFile(options.file, warn);
    this.#loadEntries = this.#file?.read(this.#limit) ?? (() => []);
  }

  /**
   * Reads the file, but decodes it only when the entries are first used, which should happen after
   * the prompt is shown. Never throws: `warn` reports a file that cannot be used.
   */
  static open(options: HistoryOptions): History {
    return new History(options);
  }

  /** The entries, the oldest first. The same array grows as entries are added. */
  get entries(): readonly string[] {
    return this.#entries;
  }

  get #entries(): string[] {
    this.#loaded ??= this.#loadEntries().filter(isNewEntry);
    return this.#loaded;
  }

  /**
   * Adds a text in memory and at the end of the file, unless it is blank, equals the last entry,
   * contains a password, or matches `ignore`. A text that begins with a blank is kept, as `mariadb`
   * 10.11 does.
   */
  add(text: string): void {
    const entry = text.trimEnd();
    if (entry.trim() === '' || entry === this.#entries.at(-1) || this.#isIgnored(entry)) return;
    const entries = this.#entries;
    entries.push(entry);
    this.#unmatched = undefined;
    if (entries.length > this.#limit) entries.shift();
    this.#file?.append(entry);
  }

  /**
   * Returns the latest entry that begins with `prefix` and is longer; if there is none, ignores case.
   * Returns undefined for a blank prefix.
   */
  suggest(prefix: string): string | undefined {
    if (prefix.trim() === '') return undefined;
    // While the user types on, there is still none.
    if (this.#unmatched !== undefined && prefix.startsWith(this.#unmatched)) return undefined;
    const isLonger = (entry: string) => entry.length > prefix.length;
    const exact = this.#entries.findLast((entry) => isLonger(entry) && entry.startsWith(prefix));
    if (exact !== undefined) return exact;
    const wanted = prefix.toLowerCase();
    const found = this.#entries.findLast(
      (entry) => isLonger(entry) && startsWithIgnoringCase(entry, wanted),
    );
    this.#unmatched = found === undefined ? prefix : undefined;
    return found;
  }
}

/**
 * Returns the path in MARIADB_HISTFILE, else in MYSQL_HISTFILE, else `.mysql_history` in the home
 * directory; undefined if the variable is empty, which disables the file, or there is no home
 * directory. `mariadb` 10.11 reads only MYSQL_HISTFILE, and keeps no history if it is empty; later
 * versions read both.
 */
export function historyFilePath(environment: NodeJS.ProcessEnv): string | undefined {
  const { MARIADB_HISTFILE, MYSQL_HISTFILE, HOME } = environment;
  const named = MARIADB_HISTFILE ?? MYSQL_HISTFILE;
  if (named !== undefined) return named || undefined;
  return HOME ? join(HOME, '.mysql_history') : undefined;
}

function isNewEntry(entry: string, index: number, entries: readonly string[]): boolean {
  return entry !== entries[index - 1] && entry.trim() !== '';
}
