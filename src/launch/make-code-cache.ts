import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Script } from 'node:vm';
import { startFakeNameServer } from './fake-name-server.js';
import { startFakeServer } from './fake-server.js';
import { codeCachePath, loadBundle } from './load-bundle.js';

/*
 * Makes the code caches, as the last step of the build. It runs the program in its most common ways,
 * as a warm-up, so that V8 compiles the functions that nearly every run needs, and writes the compiled
 * code for this engine next to the bundles. Running it with another version of Node.js adds caches for
 * that one. The output of the warm-up runs is not used.
 */
async function makeCodeCache(): Promise<void> {
  const { server, port } = await startFakeServer();
  const { nameServer, close } = await startFakeNameServer(port);
  const oneWiki = ['itwiki', '--nameserver', nameServer];
  const manyWikis = ['--wikis', 'itwiki', '--nameserver', nameServer];
  const scripts = new Map<string, Script>();
  const onLoad = (bundle: string, script: Script) => scripts.set(bundle, script);
  const dist = join(__dirname, '..');
  const program = loadBundle(join(dist, 'program.js'), onLoad) as typeof import('../program.js');
  const checkout = join(dist, '..');
  const env = { ANALYTICS_MYSQL_MW_CONFIG_PATH: checkout, LC_ALL: 'C.UTF-8' };
  const warmUp = async (argv: string[], expectedStatus: number) => {
    const status = await program.runProgram(argv, env);
    if (status !== expectedStatus) throw new Error(`${argv.join(' ')} ended with status ${status}`);
  };
  await warmUp([...oneWiki, '--print-target'], 0);
  await warmUp([...oneWiki, '-e', 'select 1'], 0);
  // The server hangs up when TLS begins.
  await warmUp([...oneWiki, '-e', 'select 1'], 1);
  // Functions that are compiled later are rarely needed, and would make every cache larger to read.
  writeCaches(scripts);
  await warmUp([...manyWikis, '-e', 'select 1'], 0);
  server.close();
  close();
  // The shell cannot run without a terminal. Loading its bundle compiles about half of it.
  loadBundle(join(dist, 'chunks', 'run-shell.js'), onLoad);
  writeCaches(scripts);
}

/** Writes the code that V8 has compiled of each bundle so far, and clears `scripts`. */
function writeCaches(scripts: Map<string, Script>): void {
  for (const [bundle, script] of scripts) {
    const path = codeCachePath(bundle);
    // Renames the complete file, so that no run reads an incomplete cache.
    writeFileSync(`${path}.part`, script.createCachedData());
    renameSync(`${path}.part`, path);
  }
  scripts.clear();
}

void makeCodeCache();
