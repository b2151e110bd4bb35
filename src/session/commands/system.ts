import { spawnShell } from '../../child-process.js';
import { clientBuffer } from '../../output/output-buffer.js';
import type { Command } from './context.js';

/**
 * `system`: runs a shell command, whose exit status counts for nothing. As observed, what the
 * client has not written yet comes out behind the command's output, and it writes in whole blocks.
 */
export const system: Command = async ({ args, line }, context) => {
  const [text] = args;
  if (text === undefined) return context.warn('Usage: \\! shell-command', line);
  await context.out.sendBlocks(clientBuffer);
  // The shell takes bytes, Node strings: what is not UTF-8 does not get through.
  await runInShell(Buffer.from(text).toString());
  return 'continue';
};

/**
 * Runs a command of the system's shell on our own standard streams. Gives its exit status; null if
 * a signal ended it, or it could not be started.
 */
export function runInShell(command: string): Promise<number | null> {
  return new Promise((resolve) => {
    const child = spawnShell(command, { stdio: 'inherit' });
    child.on('error', () => resolve(null));
    child.on('close', resolve);
  });
}
