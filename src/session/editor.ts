import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeError, isErrno } from '../system-error.js';
import { runInShell } from './commands/system.js';

/** The edited text; or, if `problem` is set, the unchanged text and the reason. */
export interface EditorResult {
  text: Uint8Array;
  problem: string | undefined;
}

/**
 * Opens `text` in $EDITOR, else $VISUAL, else vi (the client's order), and resolves to the result.
 * `runOnTerminal` must give the terminal to the editor while it runs.
 */
export async function editText(
  text: Uint8Array,
  runOnTerminal: (run: () => Promise<number | null>) => Promise<number | null>,
): Promise<EditorResult> {
  let directory: string | undefined;
  const removeDirectory = () => directory && rmSync(directory, { recursive: true, force: true });
  try {
    directory = mkdtempSync(join(tmpdir(), 'sql'));
    // Also removes the directory if the terminal is closed while the editor runs.
    process.once('exit', removeDirectory);
    const file = join(directory, 'statement.sql');
    writeFileSync(file, text, { mode: 0o600 });
    const command = `${process.env.EDITOR ?? process.env.VISUAL ?? 'vi'} ${file}`;
    const status = await runOnTerminal(() => runInShell(command));
    if (status !== 0) return { text, problem: `Command '${command}' failed` };
    return { text: readFileSync(file), problem: undefined };
  } catch (error) {
    if (!isErrno(error)) throw error;
    const path = error.path ?? tmpdir();
    return { text, problem: `Cannot edit the text: ${describeError(error)} (${path})` };
  } finally {
    process.removeListener('exit', removeDirectory);
    removeDirectory();
  }
}
