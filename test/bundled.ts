import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { build } from 'rolldown';
import { afterAll } from 'vitest';

/**
 * Makes one file of JavaScript of a test's own program, since that starts in a fifth of the time
 * that tsx takes, and returns its path. It is deleted after the tests of the file.
 */
export async function bundled(program: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'analytics-mysql-program-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, `${basename(program, '.ts')}.mjs`);
  await build({
    input: program,
    platform: 'node',
    // yargs asks where modules are for its `extends`, which is not used.
    checks: { emptyImportMeta: false },
    output: { file, format: 'es', codeSplitting: false },
  });
  return file;
}
