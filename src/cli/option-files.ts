import { readdirSync, readFileSync, statSync } from 'node:fs';
import { resolve as absolute, join } from 'node:path';
import { Failure } from '../failure.js';
import { optionFileLines } from './option-file.js';
import type { TriedFile } from './settings.js';

/** An option out of a file: `body` is `name` or `name=value`, as it would follow a `--`. */
export interface FileOption {
  body: string;
  file: string;
}

/** What the option files gave. */
export interface FileOptions {
  options: FileOption[];
  triedFiles: TriedFile[];
  /** Lines for stderr. */
  notes: string[];
}

/** Which option files are asked for. */
export interface FileRequest {
  /** --defaults-file: nothing but this one. */
  only: string | undefined;
  /** --defaults-extra-file */
  extra: string | undefined;
  /** --no-defaults */
  none: boolean;
  /** --defaults-group-suffix, else MARIADB_GROUP_SUFFIX or MYSQL_GROUP_SUFFIX */
  groupSuffix: string;
  /** The system's own files: /etc/my.cnf and /etc/mysql/my.cnf on Debian. */
  global: readonly string[];
  /** The directory of MARIADB_HOME, else MYSQL_HOME; its file is my.cnf. */
  home: string | undefined;
  /** The user's home directory, whose file is .my.cnf. */
  userHome: string | undefined;
}

/** The client's, and one of our own, which other programs pass over. */
const groups = [
  'mysql',
  'mariadb-client',
  'client',
  'client-server',
  'client-mariadb',
  'analytics-mysql',
];
const deepestInclude = 10;

/**
 * Reads the client's option files in the order of mariadb 10.11.19: the system's, that of
 * MARIADB_HOME (else MYSQL_HOME), --defaults-extra-file, ~/.my.cnf. Options come in the order in
 * which they stand, whatever their group.
 *
 * @throws Failure `option-file-missing` where a file that was named cannot be read, and
 *   `option-file-wrong` for a mistake in one that is not included by another; a mistake in an
 *   included one is a note, and ends the reading of that file alone
 */
export function readOptionFiles(request: FileRequest): FileOptions {
  const reader = new Reader(groupNames(request.groupSuffix));
  if (request.none) return reader.found;
  if (request.only !== undefined) {
    if (request.only !== '') reader.named(request.only);
    return reader.found;
  }
  for (const path of request.global) reader.usual(path);
  if (request.home) reader.usual(join(request.home, 'my.cnf'));
  if (request.extra) reader.named(request.extra);
  if (request.userHome) reader.usual(join(request.userHome, '.my.cnf'));
  return reader.found;
}

/**
 * Reads one option file, with the same groups and the same rules.
 *
 * @throws Failure as readOptionFiles does for a file that was named
 */
export function readOptionFile(path: string, groupSuffix: string): FileOptions {
  const reader = new Reader(groupNames(groupSuffix));
  reader.named(path);
  return reader.found;
}

/** What stands in the way of reading a file, if anything. The kernel decides. */
export function tryFile(path: string): { bytes: Buffer } | { outcome: TriedFile['outcome'] } {
  try {
    const stat = statSync(path);
    if (stat.isFile() && (stat.mode & 0o002) !== 0) return { outcome: 'world-writable' };
    if (stat.isDirectory()) return { bytes: Buffer.alloc(0) };
    return { bytes: readFileSync(path) };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    return { outcome: code === 'ENOENT' || code === 'ENOTDIR' ? 'missing' : 'unreadable' };
  }
}

function groupNames(suffix: string): Set<string> {
  const names = suffix === '' ? groups : [...groups, ...groups.map((name) => name + suffix)];
  return new Set(names.map((name) => name.toLowerCase()));
}

class Reader {
  readonly found: FileOptions = { options: [], triedFiles: [], notes: [] };
  readonly #groups: Set<string>;

  constructor(names: Set<string>) {
    this.#groups = names;
  }

  /** A file that need not be there. */
  usual(path: string): void {
    this.#fatal(this.#read(path, 0));
  }

  /** A file that the user named: it has to be there. */
  named(path: string): void {
    const full = absolute(path);
    this.#fatal(this.#read(full, 0));
    const outcome = this.found.triedFiles.find((file) => file.path === full)?.outcome;
    if (outcome === 'missing' || outcome === 'unreadable') {
      const text = `Could not open required defaults file: ${full}`;
      throw this.#failure('option-file-missing', text);
    }
  }

  #fatal(mistake: string | undefined): void {
    if (mistake !== undefined) throw this.#failure('option-file-wrong', mistake);
  }

  #failure(code: string, text: string): Failure {
    const abort = 'Fatal error in defaults handling. Program aborted';
    return new Failure(code, text, 1, [...this.found.notes, text, abort]);
  }

  /** Gives the mistake that ended the reading, if one did. */
  #read(path: string, depth: number): string | undefined {
    const file = tryFile(path);
    this.found.triedFiles.push({ path, outcome: 'bytes' in file ? 'read' : file.outcome });
    if (!('bytes' in file)) {
      if (file.outcome === 'world-writable') {
        this.found.notes.push(`Warning: World-writable config file '${path}' is ignored`);
      }
      return undefined;
    }
    let wanted = false;
    for (const line of optionFileLines(file.bytes, path)) {
      if (line.kind === 'error') return line.text;
      if (line.kind === 'group') {
        wanted = this.#groups.has(line.name.toLowerCase());
      } else if (line.kind === 'option') {
        const body = line.value === undefined ? line.name : `${line.name}=${line.value}`;
        if (wanted) this.found.options.push({ body, file: path });
      } else if (depth === deepestInclude) {
        this.found.notes.push(
          `Warning: skipping '!${line.kind} ${line.path}' directive as maximum include` +
            `recursion level was reached in file ${path} at line ${line.at}`,
        );
      } else {
        const mistake = this.#include(line.kind, line.path, depth + 1);
        if (mistake !== undefined) return mistake;
      }
    }
    return undefined;
  }

  /** Mistakes inside the included files are notes; a directory that cannot be read is one of ours. */
  #include(kind: 'include' | 'includedir', path: string, depth: number): string | undefined {
    const files = kind === 'include' ? [path] : namesIn(path);
    if (typeof files === 'string') return files;
    for (const file of files) {
      const mistake = this.#read(file, depth);
      if (mistake !== undefined) this.found.notes.push(mistake);
    }
    return undefined;
  }
}

/** The .cnf files of a directory in the order of their names' bytes, or why it cannot be read. */
function namesIn(directory: string): string[] | string {
  try {
    const names = readdirSync(directory).filter((name) => name.endsWith('.cnf'));
    names.sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
    return names.map((name) => join(directory, name));
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    const why = missing
      ? 'Errcode: 2 "No such file or directory"'
      : 'Errcode: 13 "Permission denied"';
    return `\x07analytics-mysql: Can't read dir of '${directory}' (${why})`;
  }
}
