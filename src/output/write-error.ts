import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { printable } from '../text/printable.js';

/** The codes of errors that need no path to be understood, in words. */
const texts: Record<string, string> = {
  EACCES: 'permission denied',
  EDQUOT: 'your disk quota is exceeded',
  EFBIG: 'the file is too large',
  EISDIR: 'it is a directory',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space left on the device',
};

/**
 * Returns in words why something cannot be written, such as `the directory 'x' does not exist`.
 * Returns the code itself if it is a rare one.
 *
 * @param code the code of the system's error, such as ENOENT
 * @param path the file that cannot be written; undefined for standard output
 */
export function describeWriteError(code: string, path?: string): string {
  if (path === undefined || (code !== 'ENOENT' && code !== 'ENOTDIR')) return texts[code] ?? code;
  const directory = dirname(path);
  if (isDirectory(directory)) return code;
  const name = printable(findMissingDirectory(directory));
  return code === 'ENOENT'
    ? `the directory '${name}' does not exist`
    : `'${name}' is not a directory`;
}

/** Returns the first part of a directory's path that does not exist or is not a directory. */
function findMissingDirectory(directory: string): string {
  const parent = dirname(directory);
  if (parent === directory || isDirectory(parent)) return directory;
  return findMissingDirectory(parent);
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  } catch {
    return false;
  }
}
