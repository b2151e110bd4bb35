import { closeSync } from 'node:fs';
import { constants } from 'node:os';
import { programNotFound, spawnProgram } from '../child-process.js';
import { externalCommand } from '../cli/external-client.js';
import type { ExternalClient, Settings } from '../cli/settings.js';
import { Failure } from '../failure.js';
import { openAnonymousFile } from '../files/anonymous-file.js';
import {
  type EndingSignal,
  effectiveSignals,
  ignoredSignals,
  isEndingSignal,
  type ProgramEnd,
} from '../signals.js';
import { firstEndpoint, tcpAddress } from '../target/address.js';
import type { Target } from '../target/target.js';

/**
 * Hands target, credentials and arguments over to a real mysql or mariadb program and waits for
 * it. What option files and credentials gave goes through a file without a name, so that no password
 * is seen in `ps`. Returns the program's exit status, or the signal that ended it (128 + its number for
 * one that does not end our own runs).
 *
 * Throws Failure when the program cannot be started.
 */
export async function delegate(
  client: ExternalClient,
  settings: Settings,
  target: Target,
): Promise<ProgramEnd> {
  const { command, args, optionFileText } = externalCommand(
    client,
    settings,
    await byAddress(target),
  );
  const optionFile = openAnonymousFile(optionFileText);
  return new Promise((resolve, reject) => {
    const stdio = ['inherit' as const, 'inherit' as const, 'inherit' as const, optionFile];
    const child = spawnProgram(command, args, { stdio });
    closeSync(optionFile);

    // The child decides what a signal means, and we wait for it to end. Ctrl-C reaches it by itself; a
    // second SIGINT would end a client that only ends its statement at the first.
    const onSignal = (signal: EndingSignal) => {
      if (signal !== 'SIGINT') child.kill(signal);
    };
    const signals = effectiveSignals();
    for (const signal of signals) process.on(signal, onSignal);
    const stop = () => {
      for (const signal of signals) process.removeListener(signal, onSignal);
    };
    const notStarted = (why: string | undefined) =>
      reject(new Failure('client-not-started', `cannot start '${command}': ${why}`));
    const noSuchProgram = 'there is no such program';
    child.on('error', (error: NodeJS.ErrnoException) => {
      stop();
      notStarted(error.code === 'ENOENT' ? noSuchProgram : error.code);
    });
    child.on('close', (code, signal) => {
      stop();
      if (code === programNotFound && ignoredSignals().length > 0) notStarted(noSuchProgram);
      else if (signal === null) resolve(code ?? 1);
      else resolve(isEndingSignal(signal) ? signal : 128 + constants.signals[signal]);
    });
  });
}

/**
 * The target by address where name servers were named: the other program would ask the system's,
 * which may not know the host.
 */
async function byAddress(target: Target): Promise<Target> {
  const first = firstEndpoint(target.address);
  if (target.lookup === undefined || first === undefined) return target;
  const [host] = await target.lookup(first.host);
  return host === undefined ? target : { ...target, address: tcpAddress(host, first.port) };
}
