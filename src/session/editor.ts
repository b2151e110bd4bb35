import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isErrno, reasonOf } from '../system-error.js';
import { runInShell } from './commands/system.js';

/** A text that was edited; if that `failed`, why, and the text is as it was. */
export interface EditorResult {
  text: Uint8Array;
  failed: string | undefined;
}

/**
 * Has the user change `text` with $EDITOR, else $VISUAL, else vi (the client's order). `lend` gives
 * the program the terminal for as long as it runs.
 */
export async function editText(
  text: Uint8Array,
  lend: (run: () => Promise<number | null>) => Promise<number | null>,
): Promise<EditorResult> {
  let directory: string | undefined;
  const clear = () => directory && rmSync(directory, { recursive: true, force: true });
  try {
    directory = mkdtempSync(join(tmpdir(), 'sql'));
    // Also when the terminal is closed meanwhile.
    process.once('exit', clear);
    const file = join(directory, 'statement.sql');
    writeFileSync(file, text, { mode: 0o600 });
    const command = `${process.env.EDITOR ?? process.env.VISUAL ?? 'vi'} ${file}`;
    const status = await lend(() => runInShell(command));
    if (status !== 0) return { text, failed: `Command '${command}' failed` };
    return { text: readFileSync(file), failed: undefined };
  } catch (error) {
    if (!isErrno(error)) throw error;
    const place = error.path ?? tmpdir();
    return { text, failed: `The text cannot be edited: ${reasonOf(error)} (${place})` };
  } finally {
    process.removeListener('exit', clear);
    clear();
  }
}
