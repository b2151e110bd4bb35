import { clientBlockSize } from '../../output/output-buffer.js';
import { editText } from '../editor.js';
import type { Command } from './context.js';

/** `edit`: opens the pending statement in an editor, in batch mode too. */
export const edit: Command = async ({ pending, line }, context) => {
  const { text, problem } = await editText(pending, async (run) => {
    await context.out.sendBlocks(clientBlockSize);
    return run();
  });
  if (problem !== undefined) return context.warn(problem, line);
  context.reader.pending = text;
  return 'continue';
};
