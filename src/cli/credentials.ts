import { readdirSync } from 'node:fs';
import { resolve as absolute, basename, join } from 'node:path';
import { createOptionFailure } from '../failure.js';
import { type FileOptions, readOptionFile, tryReadFile } from './option-files.js';
import type { TriedFile } from './settings.js';

/*
 * Finds the credentials file of the user: the option files of the access groups, or the file that
 * --credentials names.
 */

/** A POSIX group and the option file that its members may read. */
export interface AccessGroup {
  group: string;
  file: string;
}

/** The access groups of the analytics replicas, in the order in which their files are tried. */
export const accessGroups: readonly AccessGroup[] = [
  { group: 'analytics-privatedata-users', file: 'analytics-research-client.cnf' },
  { group: 'researchers', file: 'research-client.cnf' },
  { group: 'analytics-wmde-users', file: 'research-wmde-client.cnf' },
  { group: 'statistics-privatedata-users', file: 'statistics-private-client.cnf' },
  { group: 'analytics', file: 'stats-research-client.cnf' },
];

/** The directory of the credentials files, unless ANALYTICS_MYSQL_CREDENTIALS_DIR is set. */
export const defaultCredentialsDirectory = '/etc/mysql/conf.d';

/**
 * Reads the first file of an access group that the user may read. The kernel decides on the
 * permission when the file is opened. Returns no options if the user may read none of them.
 *
 * @throws Failure `option-file-wrong`
 */
export function readFirstCredentials(directory: string, groupSuffix: string): FileOptions {
  const triedFiles: TriedFile[] = [];
  const notes: string[] = [];
  for (const { file } of accessGroups) {
    const path = join(directory, file);
    const tried = tryReadFile(path);
    if ('bytes' in tried) {
      const found = readOptionFile(path, groupSuffix);
      return {
        ...found,
        triedFiles: [...triedFiles, ...found.triedFiles],
        notes: [...notes, ...found.notes],
      };
    }
    triedFiles.push({ path, outcome: tried.outcome });
    if (tried.outcome === 'world-writable') {
      notes.push(`Warning: World-writable config file '${path}' is ignored`);
    }
  }
  return { options: [], triedFiles, notes };
}

/**
 * Reads the credentials file that --credentials names: a file of the access groups or any other
 * `*-client.cnf` of the directory, with or without `.cnf`; the name of a group; or the path of any
 * file (with a slash).
 *
 * @throws Failure `credentials-unknown`, `credentials-missing`, `credentials-unreadable`,
 *   `credentials-world-writable`, `option-file-wrong`
 */
export function readNamedCredentials(
  name: string,
  directory: string,
  groupSuffix: string,
): FileOptions {
  const path = name.includes('/')
    ? absolute(name)
    : join(directory, findCredentialsFile(name, directory));
  const tried = tryReadFile(path);
  if ('bytes' in tried) return readOptionFile(path, groupSuffix);
  const { outcome } = tried;
  if (outcome === 'missing') {
    throw createOptionFailure(
      'credentials-missing',
      `credentials file '${path}' does not exist`,
      option,
    );
  }
  if (outcome === 'world-writable') {
    const text = `credentials file '${path}' is ignored because it is world-writable`;
    throw createOptionFailure(
      'credentials-world-writable',
      `${text}; use chmod o-w to fix it`,
      option,
    );
  }
  const group = findAccessGroup(path);
  const hint = group ? `; only members of the group ${group} may` : '';
  throw createOptionFailure(
    'credentials-unreadable',
    `you may not read credentials file '${path}'${hint}`,
    option,
  );
}

/** The option that names a credentials file. */
const option = 'credentials';

/** Returns the access group of a credentials file by the name of the file; undefined: none. */
export function findAccessGroup(path: string): string | undefined {
  return accessGroups.find(({ file }) => file === basename(path))?.group;
}

/**
 * Returns the names, without `.cnf`, of the files `*-client.cnf` in the directory that the user may
 * read. They may hold credentials of a group that is not among the access groups.
 */
export function listReadableCredentials(directory: string): string[] {
  return listDirectory(directory)
    .filter((file) => file.endsWith('-client.cnf') && 'bytes' in tryReadFile(join(directory, file)))
    .map((file) => file.slice(0, -'.cnf'.length))
    .sort();
}

function listDirectory(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    // The directory is only searched for a hint; that it is missing is reported elsewhere.
    return [];
  }
}

function findCredentialsFile(name: string, directory: string): string {
  const wanted = name.replace(/\.cnf$/, '');
  const found = accessGroups.find(
    ({ group, file }) => file === `${wanted}.cnf` || group === wanted,
  );
  if (found) return found.file;
  const others = listReadableCredentials(directory);
  if (others.includes(wanted)) return `${wanted}.cnf`;
  const known = new Set([...accessGroups.map(({ file }) => file.replace(/\.cnf$/, '')), ...others]);
  const text = `unknown credentials '${name}'; use ${[...known].join(', ')}, or a path with a slash`;
  throw createOptionFailure('credentials-unknown', text, option);
}
