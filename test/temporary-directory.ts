import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const directories: string[] = [];

/** Creates an empty directory and returns its path. It is removed after the running test file. */
export function temporaryDirectory(): string {
  const path = mkdtempSync(join(tmpdir(), 'analytics-mysql-'));
  directories.push(path);
  return path;
}

/** Removes all directories; setup.ts calls it after each test file. */
export function removeTemporaryDirectories(): void {
  for (const path of directories.splice(0)) rmSync(path, { recursive: true, force: true });
}
