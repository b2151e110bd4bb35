import { test as base } from 'vitest';
import type { TerminalOptions, Tmux } from '../farm/tmux.js';
import { startEditor } from './start-editor.js';

interface Fixtures {
  /** The line editor on a terminal that is closed when the test has ended. */
  editor: (history?: string[], options?: TerminalOptions) => Promise<Tmux>;
}

export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest wants to see what a fixture depends on.
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
