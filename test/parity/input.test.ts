import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { referenceArguments } from '../farm/reference-client.js';
import { clientArguments, program, runClient, runOurs } from '../farm/run.js';
import { asUser, charsetsDirectory, expectSame, toComparable } from './compare.js';

/** Encodes a text in which each character stands for one byte. */
const toBytes = (text: string) => Buffer.from(text, 'latin1');

describe('statements of many MB', () => {
  it.each<[string[], number]>([
    [[], 15_000_000],
    [[], 18_000_000],
    [['--max-allowed-packet=64M'], 20_000_000],
    [['--max-allowed-packet=64M', '--compress'], 17_000_000],
  ])('%j %i bytes', async (args, size) => {
    const input = `select md5('${'y'.repeat(size)}');\nselect 2;`;
    // The input comes from a pipe, as in `cat dump.sql | analytics-mysql`.
    await expectSame(args, { input, ownProcess: true });
  });

  it('in a single line passed with -e', async () => {
    await expectSame(['-e', `select md5('${'é\\n'.repeat(30_000)}'); select 2`]);
  });
});

describe('--binary-mode', () => {
  it.each([
    "select 1;\r\nselect 'a\r\nb';\r\n",
    'select hex("a\0b");\0\nselect 2;',
    'select 1\\g select 2;\nselect 3\\G',
    'delimiter //\nselect 1; select 2//\nuse simplewiki//\nselect database()//',
    '/*!\\C utf8mb4 *//*!*/;\nselect @@character_set_client;\\C latin1\nselect @@character_set_client;',
    'delimiter /*!*/;\n/*!\\C cp932 *//*!*/;\nselect @@character_set_client/*!*/;',
    'charset latin1\n;select @@character_set_client;',
  ])('%j', async (input) => {
    await expectSame(['--binary-mode', '-f', 'itwiki'], { input, ownProcess: true });
    await expectSame(['--binary-mode', 'itwiki', '-vv', '--comments'], { input });
  });

  it('with an unknown character set', async () => {
    const input = 'select 1 \\C latin1;b;\n;select 2;\\C nosuch\nselect 3;\\C\nselect 4;';
    const differences = [charsetsDirectory];
    await expectSame(['--binary-mode', '-f', 'itwiki'], { input, differences });
    await expectSame(['--binary-mode', 'itwiki', '-vv', '--comments'], { input, differences });
  });
});

describe('quotes follow the SQL mode of the session', () => {
  it.each([
    `set sql_mode='ANSI_QUOTES'; select "page_id" from page limit 1; select 'a;"', "b;" ;`,
    `set sql_mode='NO_BACKSLASH_ESCAPES';\nselect 'a\\'; select "b\\", 2;\nselect '\\';\n`,
    `set sql_mode='NO_BACKSLASH_ESCAPES'; select 'a\\'; select 2';\nselect 3;`,
    `set sql_mode='NO_BACKSLASH_ESCAPES,ANSI_QUOTES';\nselect 'a\\n'\\g\nset sql_mode='';\nselect 'a\\';b';`,
  ])('%s', async (input) => {
    await expectSame(['-f', 'itwiki'], { input });
  });
});

describe('comments', () => {
  const input = [
    'select 1 /* a; b */ + /*! 1 */ + /*M! 1 */ + /*+ hint */ 1; -- c;',
    '# d; e',
    'select /*!99999 nothing, */ \'-- ;\', "#;", `page_id`-- 1;\n from page limit 1;',
    'select /* /* nested */ 2; /* open */ /*! select 3 */; --x',
    '\nselect 1--1, 2 # f',
    '+ 3 /**/ ;',
    '/* at the end',
  ].join('\n');
  it.each([[[]], [['--comments']], [['--skip-comments']], [['-c', '-vv', '-N']]])(
    '%j',
    async (args) => {
      await expectSame([...args, '-f', 'itwiki'], { input });
    },
  );
});

describe('stored programs', () => {
  it('can be created, called with several result sets and OUT parameters, and dropped', async () => {
    const input = `use staging
delimiter //
drop procedure if exists parity_p//
drop function if exists parity_f//
create procedure parity_p(out a int, inout b int)
begin
  -- a comment; with a delimiter
  select 1 as one; select 2 as two, ';' as "three";
  set a = 5; set b = b + 1; /* ; */
  if b > 100 then signal sqlstate '45000' set message_text = 'too much'; end if;
end//
create function parity_f(x int) returns int deterministic return x + 1//
set @b = 2; call parity_p(@a, @b)//
delimiter ;
select @a, @b;
set @b = 100;
call parity_p(@a, @b);
call parity_p(@a);
select parity_f(1)\\G
show create procedure parity_p;
drop procedure parity_p; drop function parity_f;
`;
    for (const args of [[], ['-vv'], ['-t'], ['--comments']]) {
      // Not in parallel: both programs create the same objects.
      const line = [...asUser('admin'), '-f', ...args];
      const client = await runClient('staging', line, { input });
      const ours = await runOurs([...clientArguments('staging'), ...line], { input });
      expect(toComparable(ours)).toEqual(toComparable(client));
    }
  });
});

