import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { KeyPair } from './certificates.js';
import { loadSql } from './load-sql.js';

const run = promisify(execFile);

/*
 * Starts and fills MariaDB servers.
 */

/** An environment in which mariadbd is on PATH: Debian installs it in /usr/sbin. */
export const serverEnvironment = {
  ...process.env,
  PATH: `${process.env.PATH ?? ''}:/usr/local/sbin:/usr/sbin`,
};

/** mariadbd refuses to run as root without this option. */
const userOption = userInfo().uid === 0 ? ['--user=root'] : [];

/** Options for small servers that start fast. Writes need not be durable: the data is temporary. */
const lowFootprint = [
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

/** Options of every server, both while it is filled and while tests query it. */
const commonOptions = [
  '--no-defaults',
  ...userOption,
  '--skip-name-resolve',
  '--character-set-server=binary',
  '--default-time-zone=+00:00',
  '--max-allowed-packet=256M',
  ...lowFootprint,
];

/**
 * Creates an empty data directory. It does not pass --user, with which mariadb-install-db would change
 * the owner of the system's plugin directory.
 */
export async function installDatabase(directory: string): Promise<void> {
  const args = ['--no-defaults', `--datadir=${directory}`, '--skip-test-db', '--skip-name-resolve'];
  args.push('--auth-root-authentication-method=normal', ...lowFootprint);
  // A server that starts removes the temporary files of other servers in the same directory.
  const env = { ...serverEnvironment, TMPDIR: dirname(directory) };
  await run('mariadb-install-db', args, { env, maxBuffer: 1 << 26 });
}

/** Copies a data directory; empty parts of its files use no disk space. */
export async function copyData(source: string, destination: string): Promise<void> {
  await run('cp', ['--reflink=auto', '--sparse=always', '-r', source, destination]);
}

export interface ServerSettings {
  /** The server's own directory, for its data and socket; startServer creates it. */
  directory: string;
  /** The data directory that is copied for the server. */
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

/** Resolves when the server reports that it is ready; rejects with its last output if it ends first. */
function waitUntilReady(server: ChildProcess, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = '';
    server.stderr?.on('data', (data: Buffer) => {
      output = (output + data.toString()).slice(-4000);
      if (output.includes('ready for connections')) resolve();
    });
    server.once('error', reject);
    server.once('close', () => reject(new Error(`mariadbd of ${name} ended:\n${output}`)));
  });
}

/**
 * Starts a mariadbd as a child of this process. setpriv makes the kernel kill it when this process
 * dies, for whatever reason.
 */
async function spawnServer(name: string, socket: string, args: string[]): Promise<Server> {
  const words = [
    '--pdeathsig',
    'KILL',
    'mariadbd',
    ...commonOptions,
    `--socket=${socket}`,
    ...args,
  ];
  // A separate process session, so that Ctrl-C reaches only this process, which stops the server.
  const server = spawn('setpriv', words, {
    env: serverEnvironment,
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const stop = async () => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const ended = once(server, 'exit');
    // A regular shutdown would write data that is then deleted.
    server.kill('SIGKILL');
    await ended;
  };
  try {
    await waitUntilReady(server, name);
  } catch (error) {
    if (server.pid !== undefined) await stop();
    throw error;
  }
  return { process: server, socket, stop };
}

/** Starts a server with its own data directory and socket. */
export async function startServer(settings: ServerSettings): Promise<Server> {
  const data = join(settings.directory, 'data');
  await mkdir(settings.directory);
  await copyData(settings.template, data);
  const socket = join(settings.directory, 'mysqld.sock');
  return spawnServer(`${settings.address}:${settings.port}`, socket, [
    `--datadir=${data}`,
    `--pid-file=${join(settings.directory, 'pid')}`,
    `--tmpdir=${settings.directory}`,
    `--bind-address=${settings.address}`,
    `--port=${settings.port}`,
    `--ssl-ca=${settings.caFile}`,
    `--ssl-cert=${settings.certificate.cert}`,
    `--ssl-key=${settings.certificate.key}`,
  ]);
}

/**
 * Updates the statistics of all tables. A server would do it some seconds after a table was filled;
 * doing it before the directory is copied makes all servers plan queries in the same way.
 */
const analyzeAll = `
SET SESSION group_concat_max_len = 1 << 30;
SELECT GROUP_CONCAT('\`', table_schema, '\`.\`', table_name, '\`') INTO @tables
  FROM information_schema.tables WHERE table_type = 'BASE TABLE'
  AND table_schema NOT IN ('mysql', 'sys', 'information_schema', 'performance_schema');
EXECUTE IMMEDIATE IF(@tables IS NULL, 'DO 0', CONCAT('ANALYZE TABLE ', @tables));
`;

/**
 * Runs SQL as root on the empty database in a data directory, with a temporary server that is shut down
 * regularly, so that the directory can be copied afterwards.
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
