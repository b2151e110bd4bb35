import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';

/**
 * A directory with these files, for a test file to run both programs in; gone when it is done. A name
 * that ends in `/` is a directory, one that ends in `.sh` may be executed.
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
