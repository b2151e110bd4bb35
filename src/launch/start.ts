import { join } from 'node:path';
import { loadBundle } from './load-bundle.js';

/** Runs the program that lies beside this bundle; gives its exit status. */
export function start(argv: string[], env: NodeJS.ProcessEnv): Promise<number> {
  const program = loadBundle(join(__dirname, '..', 'main.js')) as typeof import('../main.js');
  return program.main(argv, env);
}
