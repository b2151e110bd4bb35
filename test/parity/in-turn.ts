import { expect } from 'vitest';
import { type CaseOptions, type ComparableRun, runBoth } from './compare.js';

/** The results of scripts that ran one after the other, in one process of each program. */
export interface ScriptSequence {
  /** Expects the same output for the script at `index`, and the same errors for all scripts. */
  expectSame(index: number): void;
}

const endMarker = (index: number) => `END OF ${index}`;

/** Returns the output of one script: from the previous script's last end marker to its own. */
function outputOf(stdout: string, index: number): string {
  const start = index === 0 ? 0 : stdout.lastIndexOf(endMarker(index - 1));
  return stdout.slice(start, stdout.lastIndexOf(endMarker(index)));
}

/**
 * Runs all scripts in one process of the client and one of the built program, which is faster than
 * one process for each script. A script must not depend on the start or the end of a process.
 * Each script has to terminate its last statement and to leave the session unchanged, and it must
 * not cause an error unless `args` contain --force.
 */
export async function runInTurn(
  args: string[],
  scripts: string[],
  options: CaseOptions = {},
): Promise<ScriptSequence> {
  const input = scripts.map((script, i) => `${script}\nselect '${endMarker(i)}';\n`).join('');
  const { client, ours } = await runBoth(args, { ...options, input });
  const withoutStdout = (run: ComparableRun) => ({ ...run, stdout: '' });
  return {
    expectSame(index) {
      expect(outputOf(ours.stdout, index)).toBe(outputOf(client.stdout, index));
      // Without the marker, the outputs compared above would be meaningless.
      expect(client.stdout).toContain(endMarker(index));
      expect(withoutStdout(ours)).toEqual(withoutStdout(client));
      expect(client.signal).toBeNull();
    },
  };
}
