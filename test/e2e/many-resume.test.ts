import { appendFileSync, existsSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { emptyDirectory, homeWithCredentials } from './home.js';
import { outputFilesIn, selection, sql, wikis } from './long-run.js';
import { startSession } from './session.js';
import { type Ending, filesIn, namesOf, runLine, runMany, startMany } from './wikis.js';

const context = { home: homeWithCredentials() };

const journal = '_analytics-mysql.journal';

describe('--resume', () => {
  const count = 'select count(*) n from page';

  /** Starts a run that writes to `output`, and kills it when some wikis are done. */
  async function interruptRun(output: string, query = sql): Promise<void> {
    const run = startMany(selection, ['--output', output, '-e', query], context);
    const path = output.endsWith('/')
      ? join(output, journal)
      : output.replace(/([^/]*)$/, '.$1.run/journal');
    const lines = () => (existsSync(path) ? readFileSync(path, 'utf8').split('\n').length : 0);
    await expect.poll(lines, { interval: 5, timeout: 20_000 }).toBeGreaterThan(3);
    run.child.kill('SIGKILL');
    await run.ended;
  }

  /** Expects that the program refused to run, with one line; returns that line. */
  const expectRefusal = (ending: Ending) => {
    expect([ending.stdout, ending.code]).toEqual(['', 1]);
    expect(ending.stderr.trim().split('\n')).toHaveLength(1);
    return ending.stderr;
  };

  it.each(['x.tsv', 'directory/'])(
    'of %s refuses another query, and continues with the same one',
    async (name) => {
      const output = join(emptyDirectory(), name);
      await interruptRun(output);
      const other = await runMany(
        selection,
        ['--output', output, '--resume', '-e', count],
        context,
      );
      expect(expectRefusal(other)).toMatch(/query|statement/);
      const again = await runMany(selection, ['--output', output, '-e', sql], context);
      expect(expectRefusal(again)).toMatch(/--resume/);
      const same = await runMany(selection, ['--output', output, '--resume', '-e', sql], context);
      expect(same).toMatchObject({ code: 0 });
    },
  );

  it.each(['x.tsv', 'directory/'])('of %s starts a run if there is none', async (name) => {
    const output = join(emptyDirectory(), name);
    const args = ['--output', output, '--resume', '-e', count];
    expect(await runMany('s2', args, context)).toMatchObject({ code: 0 });
  });

  it('with other wikis is refused, and --restart starts over', async () => {
    const directory = emptyDirectory();
    await interruptRun(`${directory}/`);
    const args = ['--output', `${directory}/`, '-e', count];
    expect(expectRefusal(await runMany('s2', [...args, '--resume'], context))).toMatch(/--restart/);
    expect(await runMany('s2', [...args, '--restart'], context)).toMatchObject({ code: 0 });
    expect(Object.keys(outputFilesIn(directory))).toEqual(
      [...namesOf.s2].sort().map((wiki) => `${wiki}.tsv`),
    );
  });

  it('accepts a journal with a truncated last line', async () => {
    const directory = emptyDirectory();
    await interruptRun(`${directory}/`);
    const path = join(directory, journal);
    truncateSync(path, statSync(path).size - 7);
    const args = ['--output', `${directory}/`, '--resume', '-e', sql];
    expect(await runMany(selection, args, context)).toMatchObject({ code: 0 });
    expect(Object.keys(outputFilesIn(directory))).toEqual(wikis.map((wiki) => `${wiki}.tsv`));
  });

  it('queries a wiki again if its file was changed or removed', async () => {
    const directory = emptyDirectory();
    const args = ['--output', `${directory}/`, '-e', sql];
    expect(await runMany('s2', args, context)).toMatchObject({ code: 0 });
    const expected = outputFilesIn(directory);
    rmSync(join(directory, 'itwiki.tsv'));
    appendFileSync(join(directory, 'nlwiki.tsv'), 'more\n');
    const { stderr, code } = await runMany('s2', [...args, '--resume'], context);
    expect([stderr, code]).toEqual([expect.stringContaining(' 2 wikis ok'), 0]);
    expect(outputFilesIn(directory)).toEqual(expected);
  });

  it('queries a wiki again if a crash of the machine lost its rows of FILE', async () => {
    const file = join(emptyDirectory(), 'x.tsv');
    await interruptRun(file);
    const rows = join(dirname(file), '.x.tsv.run', 'rows');
    truncateSync(rows, Math.floor(statSync(rows).size / 2));
    const args = ['--output', file, '-e', sql];
    expect(await runMany(selection, [...args, '--resume'], context)).toMatchObject({ code: 0 });
    const whole = await runMany(selection, ['-e', sql], context);
    expect(readFileSync(file, 'latin1') === whole.stdout).toBe(true);
  });

  it.each(['x.tsv', 'directory/'])(
    'refuses to resume a run that is still running: %s',
    async (name) => {
      const output = join(emptyDirectory(), name);
      const slow = `${sql} where sleep(0) = 0`;
      const run = startMany(selection, ['--output', output, '-e', slow], context);
      const path = output.endsWith('/') ? output : dirname(output);
      const locked = () =>
        existsSync(path) && Object.keys(filesIn(path)).some((file) => file.includes('journal'));
      await expect.poll(locked, { interval: 5, timeout: 20_000 }).toBe(true);
      const second = await runMany(
        selection,
        ['--output', output, '--resume', '-e', slow],
        context,
      );
      expect(expectRefusal(second)).toMatch(/another run/);
      expect((await run.ended).code).toBe(0);
    },
  );

  it('queries the failed wikis again', async () => {
    const file = join(emptyDirectory(), 'x.tsv');
    // Takes too long in itwiki while another session holds the lock.
    const flaky = `select if(database() = 'itwiki' and get_lock('until-free', 0) = 0,
      sleep(20), 1) a`;
    const holder = await startSession('s2', "select get_lock('until-free', 0)");
    const args = ['--output', file, '--max-statement-time=1', '-e', flaky];
    expect(await runMany('s2', args, context)).toMatchObject({ code: 4 });
    const rows = (names: string[]) => `wiki\ta\n${names.map((wiki) => `${wiki}\t1\n`).join('')}`;
    expect(readFileSync(file, 'latin1')).toBe(rows(namesOf.s2.filter((wiki) => wiki !== 'itwiki')));
    await holder.end();
    expect(await runMany('s2', [...args, '--resume'], context)).toMatchObject({ code: 0 });
    expect(readFileSync(file, 'latin1')).toBe(rows(namesOf.s2));
  });
});

describe('a full disk', () => {
  // About 5 kB per wiki, and 500 kB for itwiki.
  const big = `select seq, repeat(database(), 20) r from seq_1_to_3000
    where seq <= if(database() = "itwiki", 3000, 30)`;
  // The file size limit of the shell simulates a full disk.
  const limited = (output: string) =>
    `trap "" XFSZ; ulimit -f 100; exec "$OURS" --wikis s2,s7 --output '${output}' -e '${big}'`;

  it.each(['x.tsv', 'x.parquet', 'directory/'])(
    'ends a run that writes %s with an error message, and --resume completes it',
    async (name) => {
      const parent = emptyDirectory();
      const output = join(parent, name);
      const { stderr, code } = await runLine(limited(output), context);
      expect([code, stderr]).toEqual([1, expect.stringMatching(/EFBIG|the file is too large/)]);
      expect(stderr).toMatch(/^(analytics-mysql: .*\n)+$/);
      expect(Object.keys(outputFilesIn(parent)).filter((file) => /^x\.|itwiki/.test(file))).toEqual(
        [],
      );
      const args = ['--output', output, '-e', big];
      expect(await runMany('s2,s7', [...args, '--resume'], context)).toMatchObject({ code: 0 });
      const whole = join(emptyDirectory(), name);
      await runMany('s2,s7', ['--output', whole, '-e', big], context);
      expect(outputFilesIn(join(output, '..'))).toEqual(outputFilesIn(join(whole, '..')));
    },
  );

  it('for the spill file of waiting rows ends the run with an error message', async () => {
    // 60 MB wait for a slow wiki; at most 32 MB of them stay in memory.
    const sql = `select seq, repeat(database(), 200) r,
      sleep(if(database() = "${namesOf.s5[0]}" and seq = 1, 20, 0)) s from seq_1_to_1000`;
    const line = `trap "" XFSZ; ulimit -f 100; exec "$OURS" --wikis s2,s5,s7 -e '${sql}' > /dev/null`;
    const { stderr, code } = await runLine(line, context);
    expect([code, stderr]).toEqual([1, expect.stringContaining('EFBIG')]);
    expect(stderr).toMatch(/^(analytics-mysql: .*\n)+$/);
  });

  it('for standard output is an error', async () => {
    const line = `"$OURS" --wikis s2,s7 -e '${big}' > /dev/full`;
    const { stderr, code } = await runLine(line, context);
    expect([code, stderr]).toEqual([1, expect.stringContaining('no space left on the device')]);
  });
});
