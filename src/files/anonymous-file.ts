import { mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '../failure.js';

/**
 * Opens a file without a name that holds a text, for a child process that is to open it as
 * `/dev/fd/N`: nobody else can find it, and it is gone when the last descriptor is closed.
 *
 * Not one of Node's pipes: these are sockets, which Linux does not open by way of /dev/fd (ENXIO).
 *
 * @throws Failure `no-temporary-file`
 * @returns the descriptor, for the caller to close once the child is started; its position is 0
 */
export function openAnonymousFile(text: string): number {
  let directory: string | undefined;
  try {
    directory = mkdtempSync(join(tmpdir(), 'analytics-mysql-'));
    const descriptor = openSync(join(directory, 'text'), 'wx+', 0o600);
    const bytes = Buffer.from(text);
    writeSync(descriptor, bytes, 0, bytes.length, 0);
    return descriptor;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    throw new Failure('no-temporary-file', `cannot write to ${tmpdir()} (${code}); set TMPDIR`);
  } finally {
    if (directory !== undefined) rmSync(directory, { recursive: true, force: true });
  }
}
