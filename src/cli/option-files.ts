import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { Failure } from '../failure.js';
import { isErrno } from '../system-error.js';
import { parseOptionFile } from './option-file.js';
import type { TriedFile } from './settings.js';

/*
 * Reads the option files of the mariadb client, in its order and with its rules.
 */

/** An option in a file: `body` is `name` or `name=value`, the text that would follow a `--`. */
export interface FileOption {
  body: string;
  /** The name of the group, in lower case. */
  group: string;
  file: string;
}

/** The options of the option files. */
export interface FileOptions {
  options: FileOption[];
  triedFiles: TriedFile[];
  /** Lines for stderr. */
  notes: string[];
}

/** Which option files to read. */
export interface OptionFilesRequest {
  /** --defaults-file: the only file to read. */
  defaultsFile: string | undefined;
  /** --defaults-extra-file */
  extraFile: string | undefined;
  /** --no-defaults */
  noDefaults: boolean;
  /** --defaults-group-suffix, else MARIADB_GROUP_SUFFIX or MYSQL_GROUP_SUFFIX */
  groupSuffix: string;
  /** The option files of the system: /etc/my.cnf and /etc/mysql/my.cnf on Debian. */
  systemFiles: readonly string[];
  /** The directory that MARIADB_HOME or else MYSQL_HOME names; its file is my.cnf. */
  home: string | undefined;
  /** The user's home directory, whose file is .my.cnf. */
  userHome: string | undefined;
  /** The user's option file of this program, which other clients do not read. */
  ownFile?: string | undefined;
}

/** The group that other programs ignore; with a suffix, the name is only the beginning. */
export const ownGroup = 'analytics-mysql';

/** The groups to read: those of the client, and our own. */
const mysqlGroups = [
  'mysql',
  'mariadb-client',
  'client',
  'client-server',
  'client-mariadb',
  ownGroup,
];
const maxIncludeDepth = 10;

/**
 * Reads the client's option files in the order of mariadb 10.11.19: the files of the system, the
 * file in MARIADB_HOME (else MYSQL_HOME), --defaults-extra-file, ~/.my.cnf. Our own file follows. The options are in the
 * order of the files and their lines, regardless of the group.
 *
 * @throws Failure `option-file-missing` if a file that the user named cannot be read;
 *   `option-file-wrong` for an error in a file that no other file includes. An error in an included
 *   file is a note, and ends the reading of that file only
 */
export function readOptionFiles(request: OptionFilesRequest): FileOptions {
  const reader = new OptionFileReader(groupNames(request.groupSuffix), request.userHome);
  if (request.noDefaults) return reader.found;
  if (request.defaultsFile !== undefined) {
    if (request.defaultsFile !== '') reader.readRequired(request.defaultsFile);
    return reader.found;
  }
  for (const path of request.systemFiles) reader.readOptional(path);
  if (request.home) reader.readOptional(join(request.home, 'my.cnf'));
  if (request.extraFile) reader.readRequired(request.extraFile);
  if (request.userHome) reader.readOptional(pathInHome(request.userHome, '.my.cnf'));
  if (request.ownFile) reader.readOptional(request.ownFile);
  return reader.found;
}

/**
 * Reads one option file, with the same groups and rules as readOptionFiles.
 *
 * @throws Failure like readOptionFiles for a file that the user named
 */
export function readOptionFile(path: string, groupSuffix: string): FileOptions {
  const reader = new OptionFileReader(groupNames(groupSuffix), undefined);
  reader.readRequired(path);
  return reader.found;
}

/**
 * Returns the content of a file, or the reason why it is not read. The kernel checks permissions.
 */
export function tryReadFile(path: string): { bytes: Buffer } | { outcome: TriedFile['outcome'] } {
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
  const names =
    suffix === '' ? mysqlGroups : [...mysqlGroups, ...mysqlGroups.map((name) => name + suffix)];
  return new Set(names.map((name) => name.toLowerCase()));
}

class OptionFileReader {
  readonly found: FileOptions = { options: [], triedFiles: [], notes: [] };
  readonly #groups: Set<string>;
  readonly #userHome: string | undefined;

  /** `userHome`: the directory that `~/` at the beginning of a path means. */
  constructor(names: Set<string>, userHome: string | undefined) {
    this.#groups = names;
    this.#userHome = userHome;
  }

  /** Reads a file that need not exist. */
  readOptional(path: string): void {
    this.#throwIfError(this.#read(path, 0));
  }

