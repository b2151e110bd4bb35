import { resolve as absolute, basename, join } from 'node:path';
import { Failure } from '../failure.js';
import { type FileOptions, readOptionFile, tryFile } from './option-files.js';
import type { TriedFile } from './settings.js';

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

/** Where the files of the access groups are, unless ANALYTICS_MYSQL_CREDENTIALS_DIR says else. */
export const defaultCredentialsDirectory = '/etc/mysql/conf.d';

/**
 * Reads the first file of an access group that the user may read. Whether one may is asked of the
 * kernel, by trying. None is no error.
 *
 * @throws Failure `option-file-wrong`
 */
export function readFirstCredentials(directory: string, groupSuffix: string): FileOptions {
  const lookedAt: TriedFile[] = [];
  const notes: string[] = [];
  for (const { file } of accessGroups) {
    const path = join(directory, file);
    const tried = tryFile(path);
    if ('bytes' in tried) {
      const found = readOptionFile(path, groupSuffix);
      return {
        ...found,
        triedFiles: [...lookedAt, ...found.triedFiles],
        notes: [...notes, ...found.notes],
      };
    }
    lookedAt.push({ path, outcome: tried.outcome });
    if (tried.outcome === 'world-writable') {
      notes.push(`Warning: World-writable config file '${path}' is ignored`);
    }
  }
  return { options: [], triedFiles: lookedAt, notes };
}

/**
 * Reads the credentials that --credentials names: a file of the table, with or without `.cnf`, or
 * its group, or any file by a path (with a slash).
 *
 * @throws Failure `credentials-unknown`, `credentials-missing`, `credentials-unreadable`,
 *   `credentials-world-writable`, `option-file-wrong`
 */
export function readNamedCredentials(
  name: string,
  directory: string,
  groupSuffix: string,
): FileOptions {
  const path = name.includes('/') ? absolute(name) : join(directory, fileNamed(name));
  const tried = tryFile(path);
  if ('bytes' in tried) return readOptionFile(path, groupSuffix);
  const { outcome } = tried;
  if (outcome === 'missing') {
    throw new Failure('credentials-missing', `credentials file ${path} does not exist`);
  }
  if (outcome === 'world-writable') {
    const text = `credentials file ${path} is not read because everybody may write to it`;
    throw new Failure('credentials-world-writable', `${text}; use chmod o-w`);
  }
  const group = groupOf(path);
  const who = group ? `; members of the group ${group} may` : '';
  throw new Failure('credentials-unreadable', `you may not read credentials file ${path}${who}`);
}

/** The group whose members may read a file of the table, by the file's name. */
export function groupOf(path: string): string | undefined {
  return accessGroups.find(({ file }) => file === basename(path))?.group;
}

function fileNamed(name: string): string {
  const wanted = name.replace(/\.cnf$/, '');
  const found = accessGroups.find(
    ({ group, file }) => file === `${wanted}.cnf` || group === wanted,
  );
  if (found) return found.file;
  const known = accessGroups.map(({ file }) => file.replace(/\.cnf$/, '')).join(', ');
  const text = `unknown credentials '${name}'; known are ${known}, or give a path with a slash`;
  throw new Failure('credentials-unknown', text);
}
