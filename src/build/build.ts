import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  type BuildOptions,
  build,
  type CodeSplittingOptions,
  type OutputOptions,
  type RolldownOutput,
} from 'rolldown';
import { completionFiles, completionShells } from '../cli/completion-files.js';
import { formatCompletion } from '../cli/shell-completion/completion-script.js';
import { unknownCommit } from '../cli/version.js';
import { writeLibraryModule, writeLibraryTypes } from './library.js';
import { formatManPage } from './man-page.js';
import { formatThirdPartyNotices, listBundledFiles } from './notices.js';
import { stubbedFiles, stubUnused } from './stub-unused.js';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..', '..');
const dist = join(root, 'dist');

/*
 * Builds `dist/`: the bundles of the program and the library, the library's type declarations, the
 * licenses of bundled packages, the manual page, the completion scripts, and the
 * code caches.
 */

/** Options of all bundles. */
const commonOptions = {
  cwd: root,
  platform: 'node',
  // yargs uses import.meta.url for its `extends`, which this program does not use.
  checks: { emptyImportMeta: false },
} satisfies BuildOptions;

/**
 * CommonJS, since Node's loader for ES modules adds 8 ms to the start. ASCII, since
 * src/launch/load-bundle.ts reads the bundles as latin1.
 */
const outputOptions = {
  dir: dist,
  format: 'cjs',
  exports: 'named',
  charset: 'ascii',
  comments: false,
  minify: { compress: true, mangle: false, codegen: { removeWhitespace: true } },
} satisfies OutputOptions;

/** Groups modules into few files, since each file adds about 0.2 ms to the start. */
const codeSplitting = {
  groups: [
    // The modules that --print-target and main.ts need.
    { name: 'target', test: /\/src\/(program|signals|system-error)\.ts$/ },
    // The modules that every connection needs.
    { name: 'connection', test: /\/src\/(replica|output|script|session)\//, minShareCount: 2 },
  ],
} satisfies CodeSplittingOptions;

/** Builds the program and the library. They share chunks, so that each class exists only once. */
async function buildBundles(rowsWasm: string): Promise<RolldownOutput> {
  const found = new Set<string>();
  const built = await build({
    ...commonOptions,
    input: {
      main: 'src/main.ts',
      program: 'src/program.ts',
      'library/index': 'src/library/index.ts',
    },
    plugins: [stubUnused(found)],
    transform: {
      define: {
        ROWS_WASM: JSON.stringify(rowsWasm),
        BUILD_COMMIT: JSON.stringify(describeCommit()),
      },
    },
    output: { ...outputOptions, chunkFileNames: 'chunks/[name].js', codeSplitting },
  });
  const missing = stubbedFiles.filter((file) => !found.has(file));
  if (missing.length > 0) {
    throw new Error(`files to replace by stubs do not exist: ${missing.join(', ')}`);
  }
  return built;
}

/** Builds the bundles that share no chunks: the launcher and the code cache maker. */
async function buildStandalone(): Promise<RolldownOutput[]> {
  return Promise.all([
    // An old Node must be able to parse it, in order to report that it is too old.
    build({
      ...commonOptions,
      input: { 'launch/start': 'src/launch/start.ts' },
      transform: { target: 'es2017' },
      output: outputOptions,
    }),
    build({
      ...commonOptions,
      input: { 'launch/make-code-cache': 'src/launch/make-code-cache.ts' },
      output: outputOptions,
    }),
  ]);
}

/** Runs git in the checkout; undefined outside a checkout, as in an archive that is unpacked inside another one. */
function runGit(...args: string[]): string | undefined {
  const git = (...words: string[]) =>
    execFileSync('git', words, {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  try {
    return git('rev-parse', '--show-prefix').trim() === '' ? git(...args).trim() : undefined;
  } catch {
    return undefined;
  }
}

/** Returns the commit that is built, and its date. `+`: files have changes that are in no commit. */
function describeCommit(): string {
  const [commit, date] = runGit('log', '-1', '--format=%h %cs')?.split(' ') ?? [];
  if (commit === undefined) return unknownCommit;
  const isChanged = runGit('status', '--porcelain', '--untracked-files=no') !== '';
  return `${commit}${isChanged ? '+' : ''}, ${date}`;
}

/** Writes the manual page, with the date of the source: of SOURCE_DATE_EPOCH, else of the commit. */
function writeManPage(): void {
  const seconds = process.env.SOURCE_DATE_EPOCH ?? runGit('log', '-1', '--format=%ct');
  const date = seconds === undefined ? new Date() : new Date(Number(seconds) * 1000);
  mkdirSync(join(dist, 'man'), { recursive: true });
  writeFileSync(join(dist, 'man/analytics-mysql.1'), formatManPage(date));
}

/** Compiles src/wasm to WebAssembly; returns the module in Base64. */
async function compileRowKernel(): Promise<string> {
  const asc = join(root, 'node_modules/assemblyscript/bin/asc.js');
  const file = join(dist, 'rows.wasm');
  const options = ['--config', 'src/wasm/asconfig.json', '--outFile', file];
  await run(process.execPath, [asc, 'src/wasm/rows.ts', ...options], { cwd: root });
  return readFileSync(file, 'base64');
}

/** Writes the completion script of each shell, under the name by which the shell finds it. */
function writeCompletion(): void {
  for (const shell of completionShells) {
    const directory = join(dist, 'completion', shell);
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, completionFiles[shell]), formatCompletion(shell));
  }
}

async function main(): Promise<void> {
  rmSync(dist, { recursive: true, force: true });
  const [shared, standalone] = await Promise.all([
    compileRowKernel().then(buildBundles),
    buildStandalone(),
    writeLibraryTypes(root),
  ]);
  const chunks = [shared, ...standalone].flatMap(({ output }) => output);
  const modules = chunks.flatMap((chunk) => (chunk.type === 'chunk' ? chunk.moduleIds : []));
  const files = listBundledFiles(modules, join(root, 'node_modules/rolldown'));
  writeFileSync(join(dist, 'THIRD-PARTY-NOTICES.txt'), formatThirdPartyNotices(files));
  writeLibraryModule(root);
  writeManPage();
  writeCompletion();
  // The launcher prefers this Node, because the code cache is for it.
  writeFileSync(join(dist, 'node-path'), `${process.execPath}\n`);
  // The output is part of the error's message if it fails.
  execFileSync(process.execPath, [join(dist, 'launch/make-code-cache.js')], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
