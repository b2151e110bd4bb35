import { closeSync } from 'node:fs';
import { constants } from 'node:os';
import { programNotFoundStatus, spawnProgram } from '../child-process.js';
import { buildExternalCommand } from '../cli/external-client.js';
import type { ExternalClient, Settings } from '../cli/settings.js';
import { createOptionFailure } from '../failure.js';
import { openAnonymousFile } from '../files/anonymous-file.js';
import {
  type EndingSignal,
  getEffectiveSignals,
  getIgnoredSignals,
  isEndingSignal,
  type ProgramEnd,
} from '../signals.js';
import { getFirstEndpoint, makeTcpAddress } from '../target/address.js';
import type { Target } from '../target/target.js';
import { toExactBytes } from '../text/exact-bytes.js';

/**
 * Runs a real mysql or mariadb program with the target, credentials and arguments, and waits for it
 * to end. Settings from option files and credentials are passed in an anonymous file, so that `ps`
 * shows no password. Resolves to the program's exit status, or to the signal that ended it (for a
 * signal that is not an EndingSignal, to 128 + its number).
 *
 * Rejects with a Failure if the program cannot be started.
 */
export async function runExternalClient(
  client: ExternalClient,
  settings: Settings,
  target: Target,
): Promise<ProgramEnd> {
  const { command, args, optionFileText } = buildExternalCommand(
    client,
    settings,
    await resolveHost(target),
  );
  const optionFile = openAnonymousFile(toExactBytes(optionFileText));
  return new Promise((resolve, reject) => {
    const stdio = ['inherit' as const, 'inherit' as const, 'inherit' as const, optionFile];
    const child = spawnProgram(command, args, { stdio });
    closeSync(optionFile);

    // The child decides what a signal means; this process waits for the child to end. The terminal
    // sends Ctrl-C to the child as well. If SIGINT were forwarded, the child would get it twice,
    // and the second one would end a client that only stops its statement at the first.
    const onSignal = (signal: EndingSignal) => {
      if (signal !== 'SIGINT') child.kill(signal);
    };
    const signals = getEffectiveSignals();
    for (const signal of signals) process.on(signal, onSignal);
    const removeListeners = () => {
      for (const signal of signals) process.removeListener(signal, onSignal);
    };
    const rejectNotStarted = (reason: string | undefined) =>
      reject(
        createOptionFailure('client-not-started', `cannot start '${command}': ${reason}`, 'client'),
      );
    const noSuchProgram = 'there is no such program';
    child.on('error', (error: NodeJS.ErrnoException) => {
      removeListeners();
      rejectNotStarted(error.code === 'ENOENT' ? noSuchProgram : error.code);
    });
    child.on('close', (code, signal) => {
      removeListeners();
      if (code === programNotFoundStatus && getIgnoredSignals().length > 0)
        rejectNotStarted(noSuchProgram);
      else if (signal === null) resolve(code ?? 1);
      else resolve(isEndingSignal(signal) ? signal : 128 + constants.signals[signal]);
    });
  });
}

/**
 * Returns the target with its host replaced by an IP address, if the user named name servers: the
 * other program would ask the system's name servers, which may not know the host.
 */
async function resolveHost(target: Target): Promise<Target> {
  const first = getFirstEndpoint(target.address);
  if (target.lookup === undefined || first === undefined) return target;
  const [host] = await target.lookup(first.host, target.lookupLimitMs);
  return host === undefined ? target : { ...target, address: makeTcpAddress(host, first.port) };
}
