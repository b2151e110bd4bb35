import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createOptionFailure, Failure } from '../failure.js';
import { printable } from '../text/printable.js';

/** A database name in a dblist; mediawiki-config contains no names of another form. */
const DBNAME = /^[a-z0-9_]+$/i;

/** Tells whether a dblist can contain `name`. */
export function isDbname(name: string): boolean {
  return DBNAME.test(name);
}

/** Returns the directory of the dblists in a checkout of mediawiki-config. */
export function getDblistsDirectory(mwConfigPath: string): string {
  return join(mwConfigPath, 'dblists');
}

/**
 * Returns the names of the files in the directory `dblists/` of a checkout.
 * @throws Failure `no-mw-config` if the directory does not exist, `unreadable-mw-config` if it
 * cannot be listed
 */
export function listDblists(mwConfigPath: string): string[] {
  const directory = getDblistsDirectory(mwConfigPath);
  try {
    return readdirSync(directory);
  } catch (error) {
    const code = getErrorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw createOptionFailure(
        'no-mw-config',
        `No directory '${printable(directory)}': use --mw-config-path or ANALYTICS_MYSQL_MW_CONFIG_PATH to name a checkout of mediawiki-config.`,
        'mw-config-path',
      );
    }
    throw new Failure(
      'unreadable-mw-config',
      `Cannot list '${printable(directory)}': ${describeErrorCode(code)}.`,
    ).about('mw-config-path');
  }
}

/**
 * Returns the text of a dblist file.
 * @throws Failure `unreadable-dblist`
 */
export function readDblistText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new Failure(
      'unreadable-dblist',
      `Cannot read '${printable(path)}': ${describeErrorCode(getErrorCode(error))}.`,
    );
  }
}

/**
 * Tells whether the text of a dblist contains `name`. Does not parse the list, because a lookup
 * needs one of more than a thousand names. `name` must satisfy isDbname.
 */
export function containsName(text: string, name: string): boolean {
  if (!text.includes(name)) return false;
  return new RegExp(`^\\uFEFF?[ \\t]*${name}[ \\t]*(?:#.*)?\\r?$`, 'm').test(text);
}

/**
 * Returns the names in the text of a dblist, in its order. Ignores a BOM, CRLF, spaces around a
 * name, empty lines and comments (`#` to the end of the line).
 * @throws Failure `bad-dblist` for a line that contains anything but one database name
 */
export function parseDblist(text: string, path: string): string[] {
  const names: string[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const hash = line.indexOf('#');
    // trim() also removes the BOM and the CR.
    const name = (hash < 0 ? line : line.slice(0, hash)).trim();
    if (name === '') continue;
    if (!isDbname(name)) {
      throw new Failure(
        'bad-dblist',
        `${printable(path)}, line ${index + 1}: '${printable(name)}' is not a database name.`,
      );
    }
    names.push(name);
  }
  return names;
}

function getErrorCode(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'code' in error) return String(error.code);
  throw error;
}

const ERROR_TEXTS: Record<string, string> = {
  EACCES: 'permission denied',
  EISDIR: 'it is a directory',
  ELOOP: 'too many symbolic links',
  ENOENT: 'no such file',
};

function describeErrorCode(code: string): string {
  return ERROR_TEXTS[code] ?? code;
}
