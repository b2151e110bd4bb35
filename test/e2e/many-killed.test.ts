import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../script/random.js';
import { emptyDirectory, homeWithCredentials } from './home.js';
import { outputFilesIn, selection, sql, wikis } from './long-run.js';
import { filesIn, runMany, startMany } from './wikis.js';

const context = { home: homeWithCredentials() };

/** Determines when runs are killed; the title shows it, and MANY_SEED repeats it. */
const seed = Number(process.env.MANY_SEED ?? Date.now() % 1_000_000);

/** Kills and restarts a run until it completes, as its user would; returns the number of kills. */
async function killUntilDone(
  args: string[],
  random: (limit: number) => number,
  checkOutput: () => void,
) {
  let resume = false;
  for (let kills = 0; kills < 60; kills++) {
    const run = startMany(selection, [...args, ...(resume ? ['--resume'] : [])], context);
    // Each attempt gets more time, so that one completes.
    const moment = setTimeout(() => run.child.kill('SIGKILL'), 100 + random(500 + kills * 100));
    const { code, stderr } = await run.ended;
    clearTimeout(moment);
    checkOutput();
    if (code === 0) return kills;
    if (code !== null && !/--resume/.test(stderr)) throw new Error(`ended with ${code}: ${stderr}`);
    // The kill came before or after there was something to resume; the message says which.
    resume = code === null ? true : !resume;
  }
  throw new Error('the run did not complete within 60 attempts');
}

describe(`kill -9 at random moments (MANY_SEED=${seed})`, () => {
  it.each([
    ['x.tsv', 1],
    ['x.parquet', 3],
  ])(
    'then --resume writes the same %s as an uninterrupted run',
    { timeout: 60_000 },
    async (name, nth) => {
      const whole = emptyDirectory();
      const uninterrupted = await runMany(
        selection,
        ['--output', join(whole, name), '-e', sql],
        context,
      );
      expect(uninterrupted).toMatchObject({ code: 0 });
      const directory = emptyDirectory();
      const file = join(directory, name);
      const expected = filesIn(whole)[name];
      const kills = await killUntilDone(
        ['--output', file, '-e', sql],
        createRandom(seed + nth),
        () => {
          if (existsSync(file)) expect(readFileSync(file, 'latin1') === expected).toBe(true);
        },
      );
      expect(kills).toBeGreaterThan(0);
      expect(readdirSync(directory)).toEqual([name]);
    },
  );

  it.each([
    ['tsv', 4],
    ['parquet', 5],
  ])(
    'then --resume writes the same directory of %s files as an uninterrupted run',
    { timeout: 60_000 },
    async (format, nth) => {
      const args = ['--format', format, '-e', sql];
      const whole = emptyDirectory();
      expect(await runMany(selection, ['--output', `${whole}/`, ...args], context)).toMatchObject({
        code: 0,
      });
      const expected = outputFilesIn(whole);
      expect(Object.keys(expected)).toHaveLength(wikis.length);
      const directory = emptyDirectory();
      const random = createRandom(seed + nth);
      const kills = await killUntilDone(['--output', `${directory}/`, ...args], random, () => {
        for (const [name, content] of Object.entries(outputFilesIn(directory))) {
          if (name in expected) expect(content === expected[name], name).toBe(true);
        }
      });
      expect(kills).toBeGreaterThan(0);
      const made = outputFilesIn(directory);
      expect(Object.keys(made)).toEqual(Object.keys(expected));
      expect(made).toEqual(expected);
    },
  );
});
