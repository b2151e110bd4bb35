import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const entry = join('library', 'index.d.ts');

/**
 * Makes `dist/types/`: the declarations of what src/library/ exports, and of nothing else. A program
 * that uses them has none of our packages, so only files beside them may be imported.
 */
export async function libraryTypes(root: string): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'analytics-mysql-types-'));
  const types = join(root, 'dist/types');
  try {
    const tsc = join(
      dirname(createRequire(import.meta.url).resolve('typescript/package.json')),
      'bin/tsc',
    );
    const args = ['-p', join(root, 'src/library/tsconfig.json'), '--outDir', directory];
    await run(process.execPath, [tsc, ...args], { cwd: root });
    for (const file of reached(directory, entry)) cpSync(join(directory, file), join(types, file));
    writeFileSync(join(types, 'library/index.d.mts'), "export * from './index.js';\n");
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Makes the entry for ES modules: the same code, so that a class exists once. */
export function libraryModule(root: string): void {
  const bundle = join(root, 'dist/library/index.js');
  const names = Object.keys(createRequire(import.meta.url)(bundle)).sort();
  const text = `export { ${names.join(', ')} } from './index.js';\n`;
  writeFileSync(join(root, 'dist/library/index.mjs'), text);
}

/** The declarations that one leads to, itself among them; relative to `directory`. */
function reached(directory: string, first: string): Set<string> {
  const files = new Set([first]);
  // A set gives what is added on the way, too.
  for (const file of files) {
    for (const imported of importsOf(join(directory, file))) {
      if (!imported.startsWith('.')) throw new Error(`${file} needs the types of ${imported}`);
      const path = join(directory, dirname(file), imported.replace(/\.js$/, '.d.ts'));
      files.add(relative(directory, path));
    }
  }
  return files;
}

function importsOf(path: string): string[] {
  const text = readFileSync(path, 'utf8');
  const clauses = text.matchAll(/(?:\bfrom\s*|\bimport\(\s*)['"]([^'"]+)['"]/g);
  return [...clauses].map(([, name = '']) => name);
}
