import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';

/**
 * Creates a temporary directory with these files, in which a test file runs both programs, and
 * returns its path; it is removed after the tests of the file. A name that ends in `/` is a
 * directory, one that ends in `.sh` is executable.
 */
export function directoryOf(files: Record<string, string | Buffer>): string {
  const directory = mkdtempSync(join(tmpdir(), 'parity-'));
  for (const [name, content] of Object.entries(files)) {
    const path = join(directory, name);
    mkdirSync(name.endsWith('/') ? path : dirname(path), { recursive: true });
    if (!name.endsWith('/')) writeFileSync(path, content);
    if (name.endsWith('.sh')) chmodSync(path, 0o755);
  }
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}
