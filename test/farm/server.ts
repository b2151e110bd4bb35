import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { KeyPair } from './certificates.js';

const run = promisify(execFile);

/** Where Debian keeps mariadbd: not on the PATH of ordinary users. */
const env = { ...process.env, PATH: `${process.env.PATH ?? ''}:/usr/local/sbin:/usr/sbin` };

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

/**
 * Makes an empty data folder, the one that all servers of a farm are copies of. Without --user:
 * with it, mariadb-install-db changes the owner of the system's own plugin folder.
 */
export async function makeTemplate(folder: string): Promise<void> {
  const args = ['--no-defaults', `--datadir=${folder}`, '--skip-test-db', '--skip-name-resolve'];
  args.push('--auth-root-authentication-method=normal', ...frugal);
  // A server that starts removes what others have under way in the same folder for temporary files.
  const own = { ...env, TMPDIR: dirname(folder) };
  await run('mariadb-install-db', args, { env: own, maxBuffer: 1 << 26 });
}

export interface ServerPlace {
  /** Of this server alone; made by startServer, holds data and socket. */
  folder: string;
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
 * Starts one mariadbd, an ordinary child of this process with a data folder and a socket of its
 * own. setpriv has the kernel kill it when this process dies, in whatever way.
 */
export async function startServer(place: ServerPlace): Promise<Server> {
  const data = join(place.folder, 'data');
  const socket = join(place.folder, 'mysqld.sock');
  await mkdir(place.folder);
  await run('cp', ['--reflink=auto', '-r', place.template, data]);
  const args = [
    '--no-defaults',
    ...asUser,
    `--datadir=${data}`,
    `--socket=${socket}`,
    `--pid-file=${join(place.folder, 'pid')}`,
    `--tmpdir=${place.folder}`,
    `--bind-address=${place.address}`,
    `--port=${place.port}`,
    '--skip-name-resolve',
    '--character-set-server=binary',
    '--default-time-zone=+00:00',
    '--max-allowed-packet=256M',
    `--ssl-ca=${place.caFile}`,
    `--ssl-cert=${place.certificate.cert}`,
    `--ssl-key=${place.certificate.key}`,
    ...frugal,
  ];
  // A session of its own, so that Ctrl-C reaches the starter alone, which ends it in order.
  const server = spawn('setpriv', ['--pdeathsig', 'KILL', 'mariadbd', ...args], {
    env,
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
    await ready(server, `${place.address}:${place.port}`);
  } catch (error) {
    if (server.pid !== undefined) await stop();
    throw error;
  }
  return { process: server, socket, stop };
}
