import { mkdirSync, readdirSync, readFileSync, statSync, unlinkSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { Failure } from '../failure.js';
import { writePrivateFile } from '../files/atomic-file.js';
import { isErrno, reasonOf } from '../system-error.js';
import { printable } from '../text/printable.js';

/** A query that was kept; or why it cannot be read. */
export type NamedQuery = { name: string; text: string } | { name: string; problem: string };

const extension = '.sql';
/** Bytes of a file that can be a query. */
const largest = 1 << 20;
/** A name is a file's name, and one word. */
const properName = /^[\p{L}\p{N}_][\p{L}\p{M}\p{N}_.-]{0,99}$/u;

/**
 * The directory of the user's named queries: `analytics-mysql/queries` in XDG_CONFIG_HOME if that is an
 * absolute path, as the XDG Base Directory Specification asks for, else in `.config` of the home
 * directory. Undefined without either.
 */
export function namedQueriesDirectory(environment: NodeJS.ProcessEnv): string | undefined {
  const { XDG_CONFIG_HOME, HOME } = environment;
  const place = 'analytics-mysql/queries';
  if (XDG_CONFIG_HOME && isAbsolute(XDG_CONFIG_HOME)) return join(XDG_CONFIG_HOME, place);
  return HOME ? join(HOME, '.config', place) : undefined;
}

/**
 * Queries with names, each a file of its own, `NAME.sql`, in a directory: so any editor shows and
 * changes them as the SQL that they are, one that is damaged leaves the others alone, and two shells
 * that save at a time do not write over each other's. Each look is at the files as they are then.
 * All methods but `list` and `names` throw a Failure for what they cannot do.
 */
export class NamedQueries {
  readonly #directory: string | undefined;

  constructor(directory: string | undefined) {
    this.#directory = directory;
  }

  /** In the order of the alphabet; none if there is no directory, or none that can be read. */
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
      .filter((name) => properName.test(name))
      .sort();
  }

  /** All of them, by name; one that cannot be read with the reason. */
  list(): NamedQuery[] {
    return this.names().map((name) => {
      try {
        return { name, text: this.get(name) };
      } catch (error) {
        return { name, problem: error instanceof Error ? error.message : String(error) };
      }
    });
  }

  /** Failure `query-unknown` if there is none of that name, `query-unreadable`. */
  get(name: string): string {
    const text = this.#find(name);
    if (text === undefined) throw this.#unknown(name);
    return text;
  }

  /**
   * Keeps a query; true if it took another one's place. Failure `query-name`, `query-empty`,
   * `query-unwritable`; `query-unreadable` if the one that has the name cannot be read, which then
   * stays as it is.
   */
  save(name: string, text: string): boolean {
    const query = text.trim();
    if (query === '')
      throw new Failure('query-empty', `There is no query to keep as '${printable(name)}'.`);
    const path = this.#path(name);
    const isThere = this.#find(name) !== undefined;
    try {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      writePrivateFile(path, `${query}\n`);
    } catch (error) {
      const reason = reasonOf(error);
      throw new Failure('query-unwritable', `Cannot keep the query in '${path}': ${reason}.`);
    }
    return isThere;
  }

  /** Failure `query-unknown`, `query-unwritable`. */
  delete(name: string): void {
    const path = this.#path(name);
    try {
      unlinkSync(path);
    } catch (error) {
      if (isErrno(error) && error.code === 'ENOENT') throw this.#unknown(name);
      throw new Failure('query-unwritable', `Cannot delete '${path}': ${reasonOf(error)}.`);
    }
  }

  #find(name: string): string | undefined {
    const path = this.#path(name);
    let text: string;
    try {
      text = readText(path);
    } catch (error) {
      if (isErrno(error) && error.code === 'ENOENT') return undefined;
      const reason = reasonOf(error);
      throw new Failure('query-unreadable', `Cannot read the query in '${path}': ${reason}.`);
    }
    return text.trim();
  }

  #path(name: string): string {
    if (!properName.test(name)) {
      throw new Failure(
        'query-name',
        `'${printable(name)}' cannot name a query: letters, digits, '_', '.' and '-', and no '.' or '-' first.`,
      );
    }
    if (this.#directory === undefined) {
      throw new Failure('query-directory', 'Named queries need XDG_CONFIG_HOME or HOME to be set.');
    }
    return join(this.#directory, `${name}${extension}`);
  }

  #unknown(name: string): Failure {
    return new Failure('query-unknown', `There is no named query '${name}'.`);
  }
}

/** Throws an Error whose message is the reason. */
function readText(path: string): string {
  const found = statSync(path);
  // Neither waits for a pipe, nor fills memory with what is no query.
  if (!found.isFile()) throw new Error('it is no regular file');
  if (found.size > largest) throw new Error('it is larger than 1 MiB');
  const bytes = readFileSync(path);
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (!text.includes('\0')) return text;
  } catch {
    // Told below.
  }
  throw new Error('it is no text in UTF-8');
}
