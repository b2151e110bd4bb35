import { appendFileSync, existsSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { emptyDirectory, homeWithCredentials } from './home.js';
import { chosen, madeIn, sql, wikis } from './long-run.js';
import { startSession } from './session.js';
import { allWikis, type Ending, filesIn, namesOf, runLine, runMany, startMany } from './wikis.js';

const where = { home: homeWithCredentials() };

const journal = '_analytics-mysql.journal';

describe('--resume', () => {
  const count = 'select count(*) n from page';

  /** Starts a run into a place and kills it when some wikis are done. */
  async function broken(output: string, query = sql): Promise<void> {
    const run = startMany(chosen, ['--output', output, '-e', query], where);
    const path = output.endsWith('/')
      ? join(output, journal)
      : output.replace(/([^/]*)$/, '.$1.run/journal');
    const lines = () => (existsSync(path) ? readFileSync(path, 'utf8').split('\n').length : 0);
    await expect.poll(lines, { interval: 5, timeout: 20_000 }).toBeGreaterThan(3);
    run.child.kill('SIGKILL');
    await run.ended;
  }

  const refused = (ending: Ending) => {
    expect([ending.stdout, ending.code]).toEqual(['', 1]);
    expect(ending.stderr.trim().split('\n')).toHaveLength(1);
    return ending.stderr;
  };

  it.each(['x.tsv', 'directory/'])(
    'of %s refuses another query, and goes on with the same',
    async (name) => {
      const output = join(emptyDirectory(), name);
      await broken(output);
      const other = await runMany(chosen, ['--output', output, '--resume', '-e', count], where);
      expect(refused(other)).toMatch(/query|statement/);
      const again = await runMany(chosen, ['--output', output, '-e', sql], where);
      expect(refused(again)).toMatch(/--resume/);
      const same = await runMany(chosen, ['--output', output, '--resume', '-e', sql], where);
      expect(same).toMatchObject({ code: 0 });
    },
  );

  it.each(['x.tsv', 'directory/'])('of %s is refused where nothing was begun', async (name) => {
    const output = join(emptyDirectory(), name);
    const ending = await runMany(chosen, ['--output', output, '--resume', '-e', count], where);
    expect(refused(ending)).toMatch(/--resume/);
  });

  it('with more wikis asks those that are missing', async () => {
    const directory = emptyDirectory();
    await broken(`${directory}/`);
    const args = ['--output', `${directory}/`, '--resume', '-e', sql];
    expect(await runMany('all', args, where)).toMatchObject({ code: 0 });
    expect(Object.keys(madeIn(directory))).toEqual(allWikis.map((wiki) => `${wiki}.tsv`));
  });

  it('takes a journal whose end is torn off', async () => {
    const directory = emptyDirectory();
    await broken(`${directory}/`);
    const path = join(directory, journal);
    truncateSync(path, statSync(path).size - 7);
    const args = ['--output', `${directory}/`, '--resume', '-e', sql];
    expect(await runMany(chosen, args, where)).toMatchObject({ code: 0 });
    expect(Object.keys(madeIn(directory))).toEqual(wikis.map((wiki) => `${wiki}.tsv`));
  });

  it('asks again for files that are no longer as they were', async () => {
    const directory = emptyDirectory();
    const args = ['--output', `${directory}/`, '-e', sql];
    expect(await runMany('s2', args, where)).toMatchObject({ code: 0 });
    const expected = madeIn(directory);
    rmSync(join(directory, 'itwiki.tsv'));
    appendFileSync(join(directory, 'nlwiki.tsv'), 'more\n');
    const { stderr, code } = await runMany('s2', [...args, '--resume'], where);
    expect([stderr, code]).toEqual([expect.stringContaining(' 2 wikis ok'), 0]);
    expect(madeIn(directory)).toEqual(expected);
  });

  it('asks again for rows of FILE that a crash of the machine has taken', async () => {
    const file = join(emptyDirectory(), 'x.tsv');
    await broken(file);
    const rows = join(dirname(file), '.x.tsv.run', 'rows');
    truncateSync(rows, Math.floor(statSync(rows).size / 2));
    const args = ['--output', file, '-e', sql];
    expect(await runMany(chosen, [...args, '--resume'], where)).toMatchObject({ code: 0 });
    const whole = await runMany(chosen, ['-e', sql], where);
    expect(readFileSync(file, 'latin1') === whole.stdout).toBe(true);
  });

  it.each(['x.tsv', 'directory/'])('waits for no run that is still under way: %s', async (name) => {
    const output = join(emptyDirectory(), name);
    const slow = `${sql} where sleep(0) = 0`;
    const run = startMany(chosen, ['--output', output, '-e', slow], where);
    const path = output.endsWith('/') ? output : dirname(output);
    const locked = () =>
      existsSync(path) && Object.keys(filesIn(path)).some((one) => one.includes('journal'));
    await expect.poll(locked, { interval: 5, timeout: 20_000 }).toBe(true);
    const second = await runMany(chosen, ['--output', output, '--resume', '-e', slow], where);
    expect(refused(second)).toMatch(/another run/);
    expect((await run.ended).code).toBe(0);
  });

  it('asks again for those that have failed', async () => {
    const file = join(emptyDirectory(), 'x.tsv');
    // Fails in itwiki as long as another session holds a lock.
    const flaky = `select if(database() = 'itwiki' and get_lock('until-free', 0) = 0,
      (select 1 union select 2), 1) a`;
    const holder = await startSession('s2', "select get_lock('until-free', 0)");
    const args = ['--output', file, '-e', flaky];
    expect(await runMany('s2', args, where)).toMatchObject({ code: 4 });
    const rows = (names: string[]) => `wiki\ta\n${names.map((wiki) => `${wiki}\t1\n`).join('')}`;
    expect(readFileSync(file, 'latin1')).toBe(rows(namesOf.s2.filter((wiki) => wiki !== 'itwiki')));
    await holder.end();
    expect(await runMany('s2', [...args, '--resume'], where)).toMatchObject({ code: 0 });
    expect(readFileSync(file, 'latin1')).toBe(rows(namesOf.s2));
  });
});

describe('a full disk', () => {
  // Some 5 kB a wiki, and 500 kB of itwiki.
  const big = `select seq, repeat(database(), 20) r from seq_1_to_3000
    where seq <= if(database() = "itwiki", 3000, 30)`;
  // A limit of a file's size stands for the disk's.
  const limited = (output: string) =>
    `trap "" XFSZ; ulimit -f 100; exec "$OURS" --wikis s2,s7 --output '${output}' -e '${big}'`;

  it.each(['x.tsv', 'x.parquet', 'directory/'])(
    'ends the run into %s with one line, and --resume completes it',
    async (name) => {
      const parent = emptyDirectory();
      const output = join(parent, name);
      const { stderr, code } = await runLine(limited(output), where);
      expect([code, stderr]).toEqual([1, expect.stringContaining('EFBIG')]);
      expect(stderr).toMatch(/^(analytics-mysql: .*\n)+$/);
      expect(Object.keys(madeIn(parent)).filter((file) => /^x\.|itwiki/.test(file))).toEqual([]);
      const args = ['--output', output, '-e', big];
      expect(await runMany('s2,s7', [...args, '--resume'], where)).toMatchObject({ code: 0 });
      const whole = join(emptyDirectory(), name);
      await runMany('s2,s7', ['--output', whole, '-e', big], where);
      expect(madeIn(join(output, '..'))).toEqual(madeIn(join(whole, '..')));
    },
  );

  it('that rows wait on for their turn ends the run with one line', async () => {
    // 60 MB that wait for a slow wiki; 32 MB of them may lie in memory.
    const sql = `select seq, repeat(database(), 200) r,
      sleep(if(database() = "${namesOf.s5[0]}" and seq = 1, 20, 0)) s from seq_1_to_1000`;
    const line = `trap "" XFSZ; ulimit -f 100; exec "$OURS" --wikis s2,s5,s7 -e '${sql}' > /dev/null`;
    const { stderr, code } = await runLine(line, where);
    expect([code, stderr]).toEqual([1, expect.stringContaining('EFBIG')]);
    expect(stderr).toMatch(/^(analytics-mysql: .*\n)+$/);
  });

  it('behind standard output is an error', async () => {
    const line = `"$OURS" --wikis s2,s7 -e '${big}' > /dev/full`;
    const { stderr, code } = await runLine(line, where);
    expect([code, stderr]).toEqual([1, expect.stringContaining('ENOSPC')]);
  });
});
