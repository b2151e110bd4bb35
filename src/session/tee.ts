import { closeSync, openSync } from 'node:fs';
import { getSystemErrorMap } from 'node:util';
import { writeError } from './report.js';

/**
 * --tee: opens the file to append to it. As observed, nothing is written to it when the client is
 * not interactive. Gives the line for standard output that says whether it worked.
 */
export function openTee(file: string): string {
  try {
    closeSync(openSync(file, 'a'));
    return `Logging to file '${file}'\n`;
  } catch (error) {
    return teeFailure(file, error as NodeJS.ErrnoException);
  }
}

/** Tells why the file cannot be written; gives the line for standard output. */
export function teeFailure(file: string, { errno = 0, code = '' }: NodeJS.ErrnoException): string {
  const reason = `Errcode: ${-errno} "${systemText(errno, code)}"`;
  writeError(`\x07analytics-mysql: Can't create/write to file '${file}' (${reason})\n`);
  return `Error logging to file '${file}'\n`;
}

/** The system's own words, which libuv begins small and has others for a directory. */
function systemText(errno: number, code: string): string {
  if (code === 'EISDIR') return 'Is a directory';
  const text = getSystemErrorMap().get(errno)?.[1] ?? code;
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
