import { dirname } from 'node:path';
import { accessGroups, findAccessGroup, listReadableCredentials } from './credentials.js';
import type { Settings, TriedFile } from './settings.js';

/** Why the server denied access. */
export interface DeniedAccess {
  /** What was not found, and what to do: one line. */
  advice: string;
  /** The option files that were tried, one line for each outcome. */
  triedFiles: string[];
}

/**
 * Explains why the server denied access if no user name was found: which group gives access, or
 * which other credentials the user may read. Returns undefined if a user name was found: then there
 * is nothing to explain.
 */
export function explainAccessDenied(
  settings: Pick<Settings, 'connect' | 'triedFiles'>,
): DeniedAccess | undefined {
  if (settings.connect.user !== undefined) return undefined;
  // Keep each file once: an included directory may be searched for credentials again.
  const files = [...new Map(settings.triedFiles.map((file) => [file.path, file])).values()];
  if (files.length === 0) {
    const advice =
      'no user name was given and no option file was read; use -u, or --credentials NAME';
    return { advice, triedFiles: [] };
  }
  return { advice: `no credentials were found; ${advise(files)}`, triedFiles: describe(files) };
}

function advise(files: readonly TriedFile[]): string {
  const ofGroup = files.find(({ path }) => findAccessGroup(path) !== undefined);
  const others = ofGroup === undefined ? [] : listReadableCredentials(dirname(ofGroup.path));
  if (others.length > 0)
    return `you may use ${others.map((name) => `--credentials ${name}`).join(' or ')}`;
  const ofExistingFiles = files.flatMap(({ path, outcome }) =>
    outcome === 'unreadable' ? (findAccessGroup(path) ?? []) : [],
  );
  const groups =
    ofExistingFiles.length > 0 ? ofExistingFiles : accessGroups.map(({ group }) => group);
  const [first = '', ...more] = groups;
  const wanted =
    more.length === 0 ? `the group ${first}` : `one of the groups ${groups.join(', ')}`;
  return `ask for membership of ${wanted}; you are in ${readUserGroups()}`;
}

function describe(files: readonly TriedFile[]): string[] {
  return [
    listPaths('without a user name', files, 'read'),
    ...files
      .filter(({ outcome }) => outcome === 'unreadable')
      .map(({ path }) => `${path} exists, but only ${describeReaders(path)} may read it`),
    listPaths('ignored because it is world-writable', files, 'world-writable'),
    listPaths('missing', files, 'missing'),
  ].filter((line) => line !== '');
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
