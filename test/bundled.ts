import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { buildSync } from 'esbuild';
import { afterAll } from 'vitest';

/**
 * Makes one file of JavaScript of a test's own program, since that starts in a fifth of the time
 * that tsx takes, and gives its path. It is gone when the tests of the file are done.
 */
export function bundled(program: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'analytics-mysql-program-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const outfile = join(folder, `${basename(program, '.ts')}.mjs`);
  buildSync({
    entryPoints: [program],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    // What is CommonJS inside has no other way to node's own modules.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
  return outfile;
}
