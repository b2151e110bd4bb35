import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const directories: string[] = [];

/** An empty directory, which is removed when the tests of the running file are done. */
export function temporaryDirectory(): string {
  const path = mkdtempSync(join(tmpdir(), 'analytics-mysql-'));
  directories.push(path);
  return path;
}

/** For setup.ts, which has it called behind each file. */
export function removeTemporaryDirectories(): void {
  for (const path of directories.splice(0)) rmSync(path, { recursive: true, force: true });
}
