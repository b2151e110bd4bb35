import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { ignoredSignals } from './signals.js';

/** The exit status of a shell that did not find a program. */
export const programNotFound = 127;

/**
 * Starts a program; the signals that were ignored when we were started are ignored there too. Node
 * resets them in its children, so a shell sets them and then replaces itself by the program. In that
 * case a missing program is not an `error` event but exit status 127.
 */
export function spawnProgram(
  command: string,
  args: readonly string[],
  options: SpawnOptions,
): ChildProcess {
  // Loaded late: few runs start another program.
  const { spawn } = process.getBuiltinModule('node:child_process');
  const ignored = ignoredSignals();
  if (ignored.length === 0) return spawn(command, args, options);
  const names = ignored.map((signal) => signal.slice('SIG'.length)).join(' ');
  const script = `trap '' ${names}; command -v "$1" >/dev/null || exit ${programNotFound}; exec "$@"`;
  return spawn('/bin/sh', ['-c', script, 'sh', command, ...args], options);
}

/** Starts a command of the system's shell, like spawnProgram. */
export function spawnShell(command: string, options: SpawnOptions): ChildProcess {
  return spawnProgram('sh', ['-c', command], options);
}
