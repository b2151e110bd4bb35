import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Failure } from '../../../src/failure.js';
import { describePlan, describeTargets } from '../../../src/fanout/plan/show-plan.js';
import { runClient } from '../../farm/run.js';
import { createCheckout } from '../../wikis/checkout.js';
import { fanoutSettingsOf, planOf, type SectionNameServer, startSections } from './plan-of.js';

const mwConfigPath = createCheckout({
  's1.dblist': 'enwiki\n',
  's2.dblist': 'nlwiki\nitwiki\nsvwiki\nptwiki\n',
});
let sections: SectionNameServer;
let commonOptions: string[];

beforeAll(async () => {
  sections = await startSections();
  commonOptions = [`--mw-config-path=${mwConfigPath}`, `--nameserver=${sections.nameserver}`];
});

afterAll(() => sections.stop());

async function formatPlan(argv: string[], ...statements: (string | Buffer)[]): Promise<string> {
  const settings = fanoutSettingsOf([...commonOptions, ...argv]);
  const plan = await planOf([...commonOptions, ...argv], statements);
  return (await describePlan(plan, settings.fanout, settings))?.text ?? 'a run';
}

test('without --dry-run and --plan there is no description', async () => {
  expect(await formatPlan(['--wikis=s1'], 'select 1')).toBe('a run');
});

