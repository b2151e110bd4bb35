import { spawnShell } from '../../child-process.js';
import { clientBlockSize } from '../../output/output-buffer.js';
import type { Command } from './context.js';

/**
 * `system`: runs a shell command and ignores its exit status. Observed: the client writes in whole
 * blocks, so that output it has not written yet appears after the command's output.
 */
export const system: Command = async ({ args, line }, context) => {
  const [text] = args;
  if (text === undefined) return context.warn('Usage: \\! shell-command', line);
  await context.out.sendBlocks(clientBlockSize);
  // Node.js passes only strings to the shell, so that bytes that are not UTF-8 are lost.
  await runInShell(Buffer.from(text).toString());
  return 'continue';
};

/**
 * Runs a command in the system's shell with the standard streams of this process. Resolves to its
 * exit status, or to null if a signal ended it or it could not be started.
 */
export function runInShell(command: string): Promise<number | null> {
  return new Promise((resolve) => {
    const child = spawnShell(command, { stdio: 'inherit' });
    child.on('error', () => resolve(null));
    child.on('close', resolve);
  });
}
