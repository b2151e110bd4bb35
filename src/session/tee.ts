import { closeSync, openSync } from 'node:fs';
import { getSystemErrorMap } from 'node:util';
import { findDescriptor } from '../descriptor.js';
import { privateFileMode } from '../files/atomic-file.js';
import { ForeignFileError, openOwnFile } from '../files/file-owner.js';
import { writeError } from './report.js';

/**
 * Handles --tee in batch mode: only checks that the file can be opened. Observed: the client writes
 * nothing to it when it is not interactive. Returns the line for standard output that reports the
 * result.
 */
export function openTee(file: string): string {
  try {
    const isInherited = findDescriptor(file) !== undefined;
    closeSync(isInherited ? openSync(file, 'a') : openOwnFile(file, 'a', privateFileMode));
    return `Logging to file '${file}'\n`;
  } catch (error) {
    return reportTeeError(file, error as NodeJS.ErrnoException);
  }
}

/** Prints why the file cannot be written; returns the line for standard output. */
export function reportTeeError(file: string, error: NodeJS.ErrnoException): string {
  const { errno = 0, code = '' } = error;
  const reason =
    error instanceof ForeignFileError
      ? error.message
      : `Errcode: ${-errno} "${describeErrno(errno, code)}"`;
  writeError(`\x07analytics-mysql: Can't create/write to file '${file}' (${reason})\n`);
  return `Error logging to file '${file}'\n`;
}

/**
 * Returns the message of strerror(3). libuv's messages begin with a small letter, and the one for a
 * directory differs.
 */
function describeErrno(errno: number, code: string): string {
  if (code === 'EISDIR') return 'Is a directory';
  const text = getSystemErrorMap().get(errno)?.[1] ?? code;
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