describe('--dry-run', () => {
  test('shows sections, statements and settings', async () => {
    const sql = "select count(*)\n  from page where page_title = '\x1b[2J\u202e'";
    expect(await formatPlan(['--wikis=*,staging', '--dry-run'], sql, 'select 2')).toBe(
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

connections  3, 1 per section
session      read-only
time limit   3600 s per statement
retries      3, after transient errors
failure      the other wikis continue
output       standard output, tsv, sorted by wiki
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
    [['--per-section=3'], ['connections  4, 3 per section']],
    [['--except=s2'], ['1 wiki in 1 section; nothing is run.', 'connections  1']],
    [
      ['--skip-read-only', '--max-statement-time=0'],
      ['session      read-write', 'time limit   none'],
    ],
    [['--wiki-timeout=9'], ['time limit   3600 s per statement', 'wiki limit   9 s']],
    [
      ['--throttle=.5', '--retries=0'],
      ['throttle     0.5 s after each wiki', 'retries      none'],
    ],
    [['--fail-fast'], ['failure      the first failure stops the run']],
    [
      ['--unordered', '-t'],
      ['output       standard output, table, in the order in which wikis finish'],
    ],
    [
      ['--output=a.csv.gz', '--resume'],
      ['output       a.csv.gz, csv, gzip, continues an unfinished run'],
    ],
    [
      ['--output=a/'],
      ['output       a/, one file per wiki, tsv', 'rows         no column for the wiki'],
    ],
    [['--output=a/', '--wiki-column=db'], ["rows         first column 'db'"]],
    [
      ['--output={wiki}.parquet'],
      [
        'output       {wiki}.parquet, one file per wiki, parquet',
        'rows         no column for the wiki',
      ],
    ],
    [['--wiki-fields=size,closed'], ["rows         first column 'wiki', 'size', 'closed'"]],
    [['--output=a/', '--format=parquet'], ['rows         the path names the wiki: wiki_db=…/']],
    [
      ['--wiki-column=', '--union-columns'],
      ['rows         no column for the wiki; NULL for columns that a wiki does not have'],
    ],
  ])('%j', async (argv, lines) => {
    const text = await formatPlan(['--wikis=*', '--dry-run', ...argv], 'select 1');
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
    jdbcUrl: `jdbc:mysql://${host}:${port}/${name}?characterEncoding=UTF-8`,
  });

  test('prints the run as one JSON value', async () => {
    const argv = ['--wikis=enwiki,itwiki', '--plan=json', '-uanna', '-psecret'];
    const text = await formatPlan(argv, "select 'é\n\x1b'", 'select 2');
    expect(JSON.parse(text)).toEqual({
      statements: [
        { line: 1, sql: "select 'é\n\x1b'" },
        { line: 2, sql: 'select 2' },
      ],
      session: 'SET SESSION tx_read_only=1, SESSION max_statement_time=3600',
      limits: {
        perSection: 1,
        readOnly: true,
        maxStatementTime: 3600,
        wikiTimeout: 0,
        throttle: 0,
        retries: 3,
      },
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

  test('has null sections with --host', async () => {
    const argv = ['--wikis=s1', '--plan=json', '--host=db.test', '--port=7'];
    const value = JSON.parse(await formatPlan(argv, 'select 1'));
    expect(value.wikis).toEqual([wiki('enwiki', null, 'db.test', 7)]);
  });

  test('has the path of a socket instead of host and port', async () => {
    const value = JSON.parse(
      await formatPlan(['--wikis=s1', '--plan=json', '-S/tmp/s'], 'select 1'),
    );
    const place = { section: null, host: null, port: null, socket: '/tmp/s' };
    expect(value.sections).toEqual([{ ...place, wikis: ['enwiki'] }]);
    expect(value.wikis).toEqual([{ wiki: 'enwiki', ...place, database: 'enwiki', jdbcUrl: null }]);
  });

  test('has no session statement without limits', async () => {
    const argv = ['--wikis=s1', '--plan=json', '--skip-read-only', '--max-statement-time=0'];
    expect(JSON.parse(await formatPlan(argv, 'select 1')).session).toBeNull();
  });

  test('has a session statement that a server accepts', async () => {
    const argv = ['--wikis=s1', '--plan=json', '--max-statement-time=2.5'];
    const { session } = JSON.parse(await formatPlan(argv, 'select 1'));
    const sql = `${session}; select @@tx_read_only, @@max_statement_time`;
    expect((await runClient('s2', ['-Ne', sql])).stdout.toString()).toBe('1\t2.500000\n');
  });

  test('refuses a statement that is not UTF-8', async () => {
    const shown = formatPlan(['--wikis=s1', '--plan=json'], Buffer.from([0x27, 0xff, 0x27]));
    await expect(shown).rejects.toSatisfy(
      (error) =>
        error instanceof Failure &&
        error.message === '--plan json: the statement at line 1 is not UTF-8',
    );
  });
});

describe('--print-target --wikis', () => {
  async function formatTargets(...argv: string[]): Promise<string> {
    const settings = fanoutSettingsOf([...commonOptions, '--print-target', ...argv]);
    return (await describeTargets(settings, settings.fanout)).text;
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
      '{"wiki":"enwiki","dbname":"enwiki","section":"s1","host":"one.eqiad.wmnet","port":3311,"socket":null}\n',
    ],
    [
      ['--wikis=enwiki', '--format=jsonl', '--wiki-fields=section'],
      '{"wiki":"enwiki","section":"s1"}\n',
    ],
    [
      ['--wikis=enwiki', '--format=jdbc'],
      'enwiki\tjdbc:mysql://one.eqiad.wmnet:3311/enwiki?characterEncoding=UTF-8\n',
    ],
    [
      ['--wikis=enwiki,itwiki', '--format=csv'],
      'dbname,section,host,port\nenwiki,s1,one.eqiad.wmnet,3311\nitwiki,s2,two.eqiad.wmnet,3312\n',
    ],
    [['--wikis=enwiki', '--format=tsv', '-N', '--wiki-fields=port,dbname'], '3311\tenwiki\n'],
    [['--wikis=enwiki', '--wiki-fields=dbname,section,family'], 'enwiki\ts1\t\n'],
    [
      ['--wikis=enwiki', '--format=table', '--wiki-fields=section,port'],
      '+---------+------+\n| section | port |\n+---------+------+\n| s1      | 3311 |\n+---------+------+\n',
    ],
    [
      ['--wikis=enwiki', '--format=csv', '--socket=/tmp/s'],
      'dbname,section,host,port\nenwiki,,,\n',
    ],
  ])('%j', async (argv, text) => {
    expect(await formatTargets(...argv)).toBe(text);
  });

  test('-v reports how each target was found', async () => {
    const settings = fanoutSettingsOf([
      ...commonOptions,
      '--print-target',
      '-v',
      '--wikis=s1,staging',
    ]);
    expect((await describeTargets(settings, settings.fanout)).warnings).toEqual([
      `section: s1 (named in ${mwConfigPath}/dblists/s1.dblist)`,
      'server: one.eqiad.wmnet:3311 (SRV record _s1-analytics._tcp.eqiad.wmnet)',
      'addresses: from --nameserver',
      'section: staging (staging is always on staging)',
      'server: staging.eqiad.wmnet:3350 (SRV record _staging-analytics._tcp.eqiad.wmnet)',
      'addresses: from --nameserver',
    ]);
  });

  test('a socket has no URL', async () => {
    await expect(formatTargets('--wikis=s1', '--socket=/tmp/s', '--format=jdbc')).rejects.toSatisfy(
      (error) => error instanceof Failure && error.code === 'no-jdbc',
    );
  });

  test('warnings of the look-ups are returned', async () => {
    const argv = [...commonOptions, '--print-target', '--domain=none.test', '--wikis=s1,s2'];
    const settings = fanoutSettingsOf(argv);
    const { warnings } = await describeTargets(settings, settings.fanout);
    expect(warnings).toEqual([expect.stringMatching(/_s1-analytics.*The same for s2\.\)$/)]);
  });
});
