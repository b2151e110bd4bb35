import { execFile, execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type BuildOptions, build } from 'esbuild';
import { leaveOut, leftOut } from './left-out.js';
import { libraryModule, libraryTypes } from './library.js';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..', '..');

/*
 * CommonJS, since Node's loader for ES modules costs 8 ms at start. A dynamic import becomes a
 * require that is run late; those of other bundles are left as they are.
 */
const common: BuildOptions = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  outbase: 'src',
  outdir: 'dist',
  supported: { 'dynamic-import': false },
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'none',
  logLevel: 'warning',
};

/** For packages that are ES modules and ask where they are. */
const importMetaUrl: BuildOptions = {
  define: { 'import.meta.url': 'importMetaUrl' },
  banner: { js: "const importMetaUrl=require('node:url').pathToFileURL(__filename).href;" },
};

/** What a session loads only where it is asked for. */
const forFew = [
  '../output/parquet/index.js',
  '../replica/ed25519.js',
  '../replica/iconv-lite.js',
  './long-query-line.js',
  './provenance-record.js',
];

async function bundles(): Promise<void> {
  const met = new Set<string>();
  const plugins = [leaveOut(met)];
  await Promise.all([
    build({
      ...common,
      plugins,
      entryPoints: ['src/launch/make-code-cache.ts'],
    }),
    // Old versions of Node have to be able to read it, to say that they are too old.
    build({ ...common, target: 'es2017', entryPoints: ['src/launch/start.ts'] }),
    // All that --print-target needs.
    build({
      ...common,
      plugins,
      entryPoints: ['src/main.ts'],
      external: ['./session/index.js', './fanout/index.js', './cli/help.js'],
    }),
    // What a connection, or another client, needs.
    build({
      ...common,
      plugins,
      entryPoints: ['src/session/index.ts'],
      external: ['./conversation.js', ...forFew],
    }),
    // What a conversation needs on top, and all that the above has for connections of its own.
    build({
      ...common,
      plugins,
      entryPoints: ['src/session/conversation.ts'],
      external: forFew,
    }),
    // What a run over many wikis needs, and all that the session has for connections of its own.
    build({
      ...common,
      plugins,
      entryPoints: ['src/fanout/index.ts'],
      external: forFew,
    }),
    // What other programs import.
    build({
      ...common,
      plugins,
      entryPoints: ['src/library/index.ts'],
      external: forFew,
    }),
    // What few runs need.
    build({
      ...common,
      ...importMetaUrl,
      entryPoints: ['src/cli/help.ts', 'src/replica/ed25519.ts', 'src/output/parquet/index.ts'],
    }),
    build({
      ...common,
      entryPoints: ['src/session/long-query-line.ts', 'src/session/provenance-record.ts'],
    }),
    build({
      ...common,
      entryPoints: [{ in: 'node_modules/iconv-lite/lib/index.js', out: 'replica/iconv-lite' }],
    }),
  ]);
  const gone = leftOut.filter((file) => !met.has(file));
  if (gone.length > 0) throw new Error(`not there any more to be left out: ${gone.join(', ')}`);
}

/** The part of the program that is WebAssembly, for src/output/kernel.ts. */
async function rowKernel(): Promise<void> {
  const asc = join(root, 'node_modules/assemblyscript/bin/asc.js');
  const options = ['--config', 'src/wasm/asconfig.json', '--outFile', 'dist/output/rows.wasm'];
  await run(process.execPath, [asc, 'src/wasm/rows.ts', ...options], { cwd: root });
}

async function main(): Promise<void> {
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  await Promise.all([bundles(), rowKernel(), libraryTypes(root)]);
  libraryModule(root);
  // The launcher prefers this Node, for which there is a code cache.
  writeFileSync(join(root, 'dist/node-path'), `${process.execPath}\n`);
  // What the program prints on the way is of no interest, unless it fails.
  execFileSync(process.execPath, [join(root, 'dist/launch/make-code-cache.js')], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
