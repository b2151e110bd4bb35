import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Farm, startFarm } from '../farm/farm.js';
import { manyWikis } from '../farm/many-contents.js';
import { smallSizes } from '../farm/many-names.js';
import { killServer, type Restarted, serverPid } from '../farm/restart.js';
import { emptyDirectory, homeWithCredentials } from './home.js';
import {
  asAdmin,
  filesIn,
  namesOf,
  runDuckDb,
  runMany,
  runningStatements,
  startMany,
} from './wikis.js';

/** A farm for this file only, since its servers are killed. */
let farm: Farm;
let context: { farm: Farm; home: string };
const sections = ['s2', 's7'] as const;
const restarted: Restarted[] = [];

beforeAll(async () => {
  farm = await startFarm({ sections: [...sections], contents: manyWikis(smallSizes) });
  context = { farm, home: homeWithCredentials() };
  // A killed server would lose what its log buffer still holds.
  for (const section of sections) await asAdmin(section, 'flush logs', farm);
});
afterAll(async () => {
  await Promise.all(restarted.map((server) => server.stop()));
  await farm.stop();
});

const wikis = [...namesOf.s2, ...namesOf.s7].sort();
/** Takes about one second for all of s2. */
const sql = 'select page_id, page_title, sleep(if(page_id = 1, 0.06, 0)) s from page order by 1';

const journal = '_analytics-mysql.journal';

/** Returns the files of the wikis in a directory, without the journal. */
function filesOf(directory: string): Record<string, string> {
  const { [journal]: _, ...files } = filesIn(directory);
  return files;
}

/** Returns the files that an uninterrupted run writes. */
async function runUninterrupted(): Promise<Record<string, string>> {
  const directory = emptyDirectory();
  await runMany('s2,s7', ['--output', `${directory}/`, '-e', sql], context);
  const files = filesOf(directory);
  expect(Object.keys(files)).toEqual(wikis.map((wiki) => `${wiki}.tsv`));
  return files;
}

/** Kills a section's server after it has answered some wikis; returns a function that restarts it. */
async function killDuringRun(section: (typeof sections)[number], directory: string) {
  const finished = () =>
    Object.keys(filesOf(directory)).filter((name) =>
      namesOf[section].includes(name.replace('.tsv', '')),
    );
  await expect.poll(() => finished().length, { timeout: 20_000, interval: 10 }).toBeGreaterThan(2);
  await expect.poll(() => runningStatements(section, farm), { interval: 5 }).not.toEqual([]);
  const start = await killServer(serverPid(farm, section));
  return async () => {
    restarted.push(await start());
  };
}

describe('a server that is killed during a run', () => {
  it('fails only its unanswered wikis; --resume queries only those after its restart', async () => {
    const expected = await runUninterrupted();
    const directory = emptyDirectory();
    const args = ['--output', `${directory}/`, '--retries', '1', '-e', sql];
    const run = startMany('s2,s7', args, context);
    const start = await killDuringRun('s2', directory);
    const { stderr, code } = await run.ended;
    expect(code).toBe(4);

    const written = filesOf(directory);
    for (const wiki of namesOf.s7) expect(written[`${wiki}.tsv`]).toBe(expected[`${wiki}.tsv`]);
    for (const [name, content] of Object.entries(written)) expect(content).toBe(expected[name]);
    const missing = wikis.length - Object.keys(written).length;
    expect(missing).toBeGreaterThan(0);
    expect(stderr).toContain(`${missing} failed`);
    expect(stderr).toContain(`${wikis.length - missing} wikis ok`);

    await start();
    const connections = async () =>
      Number(
        (await asAdmin('s7', "show global status like 'Connections'", farm))[0]?.split('\t')[1],
      );
    const before = await connections();
    const resumed = await runMany('s2,s7', [...args, '--resume'], context);
    expect(resumed).toMatchObject({ code: 0 });
    expect((await connections()) - before).toBe(1);
    expect(filesOf(directory)).toEqual(expected);
  });

  it('leaves the finished wikis in FILE, and --resume completes it', async () => {
    const file = join(emptyDirectory(), 'x.parquet');
    const args = ['--output', file, '--retries', '0', '-e', sql];
    const read = () => runDuckDb(`select wiki, count(*)::int from '${file}' group by 1 order by 1`);
    const run = startMany('s2,s7', args, context);
    await expect
      .poll(() => runningStatements('s2', farm), { interval: 5, timeout: 20_000 })
      .not.toEqual([]);
    const start = await killServer(serverPid(farm, 's2'));
    expect((await run.ended).code).toBe(4);
    const some = await read();
    expect(some.length).toBeGreaterThanOrEqual(namesOf.s7.length);
    expect(some.length).toBeLessThan(wikis.length);

    restarted.push(await start());
    expect(await runMany('s2,s7', [...args, '--resume'], context)).toMatchObject({ code: 0 });
    const whole = join(emptyDirectory(), 'whole.parquet');
    await runMany('s2,s7', ['--output', whole, '-e', sql], context);
    const rows = await read();
    expect(rows).toEqual(
      await runDuckDb(`select wiki, count(*)::int from '${whole}' group by 1 order by 1`),
    );
    expect(rows.map(([wiki]) => wiki)).toEqual(wikis);
    expect(Object.keys(filesIn(join(file, '..')))).toEqual(['x.parquet']);
  });

  it('fails no wiki if it restarts soon', async () => {
    const expected = await runUninterrupted();
    const directory = emptyDirectory();
    const run = startMany('s2,s7', ['--output', `${directory}/`, '-e', sql], context);
    const start = await killDuringRun('s2', directory);
    await start();
    expect(await run.ended).toMatchObject({ code: 0 });
    expect(filesOf(directory)).toEqual(expected);
  });

  it('is reported if it was down from the start, and the other servers answer', async () => {
    const args = ['--retries', '0', '-e', 'select 1 a'];
    const { stdout, stderr, code } = await runMany('s1,s7', args, context);
    expect(stdout).toBe(`wiki\ta\n${namesOf.s7.map((wiki) => `${wiki}\t1\n`).join('')}`);
    expect(code).toBe(4);
    expect(stderr).toContain('1 failed');
  });
});

