import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { FarmInfo } from './farm.js';
import type { Section } from './places.js';

/** The process id of a section's server. */
export function serverPid(farm: FarmInfo, section: Section): number {
  return Number(readFileSync(join(dirname(farm.places[section].socket), 'pid'), 'utf8'));
}

/** A server that was started again; not part of its farm any more. */
export interface Restarted {
  stop(): Promise<void>;
}

/** Kills a server of a farm (one of `Farm.pids`, or `serverPid`), and gives what starts it again. */
export async function killServer(pid: number): Promise<() => Promise<Restarted>> {
  const [command = '', ...args] = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
    .split('\0')
    .slice(0, -1);
  process.kill(pid, 'SIGKILL');
  return async () => {
    const env = { ...process.env, PATH: `${process.env.PATH ?? ''}:/usr/local/sbin:/usr/sbin` };
    const server = spawn('setpriv', ['--pdeathsig', 'KILL', command, ...args], {
      env,
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const ended = once(server, 'exit');
    await new Promise<void>((resolve, reject) => {
      let said = '';
      server.stderr.on('data', (data: Buffer) => {
        said = (said + data.toString()).slice(-4000);
        if (said.includes('ready for connections')) resolve();
      });
      server.once('error', reject);
      server.once('close', () => reject(new Error(`mariadbd ended:\n${said}`)));
    });
    return {
      async stop() {
        server.kill('SIGKILL');
        await ended;
      },
    };
  };
}
