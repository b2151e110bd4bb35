import { fileURLToPath } from 'node:url';
import { bundled } from '../bundled.js';
import { type TerminalOptions, Tmux } from '../farm/tmux.js';

const program = fileURLToPath(new URL('editor-program.ts', import.meta.url));

/** The command of `editor-program.ts`. */
export const editorProgram = [process.execPath, await bundled(program)];

/** Starts the line editor of `editor-program.ts`, with statements of before, on a terminal. */
export async function startEditor(history: string[] = [], options: TerminalOptions = {}) {
  const command = [...editorProgram, ...history];
  const terminal = await Tmux.start(command, { columns: 60, rows: 15, ...options });
  try {
    await terminal.waitFor('sql>');
  } catch (error) {
    await terminal.close();
    throw error;
  }
  return terminal;
}
