import { expect, it } from 'vitest';
import { clientArguments, runClient, runOurs } from '../farm/run.js';
import { shown } from './compare.js';
import { asCommand, randomScript } from './random-script.js';

const count = Number(process.env.FUZZ_SCRIPTS ?? 60);
const firstSeed = Number(process.env.FUZZ_SEED ?? 1);

/** So many at once: more than processors, since each also waits for the server. */
const atOnce = 4;
/** After so many differences the rest says nothing new. */
const enough = 5;

/** What differs for the script of a seed, in a form that can be pasted into a shell. */
async function difference(seed: number): Promise<string | undefined> {
  const script = randomScript(seed);
  const args = ['itwiki', ...script.args];
  if (script.asArgument) args.push('-e', script.text.toString());
  const where = script.asArgument ? {} : { input: script.text };
  const [client, ours] = await Promise.all([
    runClient('s2', args, where),
    runOurs([...clientArguments('s2'), ...args], where),
  ]);
  const [expected, found] = [client, ours].map((run) => JSON.stringify(shown(run)));
  if (expected === found) return undefined;
  const command = asCommand(script, 'mariadb');
  return `FUZZ_SEED=${seed}: ${command}\n  client ${expected}\n  ours   ${found}\n`;
}

it(
  `${count} random scripts from seed ${firstSeed} run as with the client`,
  async () => {
    const differences: string[] = [];
    const seeds = Array.from({ length: count }, (_, i) => firstSeed + i);
    const work = async () => {
      for (;;) {
        const seed = seeds.shift();
        if (seed === undefined || differences.length >= enough) return;
        const found = await difference(seed);
        if (found !== undefined) differences.push(found);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    expect(differences.join('\n')).toBe('');
  },
  30_000 + count * 1000,
);
