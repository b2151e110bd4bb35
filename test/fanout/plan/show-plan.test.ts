import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Failure } from '../../../src/failure.js';
import { printTargets, shownPlan } from '../../../src/fanout/plan/show-plan.js';
import { runClient } from '../../farm/run.js';
import { checkout } from '../../wikis/checkout.js';
import { manySettings, planOf, type SectionsInDns, startSections } from './many.js';

const mwConfigPath = checkout({
  's1.dblist': 'enwiki\n',
  's2.dblist': 'nlwiki\nitwiki\nsvwiki\nptwiki\n',
});
let sections: SectionsInDns;
let usual: string[];

beforeAll(async () => {
  sections = await startSections();
  usual = [`--mw-config-path=${mwConfigPath}`, `--nameserver=${sections.nameserver}`];
});

afterAll(() => sections.stop());

async function show(argv: string[], ...statements: (string | Buffer)[]): Promise<string> {
  const settings = manySettings([...usual, ...argv]);
  const plan = await planOf([...usual, ...argv], statements);
  return (await shownPlan(plan, settings.fanout, settings))?.text ?? 'a run';
}

test('without --dry-run and --plan there is nothing to show', async () => {
  expect(await show(['--wikis=s1'], 'select 1')).toBe('a run');
});

describe('--dry-run', () => {
  test('says where, what and how', async () => {
    const sql = "select count(*)\n  from page where page_title = '\x1b[2J\u202e'";
    expect(await show(['--wikis=*,staging', '--dry-run'], sql, 'select 2')).toBe(
      `6 wikis in 3 sections; nothing is run.

section  server                    wikis
s1       one.eqiad.wmnet:3311          1  enwiki
s2       two.eqiad.wmnet:3312          4  itwiki, nlwiki, ptwiki …
staging  staging.eqiad.wmnet:3350      1  staging

statement 1, line 1:
select count(*)
  from page where page_title = '\\x1b[2J\\u202e'

statement 2, line 2:
select 2

connections  3, 1 to a section
session      read-only
time limit   3600 s a statement
retries      3, after a passing fault
failure      the other wikis go on
output       standard output, tsv, in the order of wikis
rows         first column 'wiki'
`,
    );
  });

  test.each<[argv: string[], lines: string[]]>([
    [
      ['--host=::1', '-P9'],
      ['5 wikis in 1 server; nothing is run.', '::1      [::1]:9      5  enwiki, itwiki, nlwiki …'],
    ],
    [['--socket=/tmp/s'], ['localhost  /tmp/s      5  enwiki, itwiki, nlwiki …']],
    [['--per-section=3'], ['connections  4, 3 to a section']],
    [['--except=s2'], ['1 wiki in 1 section; nothing is run.', 'connections  1']],
    [
      ['--skip-read-only', '--max-statement-time=0'],
      ['session      may write', 'time limit   none'],
    ],
    [
      ['--throttle=.5', '--retries=0'],
      ['rest         0.5 s behind each wiki', 'retries      none'],
    ],
    [['--fail-fast'], ['failure      the first one ends the run']],
    [['--unordered', '-t'], ['output       standard output, table, as wikis are done']],
    [
      ['--output=a.csv.gz', '--resume'],
      ['output       a.csv.gz, csv, gzip, going on with the run before'],
    ],
    [
      ['--output=a/'],
      ['output       a/, a file a wiki, tsv', 'rows         without the name of the wiki'],
    ],
    [['--output=a/', '--wiki-column=db'], ["rows         first column 'db'"]],
    [
      ['--output={wiki}.parquet'],
      [
        'output       {wiki}.parquet, a file a wiki, parquet',
        'rows         without the name of the wiki',
      ],
    ],
    [['--output=a/', '--format=parquet'], ['rows         the wiki is in the path: wiki_db=…/']],
    [
      ['--wiki-column=', '--union-columns'],
      ['rows         without the name of the wiki; NULL where a wiki lacks a column'],
    ],
  ])('%j', async (argv, lines) => {
    const text = await show(['--wikis=*', '--dry-run', ...argv], 'select 1');
    expect(text.split('\n')).toEqual(expect.arrayContaining(lines));
  });
});

