/**
 * Runs a command of the system's shell on our own standard streams. Gives its exit status; null if
 * a signal ended it, or it could not be started.
 */
export function runInShell(command: string): Promise<number | null> {
  // Loaded late, as few runs need it.
  const { spawn } = process.getBuiltinModule('node:child_process');
  return new Promise((resolve) => {
    const child = spawn('/bin/sh', ['-c', command], { argv0: 'sh', stdio: 'inherit' });
    child.on('error', () => resolve(null));
    child.on('close', resolve);
  });
}
