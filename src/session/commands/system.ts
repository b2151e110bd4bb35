import { clientBuffer } from '../../output/output-buffer.js';
import type { Command } from './context.js';

/**
 * `system`: runs a shell command, whose exit status counts for nothing. As observed, what the
 * client has not written yet comes out behind the command's output, and it writes in whole blocks.
 */
export const system: Command = async ({ args, line }, context) => {
  const [text] = args;
  if (text === undefined) return context.remark('Usage: \\! shell-command', line);
  // Loaded late, as few scripts need it.
  const { spawn } = process.getBuiltinModule('node:child_process');
  await context.out.sendBlocks(clientBuffer);
  await new Promise<void>((resolve) => {
    // The shell takes bytes, Node strings: what is not UTF-8 does not get through.
    const child = spawn('/bin/sh', ['-c', Buffer.from(text).toString()], {
      argv0: 'sh',
      stdio: 'inherit',
    });
    child.on('error', () => resolve());
    child.on('close', () => resolve());
  });
  return 'continue';
};
