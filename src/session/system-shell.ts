import { spawnShell } from '../child-process.js';

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
