import { clientBuffer } from '../../output/output-buffer.js';
import { runInShell } from '../system-shell.js';
import type { Command } from './context.js';

/**
 * `system`: runs a shell command, whose exit status counts for nothing. As observed, what the
 * client has not written yet comes out behind the command's output, and it writes in whole blocks.
 */
export const system: Command = async ({ args, line }, context) => {
  const [text] = args;
  if (text === undefined) return context.remark('Usage: \\! shell-command', line);
  await context.out.sendBlocks(clientBuffer);
  // The shell takes bytes, Node strings: what is not UTF-8 does not get through.
  await runInShell(Buffer.from(text).toString());
  return 'continue';
};
