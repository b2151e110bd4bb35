import { beforeAll, describe, it } from 'vitest';
import { type ClientDifference, expectSame, lostUnderTls } from './compare.js';
import { runInTurn, type ScriptSequence } from './in-turn.js';

/** Each script runs with each of these lists of options. */
const optionLists = [[], ['-f'], ['-vv'], ['-t'], ['--comments']];

describe('a script on standard input', () => {
  it.each<[string, string]>([
    ['no delimiter at the end', 'select 1;\nselect 2'],
    ['no newline after the last delimiter', 'select 1;'],
    ['an error with its line number', 'select 1;\n\nselect\n  nothing;\nselect 2;'],
    ['two statements on a line, the second invalid', 'select 1; select nothing;'],
    ['a statement after an invalid one on the same line', '\n\nselect nothing; select 2;'],
    ['CRLF', "select 1;\r\nselect 'a\r\nb';\r\n"],
    ['a byte order mark', '\ufeffselect 1;'],
    ['an empty script', ''],
    ['only blanks and delimiters', ' \n\t\n;;\n'],
    ['use', 'use simplewiki\nuse itwiki;\nselect database();'],
    ['use with an unknown database', 'select 1;\n\nuse nosuchwiki;\nselect 2;'],
    ['use without a name', 'use\nselect 1;'],
    ['quit', 'select 1;\nquit\nselect 2;'],
    ['an unknown command', 'select 1;\n\\y\nselect 2;'],
    ['a NUL', 'select 1;\nselect 2\0;\nselect 3;'],
    [
      'the first line of a dump, which enables the sandbox mode',
      '/*M!999999\\- enable the sandbox mode */ \nselect 1;',
    ],
  ])('%s', async (_name, input) => {
    for (const args of optionLists) await expectSame([...args, 'itwiki'], { input });
  });

  describe('after other scripts in the same session', () => {
    const scripts: [string, string][] = [
      ['several statements', 'select 1;\nselect 2;'],
      ['comments of all kinds', '-- a\nselect 1 /* b */ + /*! 1 */ # c\n;select 2 -- d\n;'],
      ['quoted delimiters', `select ';', ";", \`a;b\` from (select 1 as \`a;b\`) x;`],
      ['an escaped quote', `select 'it\\'s; one', 'it''s; two';`],
      ['delimiter', 'delimiter //\nselect 1; select 2//\ndelimiter ;\nselect 3;'],
      ['\\g and \\G', 'select 1\\g\nselect 2 as a, 3 as bb\\G\nselect 4;'],
      ['\\c', 'select nothing \\c\nselect 1;'],
      ['warnings without --show-warnings', "select cast('a' as int);"],
      ['a query with NULLs', 'select null, 1;\nselect null;'],
      [
        'NO_BACKSLASH_ESCAPES',
        "set sql_mode='NO_BACKSLASH_ESCAPES';\nselect 'a\\';\nselect 2;\nset sql_mode=default;",
      ],
      ['several result sets', 'select 1; select 2 where 0; select 3;'],
    ];
    let runs: ScriptSequence[];
    beforeAll(async () => {
      const inputs = scripts.map(([, input]) => input);
      runs = await Promise.all(optionLists.map((args) => runInTurn([...args, 'itwiki'], inputs)));
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
  ])('on a killed connection, with %j', async (args, differences) => {
    const input = 'select 1;\nkill connection_id();\nselect 2;';
    await expectSame([...args, 'itwiki'], { input, differences });
  });
});

describe('options that affect a script', () => {
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

  it('-f before and after -e', async () => {
    await expectSame(['-f', '-e', 'select nothing; select 1']);
    await expectSame(['-e', 'select nothing; select 1', '-f']);
  });

  it('several -e form one script', async () => {
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

  const unknownLocale: ClientDifference = {
    since: '11.8',
    reason: 'it uses utf8mb4 if the locale is not installed',
    client: /^utf8mb4_\w+/m,
    ours: 'latin1_swedish_ci',
  };
  const utf8Locale: ClientDifference = {
    since: '11.8',
    reason: 'it uses utf8mb4 if the locale is UTF-8',
    client: /^utf8mb4_/m,
    ours: 'utf8mb3_',
  };
  it.each<[locale: string, differences: ClientDifference[]]>([
    ['C', []],
    ['POSIX', []],
    ['', []],
    ['C.UTF-8', [utf8Locale]],
    ['en_US.UTF-8', [unknownLocale]],
    ['xx_YY', [unknownLocale]],
  ])('is that of the locale with auto under LC_ALL=%s', async (locale, differences) => {
    const sql = "select @@collation_connection, 'é', hex('é')";
    await expectSame(['--default-character-set=auto', '-e', sql], {
      env: { LC_ALL: locale },
      differences,
    });
  });
});