  /** Reads a file that the user named, so it must exist. */
  readRequired(path: string): void {
    const realPath = findRealPath(resolve(this.#expandHome(path)));
    this.#throwIfError(this.#read(realPath, 0));
    const outcome = this.found.triedFiles.find((file) => file.path === realPath)?.outcome;
    if (outcome === 'missing' || outcome === 'unreadable') {
      // Observed (10.11.19): the client shows the path as it was given, with no part resolved.
      const isComplete = isAbsolute(path) || path.startsWith('~/');
      const text = `Could not open required defaults file: ${isComplete ? path : `${process.cwd()}/${path}`}`;
      throw this.#toFailure('option-file-missing', text);
    }
  }

  /** Replaces `~/` like the client, which does not know `~user/`. */
  #expandHome(path: string): string {
    const isInHome = path.startsWith('~/') && this.#userHome;
    return isInHome ? pathInHome(this.#userHome, path.replace(/^~\/+/, '')) : path;
  }

  #throwIfError(error: string | undefined): void {
    if (error !== undefined) throw this.#toFailure('option-file-wrong', error);
  }

  #toFailure(code: string, text: string): Failure {
    const abortText = 'Fatal error in defaults handling. Program aborted';
    return new Failure(code, text, 1, [...this.found.notes, text, abortText]);
  }

  /** Reads a file; returns the error that ended the reading, if any. */
  #read(path: string, depth: number): string | undefined {
    const file = tryReadFile(path);
    this.found.triedFiles.push({ path, outcome: 'bytes' in file ? 'read' : file.outcome });
    if (!('bytes' in file)) {
      if (file.outcome === 'world-writable') {
        this.found.notes.push(`Warning: World-writable config file '${path}' is ignored`);
      }
      return undefined;
    }
    let group: string | undefined;
    for (const line of parseOptionFile(file.bytes, path)) {
      if (line.kind === 'error') return line.text;
      if (line.kind === 'group') {
        const name = line.name.toLowerCase();
        group = this.#groups.has(name) ? name : undefined;
      } else if (line.kind === 'option') {
        const body = line.value === undefined ? line.name : `${line.name}=${line.value}`;
        if (group !== undefined) this.found.options.push({ body, group, file: path });
      } else if (depth === maxIncludeDepth) {
        this.found.notes.push(
          `Warning: skipping '!${line.kind} ${line.path}' directive as maximum include` +
            `recursion level was reached in file ${path} at line ${line.lineNumber}`,
        );
      } else {
        const error = this.#include(line.kind, line.path, depth + 1);
        if (error !== undefined) return error;
      }
    }
    return undefined;
  }

  /**
   * Reads an included file or directory. Errors inside included files become notes; an unreadable
   * directory is an error of the including file, and is returned.
   */
  #include(kind: 'include' | 'includedir', path: string, depth: number): string | undefined {
    // Observed (10.11.19): the client does not expand the ~/ of a directory.
    const files = kind === 'include' ? [this.#expandHome(path)] : listOptionFiles(path);
    if (typeof files === 'string') return files;
    for (const file of files) {
      const error = this.#read(file, depth);
      if (error !== undefined) this.found.notes.push(error);
    }
    return undefined;
  }
}

/**
 * Returns the .cnf files of a directory, sorted by the bytes of their names, or an error message.
 */
function listOptionFiles(directory: string): string[] | string {
  try {
    const names = readdirSync(directory).filter((name) => name.endsWith('.cnf'));
    names.sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
    return names.map((name) => join(directory, name));
  } catch (error) {
    const { code = '', errno = 0 } = isErrno(error) ? error : {};
    const reason = `Errcode: ${-errno} "${systemErrorTexts[code] ?? code}"`;
    return `\x07analytics-mysql: Can't read dir of '${directory}' (${reason})`;
  }
}

/** The system's texts (strerror) of the errors with which a directory cannot be read. */
const systemErrorTexts: Record<string, string> = {
  ENOENT: 'No such file or directory',
  EACCES: 'Permission denied',
  ENOTDIR: 'Not a directory',
  ELOOP: 'Too many levels of symbolic links',
  ENAMETOOLONG: 'File name too long',
};

/** Returns the path of a file in the user's home directory; messages show it like this. */
function pathInHome(home: string, file: string): string {
  return `${home}${home.endsWith('/') ? '' : '/'}${file}`;
}

/** Returns the path without symbolic links, or the same path if it does not lead to a file. */
function findRealPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
