import { accessGroups, findAccessGroup } from './credentials.js';
import type { Settings, TriedFile } from './settings.js';

/**
 * Returns one line to print after the server denied access and no user name was found: which option
 * files were tried, which of them the user may not read, and which group may. Returns an empty text
 * if a user name was found: then there is nothing to explain.
 */
export function explainAccessDenied(settings: Pick<Settings, 'connect' | 'triedFiles'>): string {
  if (settings.connect.user !== undefined) return '';
  // Keep each file once: an included directory may be searched for credentials again.
  const files = [...new Map(settings.triedFiles.map((file) => [file.path, file])).values()];
  if (files.length === 0) {
    return 'no user name was given and no option file was read; use -u, or --credentials NAME';
  }
  const unreadable = files.filter((file) => file.outcome === 'unreadable');
  const details = [
    listPaths('without a user name', files, 'read'),
    ...unreadable.map(
      (file) => `${file.path} exists, but only ${describeReaders(file.path)} may read it`,
    ),
    listPaths('ignored because it is world-writable', files, 'world-writable'),
    listPaths('missing', files, 'missing'),
  ].filter((part) => part !== '');
  const groups = accessGroups.map(({ group }) => group).join(', ');
  const userGroups = readUserGroups();
  const advice = `access requires one of the groups ${groups}; you are in ${userGroups}`;
  return `no credentials were found (${details.join('; ')}); ${advice}`;
}

function listPaths(
  label: string,
  files: readonly TriedFile[],
  outcome: TriedFile['outcome'],
): string {
  const paths = files.filter((file) => file.outcome === outcome).map((file) => file.path);
  return paths.length === 0 ? '' : `${label}: ${paths.join(', ')}`;
}

function describeReaders(path: string): string {
  const group = findAccessGroup(path);
  return group === undefined ? 'others' : `members of ${group}`;
}

/** Returns the names of the user's groups from `id -Gn`, or their numbers if `id` fails. */
function readUserGroups(): string {
  // Load node:child_process only when needed: it takes 3 ms at the start.
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  const { status, stdout } = spawnSync('id', ['-Gn'], { encoding: 'utf8' });
  if (status === 0) return stdout.trim().split(/\s+/).join(', ');
  return process.getgroups?.().join(', ') ?? 'no group';
}
