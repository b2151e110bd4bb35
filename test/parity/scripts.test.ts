import { beforeAll, describe, it } from 'vitest';
import { type ClientDifference, expectSame, lostUnderTls } from './compare.js';
import { type InTurn, runInTurn } from './in-turn.js';

const ways = [[], ['-f'], ['-vv'], ['-t'], ['--comments']];

describe('a script on standard input', () => {
  it.each<[string, string]>([
    ['no delimiter at the end', 'select 1;\nselect 2'],
    ['no newline at the end', 'select 1;'],
    ['an error, with its line', 'select 1;\n\nselect\n  nothing;\nselect 2;'],
    ['two statements on a line, the second wrong', 'select 1; select nothing;'],
    ['a statement after a wrong one on its line', '\n\nselect nothing; select 2;'],
    ['CRLF', "select 1;\r\nselect 'a\r\nb';\r\n"],
    ['a byte order mark', '\ufeffselect 1;'],
    ['nothing', ''],
    ['blanks', ' \n\t\n;;\n'],
    ['use', 'use simplewiki\nuse itwiki;\nselect database();'],
    ['use of an unknown database', 'select 1;\n\nuse nosuchwiki;\nselect 2;'],
    ['use of nothing', 'use\nselect 1;'],
    ['quit', 'select 1;\nquit\nselect 2;'],
    ['an unknown command', 'select 1;\n\\y\nselect 2;'],
    ['a NUL', 'select 1;\nselect 2\0;\nselect 3;'],
    ['the sandbox line of a dump', '/*M!999999\\- enable the sandbox mode */ \nselect 1;'],
  ])('%s', async (_name, input) => {
    for (const args of ways) await expectSame([...args, 'itwiki'], { input });
  });

  describe('after another', () => {
    const scripts: [string, string][] = [
      ['several statements', 'select 1;\nselect 2;'],
      ['comments of all kinds', '-- a\nselect 1 /* b */ + /*! 1 */ # c\n;select 2 -- d\n;'],
      ['quotes with delimiters in them', `select ';', ";", \`a;b\` from (select 1 as \`a;b\`) x;`],
      ['an escaped quote', `select 'it\\'s; one', 'it''s; two';`],
      ['delimiter', 'delimiter //\nselect 1; select 2//\ndelimiter ;\nselect 3;'],
      ['\\g and \\G', 'select 1\\g\nselect 2 as a, 3 as bb\\G\nselect 4;'],
      ['\\c', 'select nothing \\c\nselect 1;'],
      ['warnings that nobody asked for', "select cast('a' as int);"],
      ['a query with NULLs', 'select null, 1;\nselect null;'],
      [
        'NO_BACKSLASH_ESCAPES',
        "set sql_mode='NO_BACKSLASH_ESCAPES';\nselect 'a\\';\nselect 2;\nset sql_mode=default;",
      ],
      ['CALL with two results', 'select 1; select 2 where 0; select 3;'],
    ];
    let runs: InTurn[];
    beforeAll(async () => {
      const inputs = scripts.map(([, input]) => input);
      runs = await Promise.all(ways.map((args) => runInTurn([...args, 'itwiki'], inputs)));
    });
    it.each(scripts.map(([name], index) => [name, index] as const))('%s', (_name, index) => {
      for (const run of runs) run.expectSame(index);
    });
  });

  it.each<[args: string[], differences: ClientDifference[]]>([
    [[], []],
    [['-f'], [lostUnderTls]],
    [['-vv'], []],
    [['-t'], []],
    [['--comments'], []],
  ])('a connection that is killed, with %j', async (args, differences) => {
    const input = 'select 1;\nkill connection_id();\nselect 2;';
    await expectSame([...args, 'itwiki'], { input, differences });
  });
});

describe('options', () => {
  it.each<[string[], string]>([
    [['--delimiter=//'], 'select 1; select 2//\nselect 3//'],
    [['--init-command=set @a = 5'], 'select @a'],
    [['--init-command=set @a = nothing'], 'select @a'],
    [
      ['--default-character-set=latin1'],
      'select @@collation_connection, page_title from page limit 3',
    ],
    [['--default-character-set=nosuch'], 'select 1'],
    [['--default-character-set=utf16'], 'select 1'],
    [['--binary-mode'], 'select 1;\r\nselect "a\r\nb\0c";\n'],
    [['--named-commands'], 'select 1;\nselect 2\nuse simplewiki\n;select database();'],
    [['--skip-line-numbers'], '\nselect nothing'],
    [['--disable-line-numbers'], '\nselect nothing'],
    [['--compress'], 'show status like "Compression"'],
    [['--connect-timeout=5'], 'select 1'],
    [['--no-auto-rehash', '-A'], 'select 1'],
    [['--reconnect'], 'select 1'],
    [['--max-allowed-packet=4096'], "select 1; select repeat('x', 4093); select 2"],
    [['--max-allowed-packet=4096'], "select 1; select repeat('x', 4094); select 2"],
    [['--max-allowed-packet=4096', '-f'], "select repeat('x', 4094); select 2; select 3"],
    [['--database=simplewiki'], 'select database()'],
    [['-D', 'simplewiki', 'itwiki'], 'select database()'],
    [['nosuchwiki'], 'select 1'],
    [['--no-such-option'], 'select 1'],
    [['--skip'], 'select 1'],
    [['--table=maybe', 'itwiki'], 'select 1'],
    [['--quick=1', '--ver', '--unbuffered'], 'select 1'],
  ])('%j', async (args, input) => {
    await expectSame(args, { input });
  });

  it('-f before and behind -e', async () => {
    await expectSame(['-f', '-e', 'select nothing; select 1']);
    await expectSame(['-e', 'select nothing; select 1', '-f']);
  });

  it('several -e are one text', async () => {
    await expectSame(['-e', 'select 1', '-e', '+ 1; select', '-e', '2']);
  });
});

describe('the character set of the connection', () => {
  const locales = ['C', 'C.UTF-8', 'POSIX', 'en_US.UTF-8', 'xx_YY', ''];

  it.each([...locales, undefined])('is utf8mb4 under LC_ALL=%s', async (locale) => {
    const sql =
      "select @@collation_connection, 'ł😀', hex('ł😀'), convert(0xf09f9880 using utf8mb4)";
    await expectSame(['-e', sql], { env: { LC_ALL: locale } });
  });

  const missing: ClientDifference = {
    since: '11.8',
    reason: 'it takes utf8mb4 where the locale is not installed',
    client: /^utf8mb4_\w+/m,
    ours: 'latin1_swedish_ci',
  };
  const longer: ClientDifference = {
    since: '11.8',
    reason: 'it takes utf8mb4 where the locale is UTF-8',
    client: /^utf8mb4_/m,
    ours: 'utf8mb3_',
  };
  it.each<[locale: string, differences: ClientDifference[]]>([
    ['C', []],
    ['POSIX', []],
    ['', []],
    ['C.UTF-8', [longer]],
    ['en_US.UTF-8', [missing]],
    ['xx_YY', [missing]],
  ])('is the locale’s under LC_ALL=%s with auto', async (locale, differences) => {
    const sql = "select @@collation_connection, 'é', hex('é')";
    await expectSame(['--default-character-set=auto', '-e', sql], {
      env: { LC_ALL: locale },
      differences,
    });
  });
});
