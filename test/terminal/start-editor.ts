import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bundled } from '../bundled.js';
import { type TerminalOptions, Tmux } from '../farm/tmux.js';

const program = fileURLToPath(new URL('editor-program.ts', import.meta.url));

let made = '';
let making: Promise<string> | undefined;

/** The command of `editor-program.ts`, which is made anew for each test file. */
export async function editorProgram(): Promise<string[]> {
  if (making === undefined || (made !== '' && !existsSync(made))) {
    made = '';
    making = bundled(program);
  }
  made = await making;
  return [process.execPath, made];
}

/** Starts the line editor of `editor-program.ts`, with statements of before, on a terminal. */
export async function startEditor(history: string[] = [], options: TerminalOptions = {}) {
  const command = [...(await editorProgram()), ...history];
  const terminal = await Tmux.start(command, { columns: 60, rows: 15, ...options });
  try {
    await terminal.waitFor('sql>');
  } catch (error) {
    await terminal.close();
    throw error;
  }
  return terminal;
}
