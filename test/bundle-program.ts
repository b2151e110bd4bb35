import { basename, join } from 'node:path';
import { build } from 'rolldown';
import { temporaryDirectory } from './temporary-directory.js';

/**
 * Bundles a program of a test into one JavaScript file, which starts in a fifth of the time that tsx
 * takes, and returns its path. The file is deleted after the tests of the running test file.
 */
export async function bundleProgram(program: string): Promise<string> {
  const file = join(temporaryDirectory(), `${basename(program, '.ts')}.mjs`);
  await build({
    input: program,
    platform: 'node',
    // yargs uses import.meta.url for its `extends`, which no test uses.
    checks: { emptyImportMeta: false },
    output: { file, format: 'es', codeSplitting: false },
  });
  return file;
}
