import { mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '../failure.js';

/**
 * Creates an unnamed file with this content, for a child process to open as `/dev/fd/N`. No other
 * process can find the file by name; the system frees it when the last descriptor is closed.
 *
 * A pipe of Node cannot be used instead: it is a socket, and Linux refuses to open a socket through
 * /dev/fd (ENXIO).
 *
 * @returns the descriptor, with its position at 0; the caller closes it after it starts the child
 * @throws Failure `no-temporary-file`
 */
export function openAnonymousFile(content: string | Uint8Array): number {
  let directory: string | undefined;
  try {
    directory = mkdtempSync(join(tmpdir(), 'analytics-mysql-'));
    const descriptor = openSync(join(directory, 'text'), 'wx+', 0o600);
    const bytes = Buffer.from(content);
    writeSync(descriptor, bytes, 0, bytes.length, 0);
    return descriptor;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    throw new Failure(
      'no-temporary-file',
      `cannot create a temporary file in '${tmpdir()}' (${code}): set TMPDIR to another directory`,
    );
  } finally {
    if (directory !== undefined) rmSync(directory, { recursive: true, force: true });
  }
}
