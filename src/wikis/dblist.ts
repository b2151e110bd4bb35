import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../failure.js';
import { printable } from '../text/printable.js';

/** What a database name in a dblist may look like; mediawiki-config has no other. */
const DBNAME = /^[a-z0-9_]+$/i;

/** Tells whether `name` could stand in a dblist at all. */
export function isDbname(name: string): boolean {
  return DBNAME.test(name);
}

/** The directory of the dblists within a checkout of mediawiki-config. */
export function dblistsDirectory(mwConfigPath: string): string {
  return join(mwConfigPath, 'dblists');
}

/**
 * The files of a checkout's `dblists/`, by name.
 * @throws Failure `no-mw-config` where there is no such directory, `unreadable-mw-config` where it
 * cannot be listed.
 */
export function listDblists(mwConfigPath: string): string[] {
  const directory = dblistsDirectory(mwConfigPath);
  try {
    return readdirSync(directory);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new Failure(
        'no-mw-config',
        `No directory ${printable(directory)}: name a checkout of mediawiki-config with --mw-config-path or ANALYTICS_MYSQL_MW_CONFIG_PATH.`,
      );
    }
    throw new Failure(
      'unreadable-mw-config',
      `Cannot list ${printable(directory)}: ${inWords(code)}.`,
    );
  }
}

/**
 * The text of one file of `dblists/`.
 * @throws Failure `unreadable-dblist`
 */
export function readDblistText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new Failure(
      'unreadable-dblist',
      `Cannot read ${printable(path)}: ${inWords(errorCode(error))}.`,
    );
  }
}

/**
 * Tells whether a dblist's text names `name`, without taking the list apart: a look-up reads over
 * a thousand names and wants one. `name` must satisfy isDbname.
 */
export function namesIt(text: string, name: string): boolean {
  if (!text.includes(name)) return false;
  return new RegExp(`^\\uFEFF?[ \\t]*${name}[ \\t]*(?:#.*)?\\r?$`, 'm').test(text);
}

/**
 * The names of a dblist's text, in its order. A BOM, CRLF, blanks round a name, blank lines and
 * comments (`#` to the end of the line) do not count.
 * @throws Failure `bad-dblist` for a line that holds anything but one database name
 */
export function parseDblist(text: string, path: string): string[] {
  const names: string[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const hash = line.indexOf('#');
    // trim() takes the BOM and the CR too.
    const name = (hash < 0 ? line : line.slice(0, hash)).trim();
    if (name === '') continue;
    if (!isDbname(name)) {
      throw new Failure(
        'bad-dblist',
        `${printable(path)}, line ${index + 1}: '${printable(name)}' is not the name of a database.`,
      );
    }
    names.push(name);
  }
  return names;
}

function errorCode(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'code' in error) return String(error.code);
  throw error;
}

const WORDS: Record<string, string> = {
  EACCES: 'permission denied',
  EISDIR: 'it is a directory',
  ELOOP: 'too many symbolic links',
  ENOENT: 'no such file',
};

function inWords(code: string): string {
  return WORDS[code] ?? code;
}
