import { describe, expect, it } from 'vitest';
import { query } from '../../src/library/index.js';
import { runOurs, runOursWarm } from '../farm/run.js';
import { farmOptions } from '../library/farm-options.js';
import { homeWithCredentials } from './home.js';

const variable = 'select @@session.max_statement_time as t';

async function run(...args: string[]): Promise<{ stdout: string; stderr: string }> {
  const { stdout, stderr } = await runOursWarm(args, { env: { HOME: homeWithCredentials() } });
  return { stdout: stdout.toString(), stderr };
}

describe('--max-statement-time', () => {
  it.each<[string[], string]>([
    [['itwiki', '-Ne', variable], '0.000000'],
    [['itwiki', '--max-statement-time=0', '-Ne', variable], '0.000000'],
    [['itwiki', '--max-statement-time=2.5', '-Ne', variable], '2.500000'],
    [['--section=s2', '--max-statement-time', '7', '-Ne', variable], '7.000000'],
    [
      [
        'itwiki',
        '--max-statement-time=2',
        '--init-command=set max_statement_time=3',
        '-Ne',
        variable,
      ],
      '3.000000',
    ],
    [['itwiki', '--max-statement-time=2', '-Ne', `connect enwiktionary; ${variable}`], '2.000000'],
    [['--wikis=itwiki', '-Ne', variable], 'itwiki\t3600.000000'],
    [['--wikis=itwiki', '--max-statement-time=2', '-Ne', variable], 'itwiki\t2.000000'],
    [['--wikis=itwiki', '--max-statement-time=0', '-Ne', variable], 'itwiki\t0.000000'],
  ])('%j: %s', async (args, line) => {
    expect((await run(...args)).stdout).toBe(`${line}\n`);
  });

  it('ends a statement', async () => {
    const sql = 'select sleep(20) from page limit 1';
    const args = ['itwiki', '--max-statement-time=0.2', '-e', sql];
    const { stderr, code } = await runOurs(args, { env: { HOME: homeWithCredentials() } });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^ERROR 1969 \(70100\) at line 1: .*max_statement_time exceeded/);
  });

  it('and --wiki-timeout limit the wikis of a run', async () => {
    const slow = "if(database() = 'itwiki', 60, 0)";
    const args = ['--wikis=itwiki,enwiktionary', '--wiki-timeout=2', '--max-statement-time=50'];
    const { stdout, stderr } = await run(...args, '-Ne', `select sleep(${slow})`);
    expect(stdout).toBe('enwiktionary\t0\n');
    expect(stderr).toContain('1 failed: not finished within 2 s (--wiki-timeout): itwiki\n');
  });

  it('is an option of the library', async () => {
    const rows = query('itwiki', variable, { ...farmOptions(), maxStatementTime: 1.5 });
    expect(await rows.toArray()).toEqual([{ t: 1.5 }]);
    const invalid = query('itwiki', variable, { ...farmOptions(), maxStatementTime: -1 });
    await expect(invalid.toArray()).rejects.toMatchObject({ code: 'bad-number' });
  });
});
