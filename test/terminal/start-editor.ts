import { fileURLToPath } from 'node:url';
import { bundleProgram } from '../bundle-program.js';
import { type TerminalOptions, Tmux } from '../farm/tmux.js';

const program = fileURLToPath(new URL('editor-program.ts', import.meta.url));

/** Returns the command that runs `editor-program.ts`. */
export async function editorCommand(): Promise<string[]> {
  return [process.execPath, await bundleProgram(program)];
}

/** Starts the line editor of `editor-program.ts` with a history, on a terminal. */
export async function startEditor(history: string[] = [], options: TerminalOptions = {}) {
  const command = [...(await editorCommand()), ...history];
  const terminal = await Tmux.start(command, { columns: 60, rows: 15, ...options });
  try {
    await terminal.waitFor('sql>');
  } catch (error) {
    await terminal.close();
    throw error;
  }
  return terminal;
}
