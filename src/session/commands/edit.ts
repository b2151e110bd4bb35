import { clientBuffer } from '../../output/output-buffer.js';
import { editText } from '../editor.js';
import type { Command } from './context.js';

/** `edit`: the statement that is being collected goes through an editor, in batch too. */
export const edit: Command = async ({ pending, line }, context) => {
  const { text, failed } = await editText(pending, async (run) => {
    await context.out.sendBlocks(clientBuffer);
    return run();
  });
  if (failed !== undefined) return context.warn(failed, line);
  context.reader.pending = text;
  return 'continue';
};
