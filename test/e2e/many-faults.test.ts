import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Farm, startFarm } from '../farm/farm.js';
import { manyWikis } from '../farm/many-contents.js';
import { smallSizes } from '../farm/many-names.js';
import { killServer, type Restarted, serverPid } from '../farm/restart.js';
import { emptyDirectory, homeWithCredentials } from './home.js';
import { asAdmin, duck, filesIn, namesOf, runMany, startMany, underWay } from './wikis.js';

/** A farm of this file alone, whose servers are killed. */
let farm: Farm;
let where: { farm: Farm; home: string };
const sections = ['s2', 's7'] as const;
const restarted: Restarted[] = [];

beforeAll(async () => {
  farm = await startFarm({ sections: [...sections], contents: manyWikis(smallSizes) });
  where = { farm, home: homeWithCredentials() };
  // What is in the log's memory would be lost with the server.
  for (const section of sections) await asAdmin(section, 'flush logs', farm);
});
afterAll(async () => {
  await Promise.all(restarted.map((server) => server.stop()));
  await farm.stop();
});

const wikis = [...namesOf.s2, ...namesOf.s7].sort();
/** A second for all of s2. */
const sql = 'select page_id, page_title, sleep(if(page_id = 1, 0.06, 0)) s from page order by 1';

const journal = '_analytics-mysql.journal';

/** The files of wikis in a directory. */
function filesOf(directory: string): Record<string, string> {
  const { [journal]: _, ...files } = filesIn(directory);
  return files;
}

async function undisturbed(): Promise<Record<string, string>> {
  const directory = emptyDirectory();
  await runMany('s2,s7', ['--output', `${directory}/`, '-e', sql], where);
  const files = filesOf(directory);
  expect(Object.keys(files)).toEqual(wikis.map((wiki) => `${wiki}.tsv`));
  return files;
}

/** Kills a section's server when it has answered some wikis of a run; gives what starts it again. */
async function killUnder(section: (typeof sections)[number], directory: string) {
  const finished = () =>
    Object.keys(filesOf(directory)).filter((name) =>
      namesOf[section].includes(name.replace('.tsv', '')),
    );
  await expect.poll(() => finished().length, { timeout: 20_000, interval: 10 }).toBeGreaterThan(2);
  await expect.poll(() => underWay(section, farm), { interval: 5 }).not.toEqual([]);
  const start = await killServer(serverPid(farm, section));
  return async () => {
    restarted.push(await start());
  };
}

describe('a server that dies in the middle', () => {
  it('costs the wikis that it has not answered; --resume asks those alone when it is back', async () => {
    const expected = await undisturbed();
    const directory = emptyDirectory();
    const args = ['--output', `${directory}/`, '--retries', '1', '-e', sql];
    const run = startMany('s2,s7', args, where);
    const start = await killUnder('s2', directory);
    const { stderr, code } = await run.ended;
    expect(code).toBe(4);

    const there = filesOf(directory);
    for (const wiki of namesOf.s7) expect(there[`${wiki}.tsv`]).toBe(expected[`${wiki}.tsv`]);
    for (const [name, content] of Object.entries(there)) expect(content).toBe(expected[name]);
    const missing = wikis.length - Object.keys(there).length;
    expect(missing).toBeGreaterThan(0);
    expect(stderr).toContain(`${missing} failed`);
    expect(stderr).toContain(`${wikis.length - missing} wikis ok`);

    await start();
    const connections = async () =>
      Number(
        (await asAdmin('s7', "show global status like 'Connections'", farm))[0]?.split('\t')[1],
      );
    const before = await connections();
    const resumed = await runMany('s2,s7', [...args, '--resume'], where);
    expect(resumed).toMatchObject({ code: 0 });
    expect((await connections()) - before).toBe(1);
    expect(filesOf(directory)).toEqual(expected);
  });

  it('gives FILE of what went well, and all of it after --resume', async () => {
    const file = join(emptyDirectory(), 'x.parquet');
    const args = ['--output', file, '--retries', '0', '-e', sql];
    const read = () => duck(`select wiki, count(*)::int from '${file}' group by 1 order by 1`);
    const run = startMany('s2,s7', args, where);
    await expect.poll(() => underWay('s2', farm), { interval: 5, timeout: 20_000 }).not.toEqual([]);
    const start = await killServer(serverPid(farm, 's2'));
    expect((await run.ended).code).toBe(4);
    const some = await read();
    expect(some.length).toBeGreaterThanOrEqual(namesOf.s7.length);
    expect(some.length).toBeLessThan(wikis.length);

    restarted.push(await start());
    expect(await runMany('s2,s7', [...args, '--resume'], where)).toMatchObject({ code: 0 });
    const whole = join(emptyDirectory(), 'whole.parquet');
    await runMany('s2,s7', ['--output', whole, '-e', sql], where);
    const rows = await read();
    expect(rows).toEqual(
      await duck(`select wiki, count(*)::int from '${whole}' group by 1 order by 1`),
    );
    expect(rows.map(([wiki]) => wiki)).toEqual(wikis);
    expect(Object.keys(filesIn(join(file, '..')))).toEqual(['x.parquet']);
  });

  it('and is back a little later costs nothing', async () => {
    const expected = await undisturbed();
    const directory = emptyDirectory();
    const run = startMany('s2,s7', ['--output', `${directory}/`, '-e', sql], where);
    const start = await killUnder('s2', directory);
    await start();
    expect(await run.ended).toMatchObject({ code: 0 });
    expect(filesOf(directory)).toEqual(expected);
  });

  it('is told when it was not there from the start, and the others answer', async () => {
    const args = ['--retries', '0', '-e', 'select 1 a'];
    const { stdout, stderr, code } = await runMany('s1,s7', args, where);
    expect(stdout).toBe(`wiki\ta\n${namesOf.s7.map((wiki) => `${wiki}\t1\n`).join('')}`);
    expect(code).toBe(4);
    expect(stderr).toContain('1 failed');
  });
});

