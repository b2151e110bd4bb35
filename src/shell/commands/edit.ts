import type { ClientCommand } from '../../script/item.js';
import type { Outcome } from '../../session/commands/context.js';
import { editText } from '../../session/editor.js';
import type { ShellContext } from '../context.js';

/**
 * `edit`: opens the pending statement, else the last one, in an editor, and puts it at the prompt.
 */
export async function editStatement(
  { pending, line }: ClientCommand,
  context: ShellContext,
): Promise<Outcome> {
  const text = pending.length > 0 ? pending : (context.lastStatement ?? pending);
  const edited = await editText(text, (run) => context.withTerminalReleased(run));
  if (edited.problem !== undefined) return context.warn(edited.problem, line);
  context.reader.clear();
  context.prefillEditor(trimTrailingNewlines(edited.text));
  return 'continue';
}

/** Decodes a text from an editor, without the newlines at its end that editors add. */
export function trimTrailingNewlines(text: Uint8Array): string {
  return Buffer.from(text).toString().replace(/\n+$/, '');
}
