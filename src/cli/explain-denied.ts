import { accessGroups, groupOf } from './credentials.js';
import type { Settings, TriedFile } from './settings.js';

/**
 * The one line to add when the server denies access and no user name was found anywhere: which
 * files were looked for, which of them the user may not read, and which group may. Empty where a
 * user name was found, so that there is nothing to explain.
 */
export function explainDenied(settings: Pick<Settings, 'connect' | 'triedFiles'>): string {
  if (settings.connect.user !== undefined) return '';
  // A directory that is included and looked through for credentials has its files twice.
  const files = [...new Map(settings.triedFiles.map((file) => [file.path, file])).values()];
  if (files.length === 0) {
    return 'no user name was given and no option file was read; give -u, or --credentials NAME';
  }
  const refused = files.filter((file) => file.outcome === 'unreadable');
  const parts = [
    listed('read, but without a user name', files, 'read'),
    ...refused.map((file) => `${file.path} exists, but only ${readers(file.path)} may read it`),
    listed('not read because everybody may write to it', files, 'world-writable'),
    listed('not there', files, 'missing'),
  ].filter((part) => part !== '');
  const groups = accessGroups.map(({ group }) => group).join(', ');
  const mine = ownGroups();
  const advice = `access comes with one of the groups ${groups}; you are in ${mine}`;
  return `no credentials were found (${parts.join('; ')}); ${advice}`;
}

function listed(what: string, files: readonly TriedFile[], outcome: TriedFile['outcome']): string {
  const paths = files.filter((file) => file.outcome === outcome).map((file) => file.path);
  return paths.length === 0 ? '' : `${what}: ${paths.join(', ')}`;
}

function readers(path: string): string {
  const group = groupOf(path);
  return group === undefined ? 'others' : `members of ${group}`;
}

/** The names of the user's groups as `id` tells them; numbers where there is no `id`. */
function ownGroups(): string {
  // Loaded late: node:child_process costs 3 ms at start.
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  const { status, stdout } = spawnSync('id', ['-Gn'], { encoding: 'utf8' });
  if (status === 0) return stdout.trim().split(/\s+/).join(', ');
  return process.getgroups?.().join(', ') ?? 'no group';
}
