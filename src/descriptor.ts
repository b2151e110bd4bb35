import { fstatSync, readlinkSync, realpathSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';

/*
 * Finds the open descriptor that a path such as /dev/stdout names, and what a descriptor is.
 */

/** The maximum number of links to follow in a path; Linux has the same limit (ELOOP). */
const maxLinks = 40;

/** Whether a descriptor is a terminal; false if it is closed. */
export function isTerminal(descriptor: number): boolean {
  try {
    if (!fstatSync(descriptor).isCharacterDevice()) return false;
  } catch {
    return false;
  }
  // Loaded on demand: only a device can be a terminal, and node:tty loads node:net.
  return process.getBuiltinModule('node:tty').isatty(descriptor);
}

/**
 * Returns N if the path names the open descriptor N of this process: `/dev/stdout`, `/dev/stderr`,
 * `/dev/fd/N`, `/proc/self/fd/N`, or a symbolic link to one of these. Returns undefined for any
 * other path. Callers write to the descriptor itself: opening such a path creates a separate file
 * offset, so that the output overwrites what other processes write to the file.
 */
export function findDescriptor(path: string): number | undefined {
  let current = resolve(path);
  for (let links = 0; links < maxLinks; links++) {
    try {
      const name = basename(current);
      if (isDescriptorDirectory(realpathSync(dirname(current)))) {
        return /^\d{1,9}$/.test(name) ? Number(name) : undefined;
      }
      current = resolve(realpathSync(dirname(current)), readlinkSync(current));
    } catch {
      // The path is not a link, or does not exist.
      return undefined;
    }
  }
  return undefined;
}

function isDescriptorDirectory(directory: string): boolean {
  if (directory === '/dev/fd') return true;
  const [, pid] = /^\/proc\/(\d+)(?:\/task\/\d+)?\/fd$/.exec(directory) ?? [];
  return pid === String(process.pid);
}
