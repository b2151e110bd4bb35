import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readList } from '../farm/contents.js';
import { type RunOptions, runOurs, runOursWarm } from '../farm/run.js';
import { emptyDirectory } from './home.js';

async function runProgram(args: string[], options: RunOptions = {}) {
  const { stdout, stderr, code } = await runOursWarm(args, options);
  return { stdout: stdout.toString(), stderr, code };
}

describe('--print-target --wikis', () => {
  it('prints one line per wiki', async () => {
    expect(await runProgram(['--wikis', 's1,wikishared,itwiki', '--print-target'])).toEqual({
      stdout:
        'enwiki\ts1\tdbstore1008.eqiad.wmnet\t3311\n' +
        'itwiki\ts2\tdbstore1007.eqiad.wmnet\t3312\n' +
        'wikishared\tx1\tdbstore1009.eqiad.wmnet\t3320\n',
      stderr: '',
      code: 0,
    });
  });

  it('prints all wikis, each with the same target as on its own', async () => {
    const { stdout } = await runProgram(['--wikis=all', '--print-target', '--format=json']);
    const lines = stdout.trimEnd().split('\n');
    const endpoints: { wiki: string; host: string; port: number }[] = lines.map((line) =>
      JSON.parse(line),
    );
    expect(endpoints.map(({ wiki }) => wiki)).toEqual(readList('all').sort());
    // In processes of their own.
    for (const wiki of ['enwiki', 'itwiki', 'wikidatawiki']) {
      const endpoint = endpoints.find((item) => item.wiki === wiki);
      const single = await runOurs([wiki, '--print-target']);
      expect(`${endpoint?.host}:${endpoint?.port}\n`).toBe(single.stdout.toString());
    }
  });

  it('reads a list of wikis from a file in the working directory, and prints JDBC URLs', async () => {
    const cwd = emptyDirectory();
    writeFileSync(join(cwd, 'mine.txt'), '# mine\nitwiki\n');
    const args = ['--wikis=@mine.txt', '--print-target', '--format=jdbc'];
    expect((await runProgram(args, { cwd })).stdout).toBe(
      'itwiki\tjdbc:mysql://dbstore1007.eqiad.wmnet:3312/itwiki?characterEncoding=UTF-8\n',
    );
  });
});

describe('a run that is only planned', () => {
  // There are no credentials, so the program cannot log in.
  const withoutCredentials = ['--credentials=/no/such/file', '--wikis=wikipedia - closed & s1,s2'];

  it('is printed as text by --dry-run', async () => {
    const plan = await runProgram([...withoutCredentials, '--dry-run', '-e', 'select 1; select 2']);
    expect({ ...plan, stdout: plan.stdout.split('\n').slice(0, 12) }).toEqual({
      stdout: [
        '8 wikis in 2 sections; nothing is run.',
        '',
        'section  server                        wikis',
        's1       dbstore1008.eqiad.wmnet:3311      1  enwiki',
        's2       dbstore1007.eqiad.wmnet:3312      7  cswiki, itwiki, nlwiki …',
        '',
        'statement 1, line 1:',
        'select 1',
        '',
        'statement 2, line 1:',
        'select 2',
        '',
      ],
      stderr: '',
      code: 0,
    });
  });

  it('is printed as JSON by --plan=json, with the statements of standard input', async () => {
    const input = '-- all of it\nselect 1;\nselect 2;\n';
    const { stdout, stderr, code } = await runProgram([...withoutCredentials, '--plan=json'], {
      input,
    });
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    const { statements, wikis } = JSON.parse(stdout);
    expect(statements).toEqual([
      { line: 2, sql: 'select 1' },
      { line: 3, sql: 'select 2' },
    ]);
    expect(wikis).toHaveLength(8);
  });
});

describe('an error in --wikis is reported in one line', () => {
  it.each<[args: string[], text: string]>([
    [['--wikis=itwik'], 'did you mean itwiki?'],
    [['--wikis=*wikiquotes'], "'*wikiquotes' matches no wiki of any section."],
    [['--wikis=@none.txt'], "Cannot read 'none.txt': no such file."],
    [['--wikis=s1', 'itwiki'], "unexpected argument 'itwiki' with --wikis"],
  ])('%j', async (args, text) => {
    const { stdout, stderr, code } = await runProgram([...args, '-e', 'select 1', '--dry-run']);
    expect(stderr).toMatch(/^analytics-mysql: [^\n]+\n$/);
    expect(stderr).toContain(text);
    expect([stdout, code]).toEqual(['', 13]);
  });
});
