import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Script } from 'node:vm';
import { codeCacheOf, loadBundle } from './load-bundle.js';

/*
 * The last step of the build: runs the program on what needs no server, so that V8 compiles what
 * nearly every run needs, and writes down the compiled code. What the program prints on the way is
 * of no interest.
 */
const nobodyListens = ['127.0.0.1', '1'] as const;
const [address, port] = nobodyListens;
const runs = [
  ['itwiki', '--print-target', '--nameserver', `${address}:${port}`],
  ['--no-defaults', '--host', address, '--port', port, '-e', 'select 1'],
];

async function makeCodeCache(): Promise<void> {
  const scripts = new Map<string, Script>();
  const onLoad = (bundle: string, script: Script) => scripts.set(bundle, script);
  const main = join(__dirname, '..', 'main.js');
  const program = loadBundle(main, onLoad) as typeof import('../main.js');
  const checkout = join(__dirname, '..', '..');
  const env = { ANALYTICS_MYSQL_MW_CONFIG_PATH: checkout, LC_ALL: 'C.UTF-8' };
  for (const argv of runs) await program.main(argv, env);
  for (const [bundle, script] of scripts) {
    writeFileSync(codeCacheOf(bundle), script.createCachedData());
  }
}

void makeCodeCache();
