/*
 * A run into a file that is killed: `killed-run.ts FILE SEED WIKIS`. Gives the answers of so many
 * wikis, half of another's, and kills itself.
 */
import { openFileCollector } from '../../../src/fanout/results/file-collector.js';
import { generator } from '../../output/rows.js';
import { answers, give, halfOf, request } from './parts.js';

async function main(path: string, seed: number, count: number): Promise<void> {
  const all = answers(seed);
  const collector = await openFileCollector(request(Object.keys(all).sort()), path);
  const random = generator(seed + 1);
  const left = Object.entries(all);
  for (let i = 0; i < count; i++) {
    const [next] = left.splice(random(left.length), 1);
    if (next !== undefined) await give(collector, ...next);
  }
  for (const [wiki, answer] of left.slice(0, 2)) halfOf(collector, wiki, answer);
  process.kill(process.pid, 'SIGKILL');
}

const [path = '', seed, count] = process.argv.slice(2);
main(path, Number(seed), Number(count)).catch(console.error);
