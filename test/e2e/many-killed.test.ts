import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { randomFrom } from '../script/random.js';
import { emptyDirectory, homeWithCredentials } from './home.js';
import { chosen, madeIn, sql, wikis } from './long-run.js';
import { filesIn, runMany, startMany } from './wikis.js';

const where = { home: homeWithCredentials() };

/** Tells when a run is killed; printed, and taken again from MANY_SEED. */
const seed = Number(process.env.MANY_SEED ?? Date.now() % 1_000_000);

/** Runs to the end what is killed again and again, as its user would. Gives how often it was. */
async function killedUntilDone(
  args: string[],
  random: (limit: number) => number,
  look: () => void,
) {
  let resume = false;
  for (let kills = 0; kills < 60; kills++) {
    const run = startMany(chosen, [...args, ...(resume ? ['--resume'] : [])], where);
    // Later and later, so that it comes to an end.
    const moment = setTimeout(() => run.child.kill('SIGKILL'), 100 + random(500 + kills * 100));
    const { code, stderr } = await run.ended;
    clearTimeout(moment);
    look();
    if (code === 0) return kills;
    if (code !== null && !/--resume/.test(stderr)) throw new Error(`ended with ${code}: ${stderr}`);
    // Killed before or after there was something to go on with: the message says which.
    resume = code === null ? true : !resume;
  }
  throw new Error('it never ended');
}

describe(`kill -9 at random moments (MANY_SEED=${seed})`, () => {
  it.each([
    ['x.tsv', 1],
    ['x.parquet', 3],
  ])('then --resume makes %s as if nothing had been', { timeout: 60_000 }, async (name, nth) => {
    const whole = emptyDirectory();
    const undisturbed = await runMany(chosen, ['--output', join(whole, name), '-e', sql], where);
    expect(undisturbed).toMatchObject({ code: 0 });
    const directory = emptyDirectory();
    const file = join(directory, name);
    const expected = filesIn(whole)[name];
    const kills = await killedUntilDone(
      ['--output', file, '-e', sql],
      randomFrom(seed + nth),
      () => {
        if (existsSync(file)) expect(readFileSync(file, 'latin1') === expected).toBe(true);
      },
    );
    expect(kills).toBeGreaterThan(0);
    expect(readdirSync(directory)).toEqual([name]);
  });

  it.each([
    ['tsv', 4],
    ['parquet', 5],
  ])(
    'then --resume makes a directory of %s as if nothing had been',
    { timeout: 60_000 },
    async (format, nth) => {
      const args = ['--format', format, '-e', sql];
      const whole = emptyDirectory();
      expect(await runMany(chosen, ['--output', `${whole}/`, ...args], where)).toMatchObject({
        code: 0,
      });
      const expected = madeIn(whole);
      expect(Object.keys(expected)).toHaveLength(wikis.length);
      const directory = emptyDirectory();
      const random = randomFrom(seed + nth);
      const kills = await killedUntilDone(['--output', `${directory}/`, ...args], random, () => {
        for (const [name, content] of Object.entries(madeIn(directory))) {
          if (name in expected) expect(content === expected[name], name).toBe(true);
        }
      });
      expect(kills).toBeGreaterThan(0);
      const made = madeIn(directory);
      expect(Object.keys(made)).toEqual(Object.keys(expected));
      expect(made).toEqual(expected);
    },
  );
});
