import { execFile, execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  type BuildOptions,
  build,
  type CodeSplittingOptions,
  type OutputOptions,
  type RolldownOutput,
} from 'rolldown';
import { libraryModule, libraryTypes } from './library.js';
import { bundledFiles, thirdPartyNotices } from './notices.js';
import { stubbed, stubUnused } from './stub-unused.js';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..', '..');
const dist = join(root, 'dist');

/** What all bundles have in common: CommonJS, since Node's loader for ES modules costs 8 ms at start. */
const common = {
  cwd: root,
  platform: 'node',
  // yargs asks where modules are for its `extends`, which is not used.
  checks: { emptyImportMeta: false },
} satisfies BuildOptions;

/** ASCII, which src/launch/load-bundle.ts counts on. */
const output = {
  dir: dist,
  format: 'cjs',
  exports: 'named',
  charset: 'ascii',
  comments: false,
  minify: { compress: true, mangle: false, codegen: { removeWhitespace: true } },
} satisfies OutputOptions;

/** Which modules share a file. Few files, since each costs a start some 0.2 ms. */
const codeSplitting = {
  groups: [
    // All that --print-target needs, and what main.ts needs besides.
    { name: 'target', test: /\/src\/(program|signals|system-error)\.ts$/ },
    // What every connection needs.
    { name: 'connection', test: /\/src\/(replica|output|script|session)\//, minShareCount: 2 },
  ],
} satisfies CodeSplittingOptions;

/** The program and the library, which share what both need, so that each class exists once. */
async function bundles(rowsWasm: string): Promise<RolldownOutput> {
  const found = new Set<string>();
  const built = await build({
    ...common,
    input: {
      main: 'src/main.ts',
      program: 'src/program.ts',
      'library/index': 'src/library/index.ts',
    },
    external: ['./iconv-lite.js'],
    // It lies beside the chunk that requires it, not where the stub's source does.
    makeAbsoluteExternalsRelative: false,
    plugins: [stubUnused(found)],
    transform: { define: { ROWS_WASM: JSON.stringify(rowsWasm) } },
    output: { ...output, chunkFileNames: 'chunks/[name].js', codeSplitting },
  });
  const gone = stubbed.filter((file) => !found.has(file));
  if (gone.length > 0) throw new Error(`no longer there to be stubbed: ${gone.join(', ')}`);
  return built;
}

/** What stands alone: what starts the program, what makes code caches, and iconv-lite. */
async function standalone(): Promise<RolldownOutput[]> {
  return Promise.all([
    // An old Node must be able to parse it, to print that it is too old.
    build({
      ...common,
      input: { 'launch/start': 'src/launch/start.ts' },
      transform: { target: 'es2017' },
      output,
    }),
    build({
      ...common,
      input: { 'launch/make-code-cache': 'src/launch/make-code-cache.ts' },
      output,
    }),
    build({
      ...common,
      input: { 'chunks/iconv-lite': 'node_modules/iconv-lite/lib/index.js' },
      output,
    }),
  ]);
}

/** Compiles the part of the program that is WebAssembly; returns the module in Base64. */
async function rowKernel(): Promise<string> {
  const asc = join(root, 'node_modules/assemblyscript/bin/asc.js');
  const file = join(dist, 'rows.wasm');
  const options = ['--config', 'src/wasm/asconfig.json', '--outFile', file];
  await run(process.execPath, [asc, 'src/wasm/rows.ts', ...options], { cwd: root });
  return readFileSync(file, 'base64');
}

async function main(): Promise<void> {
  rmSync(dist, { recursive: true, force: true });
  const [shared, alone] = await Promise.all([
    rowKernel().then(bundles),
    standalone(),
    libraryTypes(root),
  ]);
  const chunks = [shared, ...alone].flatMap(({ output }) => output);
  const modules = chunks.flatMap((chunk) => (chunk.type === 'chunk' ? chunk.moduleIds : []));
  const files = bundledFiles(modules, join(root, 'node_modules/rolldown'));
  writeFileSync(join(dist, 'THIRD-PARTY-NOTICES.txt'), thirdPartyNotices(files));
  libraryModule(root);
  // The launcher prefers this Node, for which there is a code cache.
  writeFileSync(join(dist, 'node-path'), `${process.execPath}\n`);
  // Its output matters only if it fails.
  execFileSync(process.execPath, [join(dist, 'launch/make-code-cache.js')], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
