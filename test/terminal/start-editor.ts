import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bundleProgram } from '../bundle-program.js';
import { type TerminalOptions, Tmux } from '../farm/tmux.js';

const program = fileURLToPath(new URL('editor-program.ts', import.meta.url));

let bundlePath = '';
let bundling: Promise<string> | undefined;

/** Returns the command that runs `editor-program.ts`, which is bundled once for each test file. */
export async function editorCommand(): Promise<string[]> {
  if (bundling === undefined || (bundlePath !== '' && !existsSync(bundlePath))) {
    bundlePath = '';
    bundling = bundleProgram(program);
  }
  bundlePath = await bundling;
  return [process.execPath, bundlePath];
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