describe('a connection that is killed on the server', () => {
  /** A setting of the server that changes nothing else says whether the statement waits. */
  const waits = 'delayed_insert_limit';
  const find = `select id from information_schema.processlist
    where db = 'itwiki' and user = 'research' and state = 'User sleep'`;

  /** Has the first statement in itwiki wait until its connection is killed. */
  async function killOnce(): Promise<void> {
    const ask = () => asAdmin('s2', find, farm);
    await expect.poll(ask, { timeout: 20_000, interval: 20 }).not.toEqual([]);
    const [id] = await ask();
    await asAdmin('s2', `set global ${waits} = default; kill ${id}`, farm);
  }
  beforeEach(() => asAdmin('s2', `set global ${waits} = 99`, farm));

  /** Waits in itwiki behind a megabyte of rows. */
  const sql = `select seq as once, repeat(database(), 20) r,
    sleep(if(database() = 'itwiki' and seq = 9000 and @@global.${waits} = 99, 60, 0)) s
    from seq_1_to_10000`;
  const expected = () =>
    namesOf.s2.flatMap((wiki) => {
      const text = wiki.repeat(20);
      return Array.from({ length: 10_000 }, (_, i) => `${wiki}\t${i + 1}\t${text}\t0\n`);
    });

  it.each(['in a stream', 'into FILE'])(
    'among the rows leaves none of them: the wiki is asked again, %s',
    async (way) => {
      const file = join(emptyDirectory(), 'x.tsv');
      const into = way === 'into FILE' ? ['--output', file] : [];
      const run = startMany('s2', [...into, '-e', sql], where);
      await killOnce();
      const { stdout, code } = await run.ended;
      const written = into.length > 0 ? readFileSync(file, 'latin1') : stdout;
      expect(code).toBe(0);
      expect(written === `wiki\tonce\tr\ts\n${expected().join('')}`).toBe(true);
    },
  );

  it('among the rows of a file leaves nothing of it', async () => {
    const directory = emptyDirectory();
    const run = startMany('s2', ['--output', `${directory}/`, '-e', sql], where);
    await killOnce();
    expect((await run.ended).code).toBe(0);
    const files = filesOf(directory);
    expect(Object.keys(files)).toEqual(namesOf.s2.map((wiki) => `${wiki}.tsv`));
    const header = 'once\tr\ts\n';
    const rows = Object.values(files).map((content) => content.slice(header.length));
    const withoutWiki = expected().map((row) => row.slice(row.indexOf('\t') + 1));
    expect(rows.join('') === withoutWiki.join('')).toBe(true);
  });
});
