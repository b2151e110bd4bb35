import type { ClientCommand } from '../../script/item.js';
import type { Outcome } from '../../session/commands/context.js';
import { editText } from '../../session/editor.js';
import type { ShellContext } from '../context.js';

/** `edit`: the statement so far, else the last one, goes through an editor and back to the prompt. */
export async function editStatement(
  { pending, line }: ClientCommand,
  context: ShellContext,
): Promise<Outcome> {
  const text = pending.length > 0 ? pending : (context.lastStatement ?? pending);
  const edited = await editText(text, (run) => context.lendTerminal(run));
  if (edited.failed !== undefined) return context.warn(edited.failed, line);
  context.reader.clear();
  context.offerText(asOffered(edited.text));
  return 'continue';
}

/** A text out of an editor, without the newline that editors leave at its end. */
export function asOffered(text: Uint8Array): string {
  return Buffer.from(text).toString().replace(/\n+$/, '');
}