describe('character sets with two-byte characters', () => {
  const input = toBytes(
    [
      "select hex('\x83\x5c'), '\x95\x5c' as a;",
      "select '\xa4\x5c\x81\x27; x'; -- '",
      'select `a` from (select 1 as `a`) \xb1\x60; select "\xe0\x22" ; -- "',
      'select unhex("5c835c5c81"), unhex("5c"), null, unhex("a45c00a40a"), repeat("a\\t", 70) ;',
      "select 2 as '\x83\x5c', '\xa4\x5c' union select 2, 3;",
      '',
    ].join('\n'),
  );
  it.each(['sjis', 'cp932', 'gbk', 'big5', 'euckr', 'gb2312', 'ujis', 'eucjpms', 'latin1'])(
    '%s',
    async (name) => {
      for (const args of [[], ['-r', '-vv'], ['-E']]) {
        await expectSame(['-f', ...args, `--default-character-set=${name}`], { input });
      }
    },
  );
});

it('prints hexadecimal, bit and geometry data as the client does', async () => {
  const input = `select 0x00010a5c, b'01011100', x'', point(1, 92), st_geomfromtext('linestring(0 0,92 10)');
select unhex(group_concat(lpad(hex(seq), 2, '0') order by seq separator '')) from mysql.seq_0_to_255;
select cast(unhex('00095c0a0d1a') as binary(10)), 1 << 63, bit_count(255);`;
  for (const args of [[], ['-r'], ['-t'], ['-E'], ['-N', '--binary-mode']]) {
    await expectSame(['-f', ...asUser('admin'), ...args], { input });
  }
});

/**
 * Runs both programs in a shell, which can close and redirect streams as spawn cannot. Standard
 * input is a pipe.
 */
function expectSameInShell(
  redirection: string,
  args: string[],
  input = 'select 3;\nselect x;',
): void {
  const allArgs = [...clientArguments('s2'), ...args];
  const reference = { command: 'mariadb', line: referenceArguments(allArgs) };
  const [client, ours] = [reference, { command: program, line: allArgs }].map(
    ({ command, line }) => {
      const run = spawnSync('sh', ['-c', `"$0" "$@" ${redirection}`, command, ...line], {
        env: { PATH: process.env.PATH, LC_ALL: 'C.UTF-8', HOME: '/nonexistent' },
        input,
        timeout: 20_000,
      });
      const { status, stdout, stderr } = run;
      return { status, stdout: stdout.toString('latin1'), stderr: stderr.toString('latin1') };
    },
  );
  expect(ours).toEqual(client);
}

describe('redirected and closed standard streams', () => {
  it.each<[redirection: string, args: string[]]>([
    ['< /', []],
    ['< /', ['-f', '-vv']],
    ['< /', ['-e', 'select 1']],
    ['< /dev/null', []],
    ['<&-', ['-e', 'select 1']],
    ['>&-', ['-e', 'select 1']],
    ['>&-', ['-vv']],
    ['>&-', ['-e', 'select repeat("x", 100000) from seq_1_to_100', 'itwiki']],
    ['2>&-', []],
    ['2>&1', ['-f']],
    ['', ['-e', 'select 1', '-vv']],
    ['| cat', ['-n', '-t']],
  ])('%s %j', (redirection, args) => {
    expectSameInShell(redirection, args);
  });
});

describe('a closed standard output with a script from a pipe', () => {
  const sql = 'select count(*) from page; '.repeat(72);
  it.each([[sql], ['select * from seq_1_to_100000; select nothing']])('%s', (script) => {
    expectSameInShell('itwiki >&-', [], script);
  });
});

describe('arguments with bytes that are not UTF-8', () => {
  it.each<[octal: string, more: string]>([
    ['a\\377\\303b\\360\\237\\230\\200\\303\\251', ''],
    ['\\351', '--default-character-set=latin1'],
    ['\\203\\134', '--default-character-set=sjis'],
    ['x', `--delimiter=$(printf '\\377')`],
    ['x', `--init-command="set @a='$(printf '\\377')'"`],
  ])('%s %s', (octal, more) => {
    const text = `$(printf '${octal}')`;
    expectSameInShell(
      `${more} -e "select hex('${text}'), hex(@a)$(printf '\\377')" </dev/null`,
      [],
    );
  });
});
