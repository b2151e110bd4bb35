import { join } from 'node:path';
import { test as base, inject } from 'vitest';
import { referenceArguments } from './reference-client.js';
import { clientArguments, environment, program } from './run.js';
import type { Section } from './sections.js';
import { writeOptionFile } from './shell.js';
import { type TerminalOptions, Tmux } from './tmux.js';

/*
 * Fixtures that run the built program and the mariadb client on terminals.
 */

/** The options of a comparison of two programs; both log in to `section`, by default itwiki's. */
export interface ComparisonOptions extends TerminalOptions {
  section?: Section;
  /** Arguments that only the built program gets, before the others. */
  ours?: string[];
}

/** Starts a command on a terminal, with the environment of programs under test and a new HOME. */
export function startOnTerminal(command: string[], options: TerminalOptions = {}): Promise<Tmux> {
  const { HOME: _, LC_ALL: __, ...variables } = environment(undefined);
  const env = { ...variables, ...options.env };
  const prepareHome = (home: string) => {
    writeOptionFile(inject('farm'), join(home, '.my.cnf'));
    options.prepareHome?.(home);
  };
  // The directory is removed with the farm's, also when this process is killed.
  const parentDirectory = inject('farm').directory;
  return Tmux.start(command, { parentDirectory, ...options, env, prepareHome });
}

/** Starts the client and the built program with the same arguments. */
export type StartBoth = (
  args: string[],
  where?: ComparisonOptions,
) => Promise<{ client: Tmux; ours: Tmux }>;

interface Fixtures {
  /** Starts a command on a terminal, which is closed after the test. */
  onTerminal: (command: string[], options?: TerminalOptions) => Promise<Tmux>;
  /** Starts bin/analytics-mysql with these arguments, and credentials in ~/.my.cnf. */
  ours: (args: string[], options?: TerminalOptions) => Promise<Tmux>;
  /** Does the same, and waits for the first prompt. */
  shell: (args: string[], options?: TerminalOptions) => Promise<Tmux>;
  /**
   * Starts the mariadb client and bin/analytics-mysql with the same arguments, logged in to the same
   * section, without option files.
   */
  both: StartBoth;
}

/** vitest's `test` with terminals. It closes them at the end, and fails if one leaves a process. */
export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads a fixture's dependencies from it.
  onTerminal: async ({}, use) => {
    const open: Tmux[] = [];
    await use(async (command, options) => {
      const terminal = await startOnTerminal(command, options);
      open.push(terminal);
      return terminal;
    });
    const closed = await Promise.allSettled(open.map((terminal) => terminal.close()));
    for (const result of closed) if (result.status === 'rejected') throw result.reason;
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
