import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Script } from 'node:vm';
import { startFakeNameServer } from './fake-name-server.js';
import { startFakeServer } from './fake-server.js';
import { codeCachePath, loadBundle } from './load-bundle.js';

/*
 * The last step of the build: runs the program as it is run most, so that V8 compiles what nearly
 * every run needs, and writes the compiled code for this engine beside the bundles. Running it with
 * another Node adds that Node's caches. What the program prints meanwhile does not matter.
 */
async function makeCodeCache(): Promise<void> {
  const { server, port } = await startFakeServer();
  const { nameServer, close } = await startFakeNameServer(port);
  const named = ['itwiki', '--nameserver', nameServer];
  const manyWikis = ['--wikis', 'itwiki', '--nameserver', nameServer];
  const scripts = new Map<string, Script>();
  const onLoad = (bundle: string, script: Script) => scripts.set(bundle, script);
  const dist = join(__dirname, '..');
  const program = loadBundle(join(dist, 'program.js'), onLoad) as typeof import('../program.js');
  const checkout = join(dist, '..');
  const env = { ANALYTICS_MYSQL_MW_CONFIG_PATH: checkout, LC_ALL: 'C.UTF-8' };
  const practise = async (argv: string[], ends: number) => {
    const status = await program.runProgram(argv, env);
    if (status !== ends) throw new Error(`${argv.join(' ')} ended with status ${status}`);
  };
  await practise([...named, '--print-target'], 0);
  await practise([...named, '-e', 'select 1'], 0);
  // The server hangs up when TLS begins.
  await practise([...named, '-e', 'select 1'], 1);
  // What is compiled from here on is nothing to most runs, and would be read by each of them.
  writeCaches(scripts);
  await practise([...manyWikis, '-e', 'select 1'], 0);
  server.close();
  close();
  // No terminal to practise on; what the bundle does when it is loaded is half of it.
  loadBundle(join(dist, 'chunks', 'run-shell.js'), onLoad);
  writeCaches(scripts);
}

/** Writes down what is compiled by now of each bundle, and takes them from `scripts`. */
function writeCaches(scripts: Map<string, Script>): void {
  for (const [bundle, script] of scripts) {
    const path = codeCachePath(bundle);
    // Renamed into place, so that no run reads half a cache.
    writeFileSync(`${path}.part`, script.createCachedData());
    renameSync(`${path}.part`, path);
  }
  scripts.clear();
}

void makeCodeCache();
