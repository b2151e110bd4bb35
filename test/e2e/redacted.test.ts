import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { runOurs, runOursWarm } from '../farm/run.js';
import { emptyDirectory, homeWithCredentials } from './home.js';

/** The options for the redacted replicas; the farm's are at the address of section s2. */
const redacted = ['--redacted', '--redacted-host', inject('farm').endpoints.s2.host];

async function runProgram(args: string[], run = runOursWarm) {
  const { stdout, stderr, code } = await run(args, {
    env: { HOME: homeWithCredentials() },
  });
  return { stdout: stdout.toString(), stderr, code };
}

describe('--redacted', () => {
  it('queries the redacted database of a wiki', async () => {
    const sql = 'select database(), count(*), min(page_title) from page';
    const open = await runProgram(['itwiki', '-Ne', sql]);
    const result = await runProgram(['itwiki', ...redacted, '-Ne', sql], runOurs);
    expect(result).toEqual({ ...open, stdout: open.stdout.replace('itwiki', 'itwiki_p') });
    expect(result.code).toBe(0);
  });

  it('prints the usual host, the port of the section and the database', async () => {
    const print = async (...args: string[]) => {
      const { stdout } = await runProgram([...args, '--redacted', '--print-target']);
      return stdout;
    };
    const host = 'an-redacteddb1001.eqiad.wmnet';
    expect(await print('itwiki')).toBe(`${host}:3312\n`);
    expect(await print('itwiki', '--format=jdbc')).toBe(
      `jdbc:mysql://${host}:3312/itwiki_p?characterEncoding=UTF-8\n`,
    );
    expect(JSON.parse(await print('itwiki', '--format=json'))).toMatchObject({
      database: 'itwiki_p',
      section: 's2',
      host,
      port: 3312,
      found: {
        section: { by: 'dblist' },
        host: { by: 'redacted', where: '--redacted' },
        port: { by: 'srv' },
      },
    });
    expect(await print('--wikis', 'itwiki,enwiki')).toBe(
      `enwiki\ts1\t${host}\t3311\nitwiki\ts2\t${host}\t3312\n`,
    );
  });

  it('runs on many wikis, whose names are those of the wikis', async () => {
    const directory = emptyDirectory();
    const file = join(directory, 'pages.tsv');
    const args = ['--wikis', 'itwiki,nlwiki', ...redacted, '--output', file, '--provenance'];
    const sql = 'select database() as name, count(*) as pages from page';
    const { stdout, code } = await runProgram([...args, '-e', sql]);
    expect({ stdout, code }).toEqual({ stdout: '', code: 0 });
    expect(readFileSync(file, 'utf8')).toBe(
      'wiki\tname\tpages\nitwiki\titwiki_p\t200\nnlwiki\tnlwiki_p\t20\n',
    );
    const provenance = JSON.parse(readFileSync(`${file}.meta.json`, 'utf8'));
    expect(provenance.options.redacted).toBe(true);
    expect(JSON.stringify(provenance.wikis)).not.toContain('_p"');
  });

  it('continues only a run on the redacted replicas', async () => {
    const directory = emptyDirectory();
    const file = join(directory, 'pages.tsv');
    const args = ['--wikis', 'itwiki,nlwiki', '--output', file, '--max-statement-time=0.2', '-e'];
    const sql = "select sleep(if(database() like 'nlwiki%', 9, 0)) as s";
    const first = await runProgram([...args, sql, ...redacted]);
    expect(first.stderr).toContain('nlwiki');
    expect(first.code).toBe(4);
    const journal = readdirSync(directory).filter((name) => name.startsWith('.pages'));
    expect(journal).toEqual(['.pages.tsv.run']);
    const other = await runProgram([...args, sql, '--resume']);
    expect(other.stderr).toContain('has other statements, wikis or options than this one');
    expect(other.code).toBe(1);
  });

  it.each<[args: string[], text: string]>([
    [['itwiki', '--redacted-host', 'x.test'], '--redacted-host needs --redacted'],
    [['itwiki', '--redacted', '--use-x1'], 'x1 has no redacted copy'],
    [['itwiki', '--redacted', '--host', 'x.test'], '--redacted cannot be used with --host'],
    [['staging', '--redacted'], 'There is no redacted copy of staging'],
    [['centralauth', '--redacted'], 'There is no redacted copy of centralauth'],
    [['wikishared', '--redacted'], 'There is no redacted copy of section x1'],
    [['--wikis', 'itwiki,centralauth', '--redacted'], 'There is no redacted copy of centralauth'],
    [['--section', 'x1', '--redacted'], 'There is no redacted copy of section x1'],
  ])('is refused where there is no redacted copy: %j', async (args, text) => {
    const { stdout, stderr, code } = await runProgram([...args, '-e', 'select 1']);
    expect(stderr).toMatch(/^analytics-mysql: [^\n]+\n$/);
    expect(stderr).toContain(text);
    expect(stdout).toBe('');
    expect(code).not.toBe(0);
  });
});
