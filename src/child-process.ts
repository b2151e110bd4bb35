import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { getIgnoredSignals } from './signals.js';

/*
 * Starts other programs with the same ignored signals as this process.
 */

/** The exit status of a shell that did not find a program. */
export const programNotFoundStatus = 127;

/**
 * Starts a program. The program ignores the signals that this process was started with as ignored.
 * Node resets ignored signals in its children, so a shell sets them and then replaces itself by the
 * program with exec. In that case a missing program does not emit `error`; it exits with status
 * 127.
 */
export function spawnProgram(
  command: string,
  args: readonly string[],
  options: SpawnOptions,
): ChildProcess {
  // Load node:child_process only when needed: few runs start another program.
  const { spawn } = process.getBuiltinModule('node:child_process');
  const ignored = getIgnoredSignals();
  if (ignored.length === 0) return spawn(command, args, options);
  const names = ignored.map((signal) => signal.slice('SIG'.length)).join(' ');
  const script = `trap '' ${names}; command -v "$1" >/dev/null || exit ${programNotFoundStatus}; exec "$@"`;
  return spawn('/bin/sh', ['-c', script, 'sh', command, ...args], options);
}

/** Starts a command in the system's shell (`sh -c`); ignored signals as in spawnProgram. */
export function spawnShell(command: string, options: SpawnOptions): ChildProcess {
  return spawnProgram('sh', ['-c', command], options);
}
