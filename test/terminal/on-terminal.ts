import { test as base } from 'vitest';
import type { TerminalOptions, Tmux } from '../farm/tmux.js';
import { startEditor } from './start-editor.js';

interface Fixtures {
  /** Starts the line editor on a terminal, which is closed after the test. */
  editor: (history?: string[], options?: TerminalOptions) => Promise<Tmux>;
}

export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads a fixture's dependencies from it.
  editor: async ({}, use) => {
    const started: Tmux[] = [];
    await use(async (history, options) => {
      const terminal = await startEditor(history, options);
      started.push(terminal);
      return terminal;
    });
    for (const terminal of started) await terminal.close();
  },
});
