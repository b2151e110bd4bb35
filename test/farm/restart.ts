import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { FarmInfo } from './farm.js';
import type { Section } from './sections.js';

/*
 * Kills servers of a farm and starts them again, for tests of lost connections.
 */

/** Returns the process id of a section's server. */
export function serverPid(farm: FarmInfo, section: Section): number {
  return Number(readFileSync(join(dirname(farm.endpoints[section].socket), 'pid'), 'utf8'));
}

/** A server that was started again; its farm no longer stops it. */
export interface Restarted {
  stop(): Promise<void>;
}

/** Kills a server of a farm, by its process id; returns a function that starts it again. */
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
      let output = '';
      server.stderr.on('data', (data: Buffer) => {
        output = (output + data.toString()).slice(-4000);
        if (output.includes('ready for connections')) resolve();
      });
      server.once('error', reject);
      server.once('close', () => reject(new Error(`mariadbd ended:\n${output}`)));
    });
    return {
      async stop() {
        server.kill('SIGKILL');
        await ended;
      },
    };
  };
}
