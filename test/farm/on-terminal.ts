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

export interface ProgramOptions extends TerminalOptions {
  /**
   * Runs the program in a process of its own: for tests of how the process starts and ends, or of its
   * memory or its files.
   */
  ownProcess?: boolean;
}

/** The options of a comparison of two programs; both log in to `section`, by default itwiki's. */
export interface ComparisonOptions extends ProgramOptions {
  section?: Section;
  /** Arguments that only the built program gets, before the others. */
  ours?: string[];
}

/** Starts a command on a terminal, with the environment of programs under test and a new HOME. */
export function startOnTerminal(command: string[], options: TerminalOptions = {}): Promise<Tmux> {
  return Tmux.start(command, addEnvironment(options));
}

function addEnvironment(options: TerminalOptions): TerminalOptions {
  const { HOME: _, LC_ALL: __, ...variables } = environment(undefined);
  const env = { ...variables, ...options.env };
  const prepareHome = (home: string) => {
    writeOptionFile(inject('farm'), join(home, '.my.cnf'));
    options.prepareHome?.(home);
  };
  // The directory is removed with the farm's, also when this process is killed.
  const parentDirectory = inject('farm').directory;
  return { parentDirectory, ...options, env, prepareHome };
}

/** Starts the client and the built program with the same arguments. */
export type StartBoth = (
  args: string[],
  where?: ComparisonOptions,
) => Promise<{ client: Tmux; ours: Tmux }>;

/**
 * Returns a command that runs a program and, after its end, waits until the terminal has answered a
 * question. Without it, tmux 3.3 loses what a program writes just before its end, if tmux notices the end
 * first.
 */
function untilAllIsRead(command: string[]): string[] {
  const script = `trap : INT QUIT; "$@"; status=$?; IFS= read -rsd R -p $'\\e[6n'; exit $status`;
  return ['bash', '-c', script, 'bash', ...command];
}

interface Fixtures {
  /** Closes terminals after the test. */
  closeAfterTest: (terminal: Tmux) => Tmux;
  /** Starts a command on a terminal, which is closed after the test. */
  onTerminal: (command: string[], options?: TerminalOptions) => Promise<Tmux>;
  /** Starts the built program with these arguments, and credentials in ~/.my.cnf. */
  ours: (args: string[], options?: ProgramOptions) => Promise<Tmux>;
  /** Does the same, and waits for the first prompt. */
  shell: (args: string[], options?: ProgramOptions) => Promise<Tmux>;
  /**
   * Starts the mariadb client and the built program with the same arguments, logged in to the same
   * section, without option files.
   */
  both: StartBoth;
}

/** vitest's `test` with terminals. It closes them at the end, and fails if one leaves a process. */
export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads a fixture's dependencies from it.
  closeAfterTest: async ({}, use) => {
    const open: Tmux[] = [];
    await use((terminal) => {
      open.push(terminal);
      return terminal;
    });
    const closed = await Promise.allSettled(open.map((terminal) => terminal.close()));
    for (const result of closed) if (result.status === 'rejected') throw result.reason;
  },
  onTerminal: async ({ closeAfterTest }, use) => {
    await use(async (command, options) => closeAfterTest(await startOnTerminal(command, options)));
  },
  ours: async ({ closeAfterTest, onTerminal }, use) => {
    await use(async (args, options = {}) => {
      if (options.ownProcess) return onTerminal([program, ...args], options);
      return closeAfterTest(await Tmux.startWarm(args, addEnvironment(options)));
    });
  },
  shell: async ({ ours }, use) => {
    await use(async (args, options) => {
      const terminal = await ours(args, options);
      await terminal.waitForPrompt();
      return terminal;
    });
  },
  both: async ({ onTerminal, ours: startOurs }, use) => {
    await use(async (args, { section = 's2', ours: first = [], ...options } = {}) => {
      const words = [...clientArguments(section), ...args];
      const [client, ours] = await Promise.all([
        onTerminal(untilAllIsRead(['mariadb', ...referenceArguments(words)]), options),
        startOurs([...first, ...words], options),
      ]);
      return { client, ours };
    });
  },
});
