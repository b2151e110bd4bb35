import { closeSync } from 'node:fs';
import { constants } from 'node:os';
import { handOver } from '../cli/hand-over.js';
import type { Settings } from '../cli/settings.js';
import { unnamedFile } from '../cli/unnamed-file.js';
import { Failure } from '../failure.js';
import type { Target } from '../target/target.js';

/** The signals that are passed on; the terminal's own Ctrl-C reaches the child by itself. */
const relayed = ['SIGTERM', 'SIGHUP'] as const;

/**
 * Hands target, credentials and arguments over to a real mysql or mariadb program and waits for
 * it. What option files and credentials gave goes through a file without a name, so that no password
 * is seen in `ps`. Gives the program's exit status, 128 + the signal's number if a signal ended it.
 *
 * Throws Failure when the program cannot be started.
 */
export async function delegate(settings: Settings, target: Target): Promise<number> {
  const { command, args, optionFileText } = handOver(settings, await byAddress(target));
  const optionFile = unnamedFile(optionFileText);
  // Loaded late: most runs are their own client.
  const { spawn } = process.getBuiltinModule('node:child_process');
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['inherit', 'inherit', 'inherit', optionFile] });
    closeSync(optionFile);

    const relay = (signal: NodeJS.Signals) => child.kill(signal);
    // Ours to survive: the child decides what Ctrl-C means, and its exit status is awaited.
    const ignore = () => {};
    for (const signal of relayed) process.on(signal, relay);
    process.on('SIGINT', ignore);
    const stop = () => {
      for (const signal of relayed) process.removeListener(signal, relay);
      process.removeListener('SIGINT', ignore);
    };
    child.on('error', (error: NodeJS.ErrnoException) => {
      stop();
      const why = error.code === 'ENOENT' ? 'there is no such program' : error.code;
      reject(new Failure('client-not-started', `cannot start '${command}': ${why}`));
    });
    child.on('close', (code, signal) => {
      stop();
      resolve(signal === null ? (code ?? 1) : 128 + constants.signals[signal]);
    });
  });
}

/**
 * The target by address where name servers were named: the other program would ask the system's,
 * which may not know the host.
 */
async function byAddress(target: Target): Promise<Target> {
  const [first] = target.endpoints;
  if (target.lookup === undefined || first === undefined) return target;
  const [address] = await target.lookup(first.host);
  return address === undefined ? target : { ...target, endpoints: [{ ...first, host: address }] };
}
