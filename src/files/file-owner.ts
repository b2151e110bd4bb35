import { closeSync, fstatSync, openSync, type Stats, statSync } from 'node:fs';

/*
 * Tells files of this user from those of others: on a shared host another user can create a file in
 * /tmp first, and read what is written to it.
 */

/** Refuses a file of another user; its message is the reason. Has the form of a system's error. */
export class ForeignFileError extends Error {
  readonly code = 'EPERM';
  readonly errno = -1;

  constructor(stat: Stats) {
    super(`${kindOf(stat)} belongs to another user, who could read what is written`);
    this.name = 'ForeignFileError';
  }
}

/** Whether a file belongs to the user as whom this process creates files. */
export function isOwnFile({ uid }: Stats): boolean {
  return uid === process.geteuid?.();
}

/**
 * Opens a file, a pipe or a device whose present content stays, and returns its descriptor. `flags`
 * must not truncate it; a new file gets mode `mode`. Throws ForeignFileError if it belongs to another
 * user, except for root's character devices such as /dev/null and /dev/tty; otherwise the system's
 * errors.
 */
export function openOwnFile(path: string, flags: string | number, mode?: number): number {
  // Opening a pipe can block, and its reader notices it.
  const named = statSync(path, { throwIfNoEntry: false });
  // A directory cannot be opened for writing, and the system's error says so.
  if (named !== undefined && !named.isDirectory()) requireOwnFile(named);
  const fd = openSync(path, flags, mode);
  try {
    // Another user could have given the name to another file in the meantime.
    requireOwnFile(fstatSync(fd));
    return fd;
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

function requireOwnFile(stat: Stats): void {
  const isOfSystem = stat.uid === 0 && stat.isCharacterDevice();
  if (!isOwnFile(stat) && !isOfSystem) throw new ForeignFileError(stat);
}

function kindOf(stat: Stats): string {
  if (stat.isFIFO()) return 'the named pipe';
  return stat.isFile() ? 'the file' : 'the device';
}