describe('--plan json', () => {
  const wiki = (name: string, section: string | null, host: string, port: number) => ({
    wiki: name,
    section,
    host,
    port,
    socket: null,
    database: name,
    jdbcUrl: `jdbc:mysql://${host}:${port}/${name}`,
  });

  test('is the whole run as one value', async () => {
    const argv = ['--wikis=enwiki,itwiki', '--plan=json', '-uanna', '-psecret'];
    const text = await show(argv, "select 'é\n\x1b'", 'select 2');
    expect(JSON.parse(text)).toEqual({
      statements: [
        { line: 1, sql: "select 'é\n\x1b'" },
        { line: 2, sql: 'select 2' },
      ],
      session: 'SET SESSION tx_read_only=1, SESSION max_statement_time=3600',
      limits: { perSection: 1, readOnly: true, maxStatementTime: 3600, throttle: 0, retries: 3 },
      sections: [
        { section: 's1', host: 'one.eqiad.wmnet', port: 3311, socket: null, wikis: ['enwiki'] },
        { section: 's2', host: 'two.eqiad.wmnet', port: 3312, socket: null, wikis: ['itwiki'] },
      ],
      wikis: [
        wiki('enwiki', 's1', 'one.eqiad.wmnet', 3311),
        wiki('itwiki', 's2', 'two.eqiad.wmnet', 3312),
      ],
    });
    expect(text).not.toMatch(/anna|secret/);
    expect(text.split('\n').filter((line) => line.startsWith('{"wiki"'))).toHaveLength(2);
  });

  test('on a host of the user’s own', async () => {
    const argv = ['--wikis=s1', '--plan=json', '--host=db.test', '--port=7'];
    const value = JSON.parse(await show(argv, 'select 1'));
    expect(value.wikis).toEqual([wiki('enwiki', null, 'db.test', 7)]);
  });

  test('through a socket', async () => {
    const value = JSON.parse(await show(['--wikis=s1', '--plan=json', '-S/tmp/s'], 'select 1'));
    const place = { section: null, host: null, port: null, socket: '/tmp/s' };
    expect(value.sections).toEqual([{ ...place, wikis: ['enwiki'] }]);
    expect(value.wikis).toEqual([{ wiki: 'enwiki', ...place, database: 'enwiki', jdbcUrl: null }]);
  });

  test('without limits there is nothing to say first', async () => {
    const argv = ['--wikis=s1', '--plan=json', '--skip-read-only', '--max-statement-time=0'];
    expect(JSON.parse(await show(argv, 'select 1')).session).toBeNull();
  });

  test('what is to be said first is understood', async () => {
    const argv = ['--wikis=s1', '--plan=json', '--max-statement-time=2.5'];
    const { session } = JSON.parse(await show(argv, 'select 1'));
    const sql = `${session}; select @@tx_read_only, @@max_statement_time`;
    expect((await runClient('s2', ['-Ne', sql])).stdout.toString()).toBe('1\t2.500000\n');
  });

  test('a statement that is no UTF-8 is refused, not damaged', async () => {
    const shown = show(['--wikis=s1', '--plan=json'], Buffer.from([0x27, 0xff, 0x27]));
    await expect(shown).rejects.toSatisfy(
      (error) =>
        error instanceof Failure &&
        error.message === '--plan json: the statement at line 1 is no UTF-8',
    );
  });
});

describe('--print-target --wikis', () => {
  async function print(...argv: string[]): Promise<string> {
    const settings = manySettings([...usual, '--print-target', ...argv]);
    return (await printTargets(settings, settings.fanout)).text;
  }

  test.each<[argv: string[], text: string]>([
    [
      ['--wikis=enwiki,itwiki'],
      'enwiki\ts1\tone.eqiad.wmnet\t3311\nitwiki\ts2\ttwo.eqiad.wmnet\t3312\n',
    ],
    [['--wikis=enwiki', '--use-x1'], 'enwiki\tx1\tx.eqiad.wmnet\t3320\n'],
    [['--wikis=enwiki', '--host=a', '-P7'], 'enwiki\t\ta\t7\n'],
    [['--wikis=enwiki', '--socket=/tmp/s'], 'enwiki\t\t/tmp/s\t\n'],
    [
      ['--wikis=enwiki', '--format=json'],
      '{"wiki":"enwiki","section":"s1","host":"one.eqiad.wmnet","port":3311,"socket":null}\n',
    ],
    [['--wikis=enwiki', '--format=jdbc'], 'enwiki\tjdbc:mysql://one.eqiad.wmnet:3311/enwiki\n'],
  ])('%j', async (argv, text) => {
    expect(await print(...argv)).toBe(text);
  });

  test('-v says how each place was found', async () => {
    const settings = manySettings([...usual, '--print-target', '-v', '--wikis=s1,staging']);
    expect((await printTargets(settings, settings.fanout)).warnings).toEqual([
      `section: s1 (named in ${mwConfigPath}/dblists/s1.dblist)`,
      'server: one.eqiad.wmnet:3311 (SRV record _s1-analytics._tcp.eqiad.wmnet)',
      'addresses: from --nameserver',
      'section: staging (staging is always on staging)',
      'server: staging.eqiad.wmnet:3350 (SRV record _staging-analytics._tcp.eqiad.wmnet)',
      'addresses: from --nameserver',
    ]);
  });

  test('a socket has no URL', async () => {
    await expect(print('--wikis=s1', '--socket=/tmp/s', '--format=jdbc')).rejects.toSatisfy(
      (error) => error instanceof Failure && error.code === 'no-jdbc',
    );
  });

  test('what the look-ups had to say comes with it', async () => {
    const argv = [...usual, '--print-target', '--domain=none.test', '--wikis=s1,s2'];
    const settings = manySettings(argv);
    const { warnings } = await printTargets(settings, settings.fanout);
    expect(warnings).toEqual([expect.stringMatching(/_s1-analytics.*The same for s2\.\)$/)]);
  });
});
