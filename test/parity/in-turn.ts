import { expect } from 'vitest';
import { runBoth, type Shown, type Where } from './compare.js';

/** What both programs did with scripts that ran one after the other, in one process of each. */
export interface InTurn {
  /** Expects that the script of that number had the same output, and all the same errors. */
  expectSame(index: number): void;
}

const marker = (index: number) => `END OF ${index}`;

/** What a run wrote for a script: behind the last mention of the end of the one before. */
function section(stdout: string, index: number): string {
  const start = index === 0 ? 0 : stdout.lastIndexOf(marker(index - 1));
  return stdout.slice(start, stdout.lastIndexOf(marker(index)));
}

/**
 * Runs scripts in one process of the client and one of the built program, for what depends neither
 * on the start nor on the end of a process. Each has to end its last statement, leave the session
 * as it found it, and, unless `args` say --force, make no error.
 */
export async function runInTurn(
  args: string[],
  scripts: string[],
  where: Where = {},
): Promise<InTurn> {
  const input = scripts.map((script, i) => `${script}\nselect '${marker(i)}';\n`).join('');
  const { client, ours } = await runBoth(args, { ...where, input });
  const rest = (all: Shown) => ({ ...all, stdout: '' });
  return {
    expectSame(index) {
      expect(section(ours.stdout, index)).toBe(section(client.stdout, index));
      // A script that is not found compares nothing.
      expect(client.stdout).toContain(marker(index));
      expect(rest(ours)).toEqual(rest(client));
      expect(client.signal).toBeNull();
    },
  };
}
