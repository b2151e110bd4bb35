import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { program } from '../farm/run.js';
import type { Section } from '../farm/sections.js';
import { emptyDirectory, homeWithCredentials } from './home.js';
import { asAdmin, filesIn, namesOf, runLine, runMany, startLine, startMany } from './wikis.js';

const context = { home: homeWithCredentials() };
const farm = inject('farm');

/** Returns how many statements containing `mark` are running on the servers of all sections. */
async function running(mark: string): Promise<number> {
  const sql = `select id from information_schema.processlist
    where info like '%${mark}%' and user = 'research'`;
  const found = await Promise.all(farm.running.map((section: Section) => asAdmin(section, sql)));
  return found.flat().length;
}

const soon = { timeout: 15_000, interval: 100 };

describe('a program that reads standard output', () => {
  const big = 'select seq, repeat(database(), 60) r from seq_1_to_300';

  it('gets all rows after a pause in reading', async () => {
    const directory = emptyDirectory();
    const line = `"$OURS" --wikis all -e '${big}' > direct.tsv
      "$OURS" --wikis all -e '${big}' | (sleep 2; cat) > late.tsv
      echo "\${PIPESTATUS[0]}"; cmp direct.tsv late.tsv && wc -l < late.tsv`;
    const { stdout } = await runLine(line, { ...context, cwd: directory });
    expect(stdout).toBe(`0\n${300 * 300 + 1}\n`);
  });

  it.each([
    ['pauses, then exits', '(sleep 2; head -n 1)'],
    ['exits early', 'head -n 1'],
  ])('that %s causes no error, and the queries end on the servers', async (_, reader) => {
    const mark = 'mark_reader';
    const sql = `select seq as ${mark}, repeat(database(), 60) r from seq_1_to_30000`;
    const line = `"$OURS" --wikis all -e '${sql}' | ${reader}; echo "\${PIPESTATUS[0]}"`;
    const { stdout, stderr } = await runLine(line, context);
    expect([stdout, stderr]).toEqual([`wiki\t${mark}\tr\n0\n`, '']);
    await expect.poll(() => running(mark), soon).toBe(0);
  });
});

describe('Ctrl-C', () => {
  /** Takes about two thirds of a second for s5. */
  const sql = (mark: string) => `select database() d, sleep(0.01) as ${mark} from page limit 1`;
  const selection = 's2,s5,s7';
  const wikis = [...namesOf.s2, ...namesOf.s5, ...namesOf.s7].sort();

  it('ends the queries on all servers', async () => {
    const mark = 'mark_ctrl_c';
    const run = startMany('all', ['-e', `select sleep(60) as ${mark}`], context);
    // The query does not use x1.
    await expect.poll(() => running(mark), soon).toBe(8);
    run.child.kill('SIGINT');
    const { stdout, signal } = await run.ended;
    expect([stdout, signal]).toEqual(['', 'SIGINT']);
    await expect.poll(() => running(mark), soon).toBe(0);
  });

  it('leaves complete wikis on standard output, and does not suggest --resume', async () => {
    const run = startMany(selection, ['-e', sql('mark_stream')], context);
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
    'prints the command that resumes %s',
    async (name) => {
      const directory = emptyDirectory();
      const line = `"$OURS" --wikis ${selection} --output "${name}" -e '${sql('mark_file')}'`;
      const run = startLine(`exec ${line}`, { ...context, cwd: directory });
      await expect.poll(() => running('mark_file'), { ...soon, interval: 20 }).toBeGreaterThan(0);
      run.child.kill('SIGINT');
      const { signal, stderr } = await run.ended;
      expect(signal).toBe('SIGINT');
      await expect.poll(() => running('mark_file'), soon).toBe(0);
      const command =
        /to resume, run: (analytics-mysql .* --resume)$/m.exec(stderr)?.[1] ??
        `nothing in: ${stderr}`;
      const resumed = await runLine(`PATH="${dirname(program)}:$PATH"; ${command}`, {
        ...context,
        cwd: directory,
      });
      expect(resumed).toMatchObject({ code: 0 });

      const whole = emptyDirectory();
      await runLine(line, { ...context, cwd: whole });
      const outputsIn = (path: string) =>
        Object.fromEntries(
          Object.entries(filesIn(path)).filter(([file]) => !file.endsWith('.journal')),
        );
      expect(outputsIn(directory)).toEqual(outputsIn(whole));
      expect(Object.keys(outputsIn(whole)).length).toBe(name.endsWith('/') ? wikis.length : 1);
    },
  );

  it('stops a run that is assembling its output file', async () => {
    const directory = emptyDirectory();
    const query = 'select seq, md5(seq) m, sha1(seq) s from seq_1_to_2000';
    const args = ['--output', join(directory, 'x.parquet'), '-e', query];
    const run = startMany(selection, args, context);
    const partialFiles = () => readdirSync(directory).filter((name) => name.endsWith('.part'));
    await expect.poll(partialFiles, { ...soon, interval: 5 }).not.toEqual([]);
    run.child.kill('SIGINT');
    const { signal, stderr } = await run.ended;
    expect([signal, stderr]).toEqual(['SIGINT', expect.stringContaining('--resume')]);
    expect(readdirSync(directory)).toEqual(['.x.parquet.run']);
    expect(await runMany(selection, [...args, '--resume'], context)).toMatchObject({ code: 0 });
    expect(readdirSync(directory)).toEqual(['x.parquet']);
  });

  it('has the same effect as SIGTERM', async () => {
    const file = join(emptyDirectory(), 'x.csv');
    const run = startMany(
      'all',
      ['--output', file, '-e', 'select sleep(60) as mark_term'],
      context,
    );
    await expect.poll(() => running('mark_term'), soon).toBe(8);
    run.child.kill('SIGTERM');
    expect((await run.ended).signal).toBe('SIGTERM');
    await expect.poll(() => running('mark_term'), soon).toBe(0);
    expect((await runMany('s1', ['-e', 'select 1 a'], context)).stdout).toBe(
      'wiki\ta\nenwiki\t1\n',
    );
  });
});
