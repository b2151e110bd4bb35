import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folders: string[] = [];

/** An empty folder, which is removed when the tests of the running file are done. */
export function temporaryFolder(): string {
  const path = mkdtempSync(join(tmpdir(), 'analytics-mysql-'));
  folders.push(path);
  return path;
}

/** For setup.ts, which has it called behind each file. */
export function removeTemporaryFolders(): void {
  for (const path of folders.splice(0)) rmSync(path, { recursive: true, force: true });
}
