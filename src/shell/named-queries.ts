import { mkdirSync, readdirSync, readFileSync, statSync, unlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findConfigDirectory } from '../cli/config-directory.js';
import { Failure } from '../failure.js';
import { writePrivateFile } from '../files/atomic-file.js';
import { describeError, isErrno } from '../system-error.js';
import { printable } from '../text/printable.js';

/** A saved query, or the reason why it cannot be read. */
export type NamedQuery = { name: string; text: string } | { name: string; problem: string };

const extension = '.sql';
/** The largest size of a query's file. */
const maxBytes = 1 << 20;
/** A valid name: it must be usable as a file name, and be one word. */
const namePattern = /^[\p{L}\p{N}_][\p{L}\p{M}\p{N}_.-]{0,99}$/u;

/**
 * Returns the directory of the user's named queries: `queries` in the directory of findConfigDirectory.
 * undefined if there is none.
 */
export function findNamedQueriesDirectory(environment: NodeJS.ProcessEnv): string | undefined {
  const directory = findConfigDirectory(environment);
  return directory && join(directory, 'queries');
}

/**
 * Stores named queries in a directory, each in its own file `NAME.sql`. So the user can open them
 * as SQL in any editor, a damaged one does not affect the others, and two shells that save at the
 * same time do not overwrite each other's queries. Every method reads the current files. All
 * methods except `list` and `names` throw a Failure.
 */
export class NamedQueries {
  readonly #directory: string | undefined;

  constructor(directory: string | undefined) {
    this.#directory = directory;
  }

  /** Returns all names in alphabetical order; none if the directory is missing or unreadable. */
  names(): string[] {
    if (this.#directory === undefined) return [];
    let files: string[];
    try {
      files = readdirSync(this.#directory);
    } catch {
      return [];
    }
    return files
      .filter((file) => file.endsWith(extension))
      .map((file) => file.slice(0, -extension.length))
      .filter((name) => namePattern.test(name))
      .sort();
  }

  /** Returns all queries, sorted by name; those that cannot be read have a `problem` instead. */
  list(): NamedQuery[] {
    return this.names().map((name) => {
      try {
        return { name, text: this.get(name) };
      } catch (error) {
        return { name, problem: error instanceof Error ? error.message : String(error) };
      }
    });
  }

  /** Returns a query's text. Throws a Failure `query-unknown` or `query-unreadable`. */
  get(name: string): string {
    const text = this.#find(name);
    if (text === undefined) throw this.#unknownQuery(name);
    return text;
  }

  /**
   * Saves a query. Returns whether it replaced another one. Throws a Failure `query-name`,
   * `query-empty` or `query-unwritable`; or `query-unreadable` if the file of that name cannot be
   * read, which is not changed then.
   */
  save(name: string, text: string): boolean {
    const query = text.trim();
    if (query === '')
      throw new Failure('query-empty', `Cannot save '${printable(name)}': the query is empty.`);
    const path = this.#pathOf(name);
    const isReplaced = this.#find(name) !== undefined;
    try {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      writePrivateFile(path, `${query}\n`);
    } catch (error) {
      const reason = describeError(error);
      throw new Failure('query-unwritable', `Cannot save the query in '${path}': ${reason}.`);
    }
    return isReplaced;
  }

  /** Deletes a query. Throws a Failure `query-unknown` or `query-unwritable`. */
  delete(name: string): void {
    const path = this.#pathOf(name);
    try {
      unlinkSync(path);
    } catch (error) {
      if (isErrno(error) && error.code === 'ENOENT') throw this.#unknownQuery(name);
      throw new Failure('query-unwritable', `Cannot delete '${path}': ${describeError(error)}.`);
    }
  }

  #find(name: string): string | undefined {
    const path = this.#pathOf(name);
    let text: string;
    try {
      text = readText(path);
    } catch (error) {
      if (isErrno(error) && error.code === 'ENOENT') return undefined;
      const reason = describeError(error);
      throw new Failure('query-unreadable', `Cannot read the query in '${path}': ${reason}.`);
    }
    return text.trim();
  }

  #pathOf(name: string): string {
    if (!namePattern.test(name)) {
      throw new Failure(
        'query-name',
        `Invalid query name '${printable(name)}': use letters, digits, '_', '.' and '-', but not '.' or '-' first.`,
      );
    }
    if (this.#directory === undefined) {
      throw new Failure('query-directory', 'Set HOME or XDG_CONFIG_HOME to use named queries.');
    }
    return join(this.#directory, `${name}${extension}`);
  }

  #unknownQuery(name: string): Failure {
    return new Failure('query-unknown', `There is no named query '${name}'.`);
  }
}

/** Returns the text of a file. Throws an Error whose message is the reason. */
function readText(path: string): string {
  const stats = statSync(path);
  // These checks avoid waiting for a pipe, and filling the memory with a large file.
  if (!stats.isFile()) throw new Error('it is not a regular file');
  if (stats.size > maxBytes) throw new Error('it is larger than 1 MiB');
  const bytes = readFileSync(path);
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (!text.includes('\0')) return text;
  } catch {
    // Reported below.
  }
  throw new Error('it is not UTF-8 text');
}
