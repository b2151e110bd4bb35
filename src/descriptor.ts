import { readlinkSync, realpathSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';

/** Links that are followed before a path is given up as circular, as in Linux. */
const maxLinks = 40;

/**
 * Returns N for a path that names the open descriptor N of this process: `/dev/stdout`, `/dev/stderr`,
 * `/dev/fd/N`, `/proc/self/fd/N`, and symbolic links to these; undefined for any other. Opening such a
 * path gives a position of its own in a file, which overwrites what others write there.
 */
export function descriptorOf(path: string): number | undefined {
  let at = resolve(path);
  for (let links = 0; links < maxLinks; links++) {
    try {
      const name = basename(at);
      if (isDescriptorDirectory(realpathSync(dirname(at)))) {
        return /^\d{1,9}$/.test(name) ? Number(name) : undefined;
      }
      at = resolve(realpathSync(dirname(at)), readlinkSync(at));
    } catch {
      // Not a link, or nothing is there.
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
