import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import type { Section } from '../farm/places.js';
import { program } from '../farm/run.js';
import { emptyDirectory, homeWithCredentials } from './home.js';
import { asAdmin, filesIn, namesOf, runLine, runMany, startLine, startMany } from './wikis.js';

const where = { home: homeWithCredentials() };
const farm = inject('farm');

/** How many statements that carry `mark` the servers of all sections have under way. */
async function running(mark: string): Promise<number> {
  const sql = `select id from information_schema.processlist
    where info like '%${mark}%' and user = 'research'`;
  const found = await Promise.all(farm.running.map((section: Section) => asAdmin(section, sql)));
  return found.flat().length;
}

const soon = { timeout: 15_000, interval: 100 };

describe('a reader', () => {
  const big = 'select seq, repeat(database(), 60) r from seq_1_to_300';

  it('that stops reading for a while gets all of it', async () => {
    const directory = emptyDirectory();
    const line = `"$OURS" --wikis all -e '${big}' > direct.tsv
      "$OURS" --wikis all -e '${big}' | (sleep 2; cat) > late.tsv
      echo "\${PIPESTATUS[0]}"; cmp direct.tsv late.tsv && wc -l < late.tsv`;
    const { stdout } = await runLine(line, { ...where, cwd: directory });
    expect(stdout).toBe(`0\n${300 * 300 + 1}\n`);
  });

  it.each([
    ['stops, then goes away', '(sleep 2; head -n 1)'],
    ['has seen enough', 'head -n 1'],
  ])('that %s is no error, and the servers are free again', async (_, reader) => {
    const mark = 'mark_reader';
    const sql = `select seq as ${mark}, repeat(database(), 60) r from seq_1_to_30000`;
    const line = `"$OURS" --wikis all -e '${sql}' | ${reader}; echo "\${PIPESTATUS[0]}"`;
    const { stdout, stderr } = await runLine(line, where);
    expect([stdout, stderr]).toEqual([`wiki\t${mark}\tr\n0\n`, '']);
    await expect.poll(() => running(mark), soon).toBe(0);
  });
});

describe('Ctrl-C', () => {
  /** Two thirds of a second for s5. */
  const sql = (mark: string) => `select database() d, sleep(0.01) as ${mark} from page limit 1`;
  const chosen = 's2,s5,s7';
  const wikis = [...namesOf.s2, ...namesOf.s5, ...namesOf.s7].sort();

  it('ends the queries on all servers', async () => {
    const mark = 'mark_ctrl_c';
    const run = startMany('all', ['-e', `select sleep(60) as ${mark}`], where);
    // x1 has no part in it.
    await expect.poll(() => running(mark), soon).toBe(8);
    run.child.kill('SIGINT');
    const { stdout, signal } = await run.ended;
    expect([stdout, signal]).toEqual(['', 'SIGINT']);
    await expect.poll(() => running(mark), soon).toBe(0);
  });

  it('leaves whole wikis on standard output, and says that there is nothing to resume', async () => {
    const run = startMany(chosen, ['-e', sql('mark_stream')], where);
    let stdout = '';
    run.child.stdout?.on('data', (data) => {
      stdout += data;
    });
    await expect.poll(() => stdout.split('\n').length, { ...soon, interval: 5 }).toBeGreaterThan(5);
    run.child.kill('SIGINT');
    const { signal, stderr } = await run.ended;
    expect(signal).toBe('SIGINT');
    const rows = stdout.split('\n').slice(1, -1);
    expect(stdout.endsWith('\n')).toBe(true);
    expect(rows).toEqual(wikis.slice(0, rows.length).map((wiki) => `${wiki}\t${wiki}\t0`));
    expect(stderr).not.toContain('--resume');
  });

  it.each(['x.tsv', "it's odd/", 'x.parquet'])(
    'prints the command that goes on with %s',
    async (name) => {
      const directory = emptyDirectory();
      const line = `"$OURS" --wikis ${chosen} --output "${name}" -e '${sql('mark_file')}'`;
      const run = startLine(`exec ${line}`, { ...where, cwd: directory });
      const some = () => /\d+.* done|\d+ of \d+/.test(run.said());
      void some;
      await expect.poll(() => running('mark_file'), { ...soon, interval: 20 }).toBeGreaterThan(0);
      run.child.kill('SIGINT');
      const { signal, stderr } = await run.ended;
      expect(signal).toBe('SIGINT');
      await expect.poll(() => running('mark_file'), soon).toBe(0);
      const words =
        /to go on: (analytics-mysql .* --resume)$/m.exec(stderr)?.[1] ?? `nothing in: ${stderr}`;
      const resumed = await runLine(`PATH="${dirname(program)}:$PATH"; ${words}`, {
        ...where,
        cwd: directory,
      });
      expect(resumed).toMatchObject({ code: 0 });

      const whole = emptyDirectory();
      await runLine(line, { ...where, cwd: whole });
      const made = (one: string) =>
        Object.fromEntries(
          Object.entries(filesIn(one)).filter(([file]) => !file.endsWith('.journal')),
        );
      expect(made(directory)).toEqual(made(whole));
      expect(Object.keys(made(whole)).length).toBe(name.endsWith('/') ? wikis.length : 1);
    },
  );

  it('ends a run that is making its file of what has come', async () => {
    const directory = emptyDirectory();
    const query = 'select seq, md5(seq) m, sha1(seq) s from seq_1_to_2000';
    const args = ['--output', join(directory, 'x.parquet'), '-e', query];
    const run = startMany(chosen, args, where);
    const made = () => readdirSync(directory).filter((name) => name.endsWith('.part'));
    await expect.poll(made, { ...soon, interval: 5 }).not.toEqual([]);
    run.child.kill('SIGINT');
    const { signal, stderr } = await run.ended;
    expect([signal, stderr]).toEqual(['SIGINT', expect.stringContaining('--resume')]);
    expect(readdirSync(directory)).toEqual(['.x.parquet.run']);
    expect(await runMany(chosen, [...args, '--resume'], where)).toMatchObject({ code: 0 });
    expect(readdirSync(directory)).toEqual(['x.parquet']);
  });

  it('SIGTERM does the same', async () => {
    const file = join(emptyDirectory(), 'x.csv');
    const run = startMany('all', ['--output', file, '-e', 'select sleep(60) as mark_term'], where);
    await expect.poll(() => running('mark_term'), soon).toBe(8);
    run.child.kill('SIGTERM');
    expect((await run.ended).signal).toBe('SIGTERM');
    await expect.poll(() => running('mark_term'), soon).toBe(0);
    expect((await runMany('s1', ['-e', 'select 1 a'], where)).stdout).toBe('wiki\ta\nenwiki\t1\n');
  });
});
