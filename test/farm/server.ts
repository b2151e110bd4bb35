import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { KeyPair } from './certificates.js';
import { loadSql } from './load-sql.js';

const run = promisify(execFile);

/** Where Debian keeps mariadbd: not on the PATH of ordinary users. */
export const serverEnvironment = {
  ...process.env,
  PATH: `${process.env.PATH ?? ''}:/usr/local/sbin:/usr/sbin`,
};

/** As root, mariadbd wants to be told that it may run as root. */
const asUser = userInfo().uid === 0 ? ['--user=root'] : [];

/** Small, and fast to start: the data is thrown away, so that no write has to be safe. */
const frugal = [
  '--innodb-buffer-pool-size=32M',
  '--innodb-log-file-size=10M',
  '--innodb-log-buffer-size=2M',
  '--innodb-flush-log-at-trx-commit=0',
  '--innodb-doublewrite=0',
  '--innodb-use-native-aio=0',
  '--innodb-buffer-pool-load-at-startup=0',
  '--innodb-buffer-pool-dump-at-shutdown=0',
  '--loose-innodb-flush-method=nosync',
  '--key-buffer-size=1M',
  '--aria-pagecache-buffer-size=8M',
  '--performance-schema=off',
  '--skip-log-bin',
];

/** Of every server, whether it is filled or queried. */
const always = [
  '--no-defaults',
  ...asUser,
  '--skip-name-resolve',
  '--character-set-server=binary',
  '--default-time-zone=+00:00',
  '--max-allowed-packet=256M',
  ...frugal,
];

/**
 * Makes an empty data directory. Without --user: with it, mariadb-install-db changes the owner of the
 * system's own plugin directory.
 */
export async function installDatabase(directory: string): Promise<void> {
  const args = ['--no-defaults', `--datadir=${directory}`, '--skip-test-db', '--skip-name-resolve'];
  args.push('--auth-root-authentication-method=normal', ...frugal);
  // A server that starts removes what others have under way in the same directory for temporary files.
  const env = { ...serverEnvironment, TMPDIR: dirname(directory) };
  await run('mariadb-install-db', args, { env, maxBuffer: 1 << 26 });
}

/** Copies a data directory; what is empty in its files takes no room on the disk. */
export async function copyData(from: string, to: string): Promise<void> {
  await run('cp', ['--reflink=auto', '--sparse=always', '-r', from, to]);
}

export interface ServerPlace {
  /** Of this server alone; made by startServer, holds data and socket. */
  directory: string;
  /** The data directory that the server gets a copy of. */
  template: string;
  address: string;
  port: number;
  caFile: string;
  certificate: KeyPair;
}

export interface Server {
  process: ChildProcess;
  socket: string;
  /** Kills the process and waits for its end. */
  stop(): Promise<void>;
}

/** Resolves when the server says that it is ready, rejects with its last words if it ends first. */
function ready(server: ChildProcess, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    server.stderr?.on('data', (data: Buffer) => {
      said = (said + data.toString()).slice(-4000);
      if (said.includes('ready for connections')) resolve();
    });
    server.once('error', reject);
    server.once('close', () => reject(new Error(`mariadbd of ${name} ended:\n${said}`)));
  });
}

/**
 * Starts one mariadbd, an ordinary child of this process. setpriv has the kernel kill it when this
 * process dies, in whatever way.
 */
async function spawnServer(name: string, socket: string, args: string[]): Promise<Server> {
  const words = ['--pdeathsig', 'KILL', 'mariadbd', ...always, `--socket=${socket}`, ...args];
  // A session of its own, so that Ctrl-C reaches the starter alone, which ends it in order.
  const server = spawn('setpriv', words, {
    env: serverEnvironment,
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const stop = async () => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    // An orderly shutdown would write out data that is thrown away.
    server.kill('SIGKILL');
    await ended;
  };
  try {
    await ready(server, name);
  } catch (error) {
    if (server.pid !== undefined) await stop();
    throw error;
  }
  return { process: server, socket, stop };
}

/** Starts a server with a data directory and a socket of its own. */
export async function startServer(place: ServerPlace): Promise<Server> {
  const data = join(place.directory, 'data');
  await mkdir(place.directory);
  await copyData(place.template, data);
  const socket = join(place.directory, 'mysqld.sock');
  return spawnServer(`${place.address}:${place.port}`, socket, [
    `--datadir=${data}`,
    `--pid-file=${join(place.directory, 'pid')}`,
    `--tmpdir=${place.directory}`,
    `--bind-address=${place.address}`,
    `--port=${place.port}`,
    `--ssl-ca=${place.caFile}`,
    `--ssl-cert=${place.certificate.cert}`,
    `--ssl-key=${place.certificate.key}`,
  ]);
}

/**
 * The server updates the statistics of a table some seconds after it was filled. They are in the
 * data directory when it is complete, so that the servers on its copies plan all queries alike.
 */
const analyzeAll = `
SET SESSION group_concat_max_len = 1 << 30;
SELECT GROUP_CONCAT('\`', table_schema, '\`.\`', table_name, '\`') INTO @tables
  FROM information_schema.tables WHERE table_type = 'BASE TABLE'
  AND table_schema NOT IN ('mysql', 'sys', 'information_schema', 'performance_schema');
EXECUTE IMMEDIATE IF(@tables IS NULL, 'DO 0', CONCAT('ANALYZE TABLE ', @tables));
`;

/**
 * Runs SQL as root on the empty database in a data directory, by a server of its own that is shut down
 * in order: the directory may be copied then.
 */
export async function fillDatabase(data: string, sql: string): Promise<void> {
  const directory = `${data}-server`;
  await mkdir(directory);
  const server = await spawnServer(data, join(directory, 'mysqld.sock'), [
    `--datadir=${data}`,
    `--pid-file=${join(directory, 'pid')}`,
    `--tmpdir=${directory}`,
    '--skip-networking',
  ]);
  try {
    await loadSql(server.socket, `${sql}\n${analyzeAll}`);
    const ended = once(server.process, 'exit');
    server.process.kill('SIGTERM');
    const [code, signal] = await ended;
    if (code !== 0) throw new Error(`mariadbd of ${data} did not shut down: ${code ?? signal}`);
  } finally {
    await server.stop();
  }
}
