import { join } from 'node:path';
import { test as base, inject } from 'vitest';
import type { Section } from './places.js';
import { referenceArguments } from './reference-client.js';
import { clientArguments, environment, program } from './run.js';
import { writeOptionFile } from './shell.js';
import { type TerminalOptions, Tmux } from './tmux.js';

/** Where the two programs of a comparison log in; itwiki's section unless it says otherwise. */
export interface TerminalWhere extends TerminalOptions {
  section?: Section;
  /** Arguments that the built program alone is given, in front. */
  ours?: string[];
}

/** Starts a command on a terminal, in the environment of programs under test, with a new HOME. */
export function startOnTerminal(command: string[], options: TerminalOptions = {}): Promise<Tmux> {
  const { HOME: _, LC_ALL: __, ...variables } = environment(undefined);
  const env = { ...variables, ...options.env };
  const furnish = (home: string) => {
    writeOptionFile(inject('farm'), join(home, '.my.cnf'));
    options.furnish?.(home);
  };
  // Gone with the farm, also when this process is killed.
  const within = inject('farm').directory;
  return Tmux.start(command, { within, ...options, env, furnish });
}

/** Starts the client and the built program, in the same way. */
export type Both = (args: string[], where?: TerminalWhere) => Promise<{ client: Tmux; ours: Tmux }>;

interface Fixtures {
  /** Starts any command on a terminal that is closed when the test has ended. */
  onTerminal: (command: string[], options?: TerminalOptions) => Promise<Tmux>;
  /** bin/analytics-mysql with these arguments, its credentials in ~/.my.cnf. */
  ours: (args: string[], options?: TerminalOptions) => Promise<Tmux>;
  /** The same, at its first prompt. */
  shell: (args: string[], options?: TerminalOptions) => Promise<Tmux>;
  /**
   * The mariadb client and bin/analytics-mysql with the same arguments, logged in at the same
   * section without option files.
   */
  both: Both;
}

/** vitest's `test` with terminals that are closed, and are seen to leave no process, at its end. */
export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads what a fixture needs from its pattern
  onTerminal: async ({}, use) => {
    const open: Tmux[] = [];
    await use(async (command, options) => {
      const terminal = await startOnTerminal(command, options);
      open.push(terminal);
      return terminal;
    });
    const closed = await Promise.allSettled(open.map((terminal) => terminal.close()));
    for (const one of closed) if (one.status === 'rejected') throw one.reason;
  },
  ours: async ({ onTerminal }, use) => {
    await use((args, options) => onTerminal([program, ...args], options));
  },
  shell: async ({ ours }, use) => {
    await use(async (args, options) => {
      const terminal = await ours(args, options);
      await terminal.waitForPrompt();
      return terminal;
    });
  },
  both: async ({ onTerminal }, use) => {
    await use(async (args, { section = 's2', ours: first = [], ...options } = {}) => {
      const words = [...clientArguments(section), ...args];
      const [client, ours] = await Promise.all([
        onTerminal(['mariadb', ...referenceArguments(words)], options),
        onTerminal([program, ...first, ...words], options),
      ]);
      return { client, ours };
    });
  },
});
