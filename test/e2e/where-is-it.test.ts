import { describe, expect, it } from 'vitest';
import { clientArguments, runOurs, runOursWarm } from '../farm/run.js';
import { homeWithCredentials } from './home.js';

/** Runs the program until it ends; returns the lines of standard error and the exit status. */
async function run(args: string[], input = ''): Promise<{ lines: string[]; code: number | null }> {
  const { stderr, code } = await runOursWarm(args, { input, env: { HOME: homeWithCredentials() } });
  return { lines: stderr.trimEnd().split('\n'), code };
}

/** Returns the lines that are not a statement, a rule or an error of the server. */
function explanationsIn(lines: readonly string[]): string[] {
  return lines.filter((line) => line.startsWith('analytics-mysql: '));
}

const prefix = 'analytics-mysql: ';

describe('one line after the error says where a table or a database is', () => {
  it.each<[args: string[], explanation: string]>([
    [['itwiki', '-e', 'select 1 from echo_event'], 'echo_event is on x1: use --use-x1'],
    [
      ['--section', 's2', '-D', 'itwiki', '-e', 'select 1 from itwiki.Echo_Event'],
      'Echo_Event is on x1: use --use-x1 in place of --section',
    ],
    [
      ['itwiki', '-e', 'select 1 from echo_unread_wikis'],
      'echo_unread_wikis is in the database wikishared on x1: run analytics-mysql wikishared',
    ],
    [
      ['itwiki', '--use-x1', '-e', 'select 1 from cx_translations'],
      'cx_translations is in the database wikishared on x1: run analytics-mysql wikishared',
    ],
    [
      ['itwiki', '-e', 'select 1 from globaluser'],
      'globaluser is in the database centralauth on s7: run analytics-mysql centralauth',
    ],
    [
      ['itwiki', '--use-x1', '-e', 'select 1 from page'],
      'x1 has only tables of extensions: leave out --use-x1 for the other tables of itwiki',
    ],
    [
      ['--section', 'x1', '-e', 'select 1 from itwiki.page'],
      'x1 has only tables of extensions: leave out --section x1 for the other tables of itwiki',
    ],
    [
      ['itwiki', '-e', 'select 1 from enwiki.page'],
      'enwiki is on s1, not on s2, and a session has one section: run analytics-mysql enwiki',
    ],
    [
      ['itwiki', '-e', 'use enwiki'],
      'enwiki is on s1, not on s2, and a session has one section: run analytics-mysql enwiki',
    ],
    [
      ['--section', 's2', '-e', 'use centralauth'],
      'centralauth is on s7, not on s2, and a session has one section: run analytics-mysql centralauth',
    ],
    [
      ['wikishared', '-e', 'select 1 from centralauth.globaluser'],
      'centralauth is on s7, not on x1, and a session has one section: run analytics-mysql centralauth',
    ],
    [
      ['--section', 's1', 'itwiki', '-e', 'select 1'],
      'itwiki is on s2, not on s1: leave out --section',
    ],
    [['itwiki', '-e', 'select 1 from pagge'], 'did you mean page?'],
    [['itwiki', '--use-x1', '-e', 'select 1 from echo_evnt'], 'did you mean echo_event?'],
    [['itwiki', '-e', 'use nlwki'], "there is no wiki 'nlwki': did you mean nlwiki?"],
  ])('%j', async (args, explanation) => {
    const { lines, code } = await run(args);
    expect(lines.at(-2)).toMatch(/^ERROR (1146|1049|1044|1142) /);
    expect([lines.at(-1), explanationsIn(lines).length, code]).toEqual([
      `${prefix}${explanation}`,
      1,
      1,
    ]);
  });

  it.each<[args: string[]]>([
    [['itwiki', '-e', 'select 1 from quite_another_name']],
    [['itwiki', '-e', 'use quite_another_name']],
    [['itwiki', '-e', 'select nothing from page']],
    [['staging', '-e', 'select 1 from quite_another_name']],
  ])('but not if nothing is known: %j', async (args) => {
    const { lines, code } = await run(args);
    expect([explanationsIn(lines), code]).toEqual([[], 1]);
  });

  it.each(['echo_event', 'enwiki.page', 'pagge'])(
    'but not on a server that the user named: %s',
    async (table) => {
      const args = [...clientArguments('s2'), 'itwiki', '-e', `select 1 from ${table}`];
      const { lines, code } = await run(args);
      expect([explanationsIn(lines), code]).toEqual([[], 1]);
    },
  );

  it('once for tables and once for databases, and keeps the warnings of the session', async () => {
    const script = [
      'select 1 from echo_event',
      'use enwiki',
      'select 1 from globaluser',
      'use dewiki',
      'select 1/0',
      'select 1 from pagge',
      'show warnings',
    ];
    const { stderr, stdout } = await runOurs(['itwiki', '-f', '-N'], {
      input: `${script.join(';\n')};\n`,
      env: { HOME: homeWithCredentials() },
    });
    const lines = stderr.trimEnd().split('\n');
    expect(explanationsIn(lines)).toEqual([
      `${prefix}echo_event is on x1: use --use-x1`,
      `${prefix}enwiki is on s1, not on s2, and a session has one section: run analytics-mysql enwiki`,
    ]);
    expect(stdout.toString()).toMatch(/^NULL\nError\t1146\t.*pagge/);
  });
});

