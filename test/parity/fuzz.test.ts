import { expect, it } from 'vitest';
import { clientArguments, runClient, runOursWarm } from '../farm/run.js';
import { toComparable } from './compare.js';
import { randomScript, toShellCommand } from './random-script.js';

const count = Number(process.env.FUZZ_SCRIPTS ?? 60);
const firstSeed = Number(process.env.FUZZ_SEED ?? 1);

/** Scripts that run in parallel: more than processors, since each also waits for the server. */
const concurrency = 4;
/** The run stops after this many differences, as more of them are rarely new. */
const maxDifferences = 5;

/**
 * Compares both programs on the script of a seed. Returns a report with a command for a shell, or
 * undefined if the results are the same.
 */
async function findDifference(seed: number): Promise<string | undefined> {
  const script = randomScript(seed);
  const args = ['itwiki', ...script.args];
  if (script.asArgument) args.push('-e', script.text.toString());
  const options = script.asArgument ? {} : { input: script.text };
  const [client, ours] = await Promise.all([
    runClient('s2', args, options),
    runOursWarm([...clientArguments('s2'), ...args], options),
  ]);
  const [expected, actual] = [client, ours].map((run) => JSON.stringify(toComparable(run)));
  if (expected === actual) return undefined;
  const command = toShellCommand(script, 'mariadb');
  return `FUZZ_SEED=${seed}: ${command}\n  client ${expected}\n  ours   ${actual}\n`;
}

it(
  `${count} random scripts from seed ${firstSeed} give the client’s results`,
  async () => {
    const differences: string[] = [];
    const seeds = Array.from({ length: count }, (_, i) => firstSeed + i);
    const worker = async () => {
      for (;;) {
        const seed = seeds.shift();
        if (seed === undefined || differences.length >= maxDifferences) return;
        const difference = await findDifference(seed);
        if (difference !== undefined) differences.push(difference);
      }
    };
    await Promise.all(Array.from({ length: concurrency }, worker));
    expect(differences.join('\n')).toBe('');
  },
  30_000 + count * 1000,
);
