import { fileURLToPath } from 'node:url';
import { type TerminalOptions, Tmux } from '../farm/tmux.js';

const program = fileURLToPath(new URL('editor-program.ts', import.meta.url));

/** From here, tsx is found. */
export const folder = fileURLToPath(new URL('.', import.meta.url));

/** The command of `editor-program.ts`, to be run in this folder. */
export const editorProgram = [process.execPath, '--import', 'tsx', program];

/** Starts the line editor of `editor-program.ts`, with statements of before, on a terminal. */
export async function startEditor(history: string[] = [], options: TerminalOptions = {}) {
  const command = [...editorProgram, ...history];
  const terminal = await Tmux.start(command, { columns: 60, rows: 15, cwd: folder, ...options });
  try {
    await terminal.waitFor('sql>');
  } catch (error) {
    await terminal.close();
    throw error;
  }
  return terminal;
}
