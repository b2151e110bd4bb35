import { createRequire } from 'node:module';
import { setTimeout as pause } from 'node:timers/promises';
import type * as Program from '../../src/program.js';
import type { ProgramEnd } from '../../src/signals.js';

/*
 * What the processes have in common that run the built program many times.
 */

/** A run of the program; the variables replace those of the process. */
export interface ProgramCall {
  args: string[];
  env: NodeJS.ProcessEnv;
  cwd: string;
}

/** A run on a terminal, which starts as soon as the terminal has this size. */
export interface TerminalCall extends ProgramCall {
  columns: number;
  rows: number;
}

export interface TerminalReply {
  end: ProgramEnd;
  /** False if the run has left something open, so that its process must end. */
  isReusable: boolean;
}

/** Written before and after the output of a run: an operating system command that terminals ignore. */
export const mark = '\x1b]7770;run\x07';

/** Loads the module that this process's first argument names; returns the function of the program. */
export function loadProgram(): typeof Program.runProgram {
  const [path = ''] = process.argv.slice(2);
  const require = createRequire(import.meta.url);
  return (require(path) as typeof Program).runProgram;
}

/** Replaces all variables of the environment. */
function setEnvironment(variables: NodeJS.ProcessEnv): void {
  for (const name of Object.keys(process.env)) if (!(name in variables)) delete process.env[name];
  for (const [name, value] of Object.entries(variables)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
}

/** Sets the environment and the directory of a call; returns a function that restores what it changes. */
export function prepareProcess({ env, cwd }: Omit<ProgramCall, 'args'>): () => void {
  const { title } = process;
  const before = process.cwd();
  setEnvironment(env);
  process.chdir(cwd);
  return () => {
    process.chdir(before);
    process.title = title;
  };
}

/** Returns what a run must leave as it found it: listeners of the process, sockets, timers, children. */
function resourcesInUse(): string {
  const listeners = process
    .eventNames()
    .map((name) => `${String(name)} ${process.listenerCount(name)}`);
  return [...listeners, ...process.getActiveResourcesInfo()].sort().join('\n');
}

/**
 * Returns a function that says whether this process again uses only the resources that it uses now. It
 * waits for 100 ms at most, because the server closes its end of a socket late.
 */
export function rememberResources(): () => Promise<boolean> {
  const before = resourcesInUse();
  return async () => {
    for (let waits = 0; resourcesInUse() !== before; waits++) {
      if (waits === 50) return false;
      await pause(2);
    }
    return true;
  };
}
