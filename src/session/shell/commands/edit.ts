import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClientCommand } from '../../../script/item.js';
import { isErrno, reasonOf } from '../../../terminal/private-file.js';
import type { Outcome } from '../../commands/context.js';
import type { ShellContext } from '../context.js';

/** `edit`: the statement so far, else the last one, goes through an editor and back to the prompt. */
export async function edit(
  { pending, line }: ClientCommand,
  context: ShellContext,
): Promise<Outcome> {
  const text = pending.length > 0 ? pending : (context.lastStatement ?? pending);
  const edited = await throughEditor(Buffer.from(text).toString(), context);
  if (edited.failed !== undefined) return context.remark(edited.failed, line);
  context.reader.clear();
  context.offerText(edited.text);
  return 'continue';
}

/**
 * Has the user change `text` with $EDITOR, else $VISUAL, else vi (the client's order). If that
 * fails, the text is as it was, and `failed` says what did.
 */
export async function throughEditor(
  text: string,
  context: Pick<ShellContext, 'lendTerminal'>,
): Promise<{ text: string; failed: string | undefined }> {
  let folder: string | undefined;
  const clear = () => folder && rmSync(folder, { recursive: true, force: true });
  try {
    folder = mkdtempSync(join(tmpdir(), 'sql'));
    // Also when the terminal is closed meanwhile.
    process.once('exit', clear);
    const file = join(folder, 'statement.sql');
    writeFileSync(file, text, { mode: 0o600 });
    const command = `${process.env.EDITOR ?? process.env.VISUAL ?? 'vi'} ${file}`;
    const status = await context.lendTerminal(() => statusOf(command));
    if (status !== 0) return { text, failed: `Command '${command}' failed` };
    return { text: readFileSync(file, 'utf8').replace(/\n+$/, ''), failed: undefined };
  } catch (error) {
    if (!isErrno(error)) throw error;
    return {
      text,
      failed: `The text cannot be edited: ${reasonOf(error)} (${error.path ?? tmpdir()})`,
    };
  } finally {
    process.removeListener('exit', clear);
    clear();
  }
}

/** The exit status of a shell command that has the terminal; null: a signal ended it. */
function statusOf(command: string): Promise<number | null> {
  return new Promise((resolve) => {
    const child = spawn('/bin/sh', ['-c', command], { argv0: 'sh', stdio: 'inherit' });
    child.on('error', () => resolve(null));
    child.on('close', resolve);
  });
}