describe('--wikis says once where a table or a database is', () => {
  it.each<[args: string[], line: RegExp]>([
    [
      ['itwiki,nlwiki', '-e', 'select 1 from echo_event'],
      /: no wiki has the table 'echo_event'; echo_event is on x1: use --use-x1$/,
    ],
    [
      ['s2', '-e', 'select 1 from globaluser'],
      /; globaluser is in the database centralauth on s7: run analytics-mysql centralauth$/,
    ],
    [
      ['itwiki,nlwiki', '--use-x1', '-e', 'select 1 from page'],
      /; x1 has only tables of extensions: leave out --use-x1 for the other tables of itwiki$/,
    ],
    [['itwiki,nlwiki', '-e', 'select 1 from pagge'], /; did you mean page\?$/],
    [
      ['enwiki,itwiki,nlwiki', '-e', 'select 1 from enwiki.page limit 1'],
      /: enwiki is on s1, not on s2: a statement of --wikis can use only databases of the same section$/,
    ],
  ])('%j', async ([wikis = '', ...args], line) => {
    const { lines } = await run(['--wikis', wikis, ...args]);
    expect(lines.filter((text) => line.test(text))).toHaveLength(1);
    expect(lines.filter((text) => / is (on|in) |did you mean|x1 has only/.test(text))).toHaveLength(
      1,
    );
  });
});

describe('a host without an address', () => {
  const hint = `${prefix}the replicas can be reached only from the analytics clients, such as stat1008: is this one of them?`;
  const nowhere = ['--nameserver', '127.0.0.1:1'];

  it.each<[args: string[]]>([
    [['itwiki', '-e', 'select 1']],
    [['--section', 's2', '-e', 'select 1']],
    [['itwiki', '--redacted', '-e', 'select 1']],
    [['--wikis', 'itwiki,enwiki', '-e', 'select 1']],
  ])('means that the machine is not an analytics client: %j', async (args) => {
    const { lines, code } = await run([...args, ...nowhere]);
    expect(lines.filter((line) => line === hint)).toHaveLength(1);
    expect(code).toBe(args[0] === '--wikis' ? 4 : 1);
  });

  it.each<[args: string[]]>([
    [['--host', 'no.such.host', '-e', 'select 1']],
    [['itwiki', '--redacted', '--redacted-host', 'no.such.host', '-e', 'select 1']],
  ])('but not if the user named the host: %j', async (args) => {
    const { lines } = await run([...args, ...nowhere]);
    expect(lines.join('\n')).toContain('Unknown server host');
    expect(lines).not.toContain(hint);
  });
});