describe('a connection that is killed on the server', () => {
  /** This server variable has no other effect; its value decides whether the statement waits. */
  const waitSetting = 'delayed_insert_limit';
  const findSql = `select id from information_schema.processlist
    where db = 'itwiki' and user = 'research' and state = 'User sleep'`;

  /** Waits for the first statement in itwiki, kills its connection, and lets the retry succeed. */
  async function killFirstAttempt(): Promise<void> {
    const findConnection = () => asAdmin('s2', findSql, farm);
    await expect.poll(findConnection, { timeout: 20_000, interval: 20 }).not.toEqual([]);
    const [id] = await findConnection();
    await asAdmin('s2', `set global ${waitSetting} = default; kill ${id}`, farm);
  }
  beforeEach(() => asAdmin('s2', `set global ${waitSetting} = 99`, farm));

  /** In itwiki, waits after a megabyte of rows. */
  const sql = `select seq as once, repeat(database(), 20) r,
    sleep(if(database() = 'itwiki' and seq = 9000 and @@global.${waitSetting} = 99, 60, 0)) s
    from seq_1_to_10000`;
  const expected = () =>
    namesOf.s2.flatMap((wiki) => {
      const text = wiki.repeat(20);
      return Array.from({ length: 10_000 }, (_, i) => `${wiki}\t${i + 1}\t${text}\t0\n`);
    });

  it.each(['in a stream', 'into FILE'])(
    'during its rows leaves none of them, and the wiki is retried: %s',
    async (way) => {
      const file = join(emptyDirectory(), 'x.tsv');
      const into = way === 'into FILE' ? ['--output', file] : [];
      const run = startMany('s2', [...into, '-e', sql], context);
      await killFirstAttempt();
      const { stdout, code } = await run.ended;
      const output = into.length > 0 ? readFileSync(file, 'latin1') : stdout;
      expect(code).toBe(0);
      expect(output === `wiki\tonce\tr\ts\n${expected().join('')}`).toBe(true);
    },
  );

  it('during the rows of a file leaves no partial file', async () => {
    const directory = emptyDirectory();
    const run = startMany('s2', ['--output', `${directory}/`, '-e', sql], context);
    await killFirstAttempt();
    expect((await run.ended).code).toBe(0);
    const files = filesOf(directory);
    expect(Object.keys(files)).toEqual(namesOf.s2.map((wiki) => `${wiki}.tsv`));
    const header = 'once\tr\ts\n';
    const rows = Object.values(files).map((content) => content.slice(header.length));
    const withoutWiki = expected().map((row) => row.slice(row.indexOf('\t') + 1));
    expect(rows.join('') === withoutWiki.join('')).toBe(true);
  });
});
