import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const entry = join('library', 'index.d.ts');

/*
 * Builds the parts of the library's package that the bundler does not: type declarations and the entry
 * for ES modules.
 */

/**
 * Writes `dist/types/`: the declarations that the exports of src/library/ need, and no others. Throws
 * if one of them imports a package, because a program that uses the library does not have the
 * packages that are bundled into it.
 */
export async function writeLibraryTypes(root: string): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'analytics-mysql-types-'));
  const types = join(root, 'dist/types');
  try {
    const tsc = join(
      dirname(createRequire(import.meta.url).resolve('typescript/package.json')),
      'bin/tsc',
    );
    const args = ['-p', join(root, 'src/library/tsconfig.json'), '--outDir', directory];
    await run(process.execPath, [tsc, ...args], { cwd: root });
    for (const file of reachableDeclarations(directory, entry))
      cpSync(join(directory, file), join(types, file));
    writeFileSync(join(types, 'library/index.d.mts'), "export * from './index.js';\n");
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Writes the entry for ES modules, which re-exports the CommonJS code so that a class exists once. */
export function writeLibraryModule(root: string): void {
  const bundle = join(root, 'dist/library/index.js');
  const names = Object.keys(createRequire(import.meta.url)(bundle)).sort();
  const text = `export { ${names.join(', ')} } from './index.js';\n`;
  writeFileSync(join(root, 'dist/library/index.mjs'), text);
}

/** Returns `first` and all declarations that it imports, also indirectly; relative to `directory`. */
function reachableDeclarations(directory: string, first: string): Set<string> {
  const files = new Set([first]);
  // The iteration of a set includes elements that are added during it.
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
