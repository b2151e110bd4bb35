import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Script } from 'node:vm';
import { startFakeNameServer } from './fake-name-server.js';
import { startFakeServer } from './fake-server.js';
import { codeCachePath, loadBundle } from './load-bundle.js';

/*
 * Makes the code caches, as the last step of the build and when the Debian package is configured. It
 * runs the program in its most common ways, as a warm-up, so that V8 compiles the functions that nearly
 * every run needs, and writes the compiled code for this engine next to the bundles. Running it with
 * another version of Node.js adds caches for that one.
 */
async function makeCodeCache(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'analytics-mysql-warm-up-'));
  try {
    await warmUpAndWrite(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/**
 * Writes the dblists, option file and credentials that the warm-up reads. Those of the machine could
 * be missing, or make a run fail.
 */
function writeConfiguration(directory: string): { optionFile: string; env: NodeJS.ProcessEnv } {
  mkdirSync(join(directory, 'dblists'));
  writeFileSync(join(directory, 'dblists/s2.dblist'), 'itwiki\nnlwiki\n');
  writeFileSync(join(directory, 'dblists/all.dblist'), 'itwiki\nnlwiki\n');
  const optionFile = join(directory, 'my.cnf');
  writeFileSync(optionFile, '[client]\n', { mode: 0o600 });
  const credentials = join(directory, 'analytics-research-client.cnf');
  writeFileSync(credentials, '[client]\nuser=research\npassword=secret\n', { mode: 0o600 });
  const env = {
    ANALYTICS_MYSQL_MW_CONFIG_PATH: directory,
    ANALYTICS_MYSQL_CREDENTIALS_DIR: directory,
    HOME: directory,
    LC_ALL: 'C.UTF-8',
  };
  return { optionFile, env };
}

async function warmUpAndWrite(directory: string): Promise<void> {
  const { server, port } = await startFakeServer();
  const { nameServer, close } = await startFakeNameServer(port);
  const { optionFile, env } = writeConfiguration(directory);
  const common = [`--defaults-file=${optionFile}`, '--nameserver', nameServer];
  const oneWiki = [...common, 'itwiki'];
  const manyWikis = [...common, '--wikis', 'itwiki'];
  const scripts = new Map<string, Script>();
  const onLoad = (bundle: string, script: Script) => scripts.set(bundle, script);
  const dist = join(__dirname, '..');
  const program = loadBundle(join(dist, 'program.js'), onLoad) as typeof import('../program.js');
  const warmUp = async (argv: string[], expectedStatus: number) => {
    const status = await program.runProgram(argv, env);
    if (status !== expectedStatus) throw new Error(`${argv.join(' ')} ended with status ${status}`);
  };
  // Reads the machine's own option files, in which anything may stand, so any status will do.
  await program.runProgram(['itwiki', '--nameserver', nameServer, '--print-target'], env);
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

/** Runs this file again, since what the warm-up prints, errors on purpose included, must not be seen. */
function makeSilently(): void {
  const stdio = ['ignore', 'ignore', 'pipe'] as const;
  const made = spawnSync(process.execPath, [__filename, warmUpArgument], { stdio: [...stdio] });
  if (made.error === undefined && made.status === 0) return;
  process.stderr.write(made.error === undefined ? made.stderr : `${made.error.message}\n`);
  process.exitCode = 1;
}

const warmUpArgument = 'warm-up';

if (process.argv[2] === warmUpArgument) void makeCodeCache();
else makeSilently();
