/*
 * A run into a file that kills itself: `killed-run.ts FILE SEED WIKIS`. It delivers the answers of
 * WIKIS wikis and half of the answers of two others before.
 */
import { openFileCollector } from '../../../src/fanout/results/file-collector.js';
import { createRandom } from '../../output/rows.js';
import { deliver, deliverHalf, randomAnswers, request } from './answers.js';

async function main(path: string, seed: number, count: number): Promise<void> {
  const all = randomAnswers(seed);
  const collector = await openFileCollector(request(Object.keys(all).sort()), path);
  const random = createRandom(seed + 1);
  const left = Object.entries(all);
  for (let i = 0; i < count; i++) {
    const [next] = left.splice(random(left.length), 1);
    if (next !== undefined) await deliver(collector, ...next);
  }
  for (const [wiki, answer] of left.slice(0, 2)) deliverHalf(collector, wiki, answer);
  process.kill(process.pid, 'SIGKILL');
}

const [path = '', seed, count] = process.argv.slice(2);
main(path, Number(seed), Number(count)).catch(console.error);
