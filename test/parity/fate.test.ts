/*
 * Options that act on a whole session, connections that fail or end, several result sets of a
 * statement, and LOAD DATA LOCAL.
 */

import { beforeAll, describe, inject, it } from 'vitest';
import { referenceArguments } from '../farm/reference-client.js';
import { clientArguments } from '../farm/run.js';
import { asUser, type ClientDifference, expectSame, lostUnderTls } from './compare.js';
import { directoryOf } from './directory.js';
import { runInTurn, type ScriptSequence } from './in-turn.js';

const cwd = directoryOf({
  'data.txt': '1\ta\n2\tb\n3\n',
  "odd'name.txt": '5\te\n',
  'leer zeichen ä.txt': '6\tf\n',
  'empty.txt': '',
  'large.txt': Array.from({ length: 200_000 }, (_, i) => `${i}\trow ${i}\n`).join(''),
  'directory/': '',
});

describe('--one-database', () => {
  const scripts = [
    'use itwiki;\nselect 1;\nset @a=5;\nselect @a;\nuse staging;\nselect @a, 2;',
    'select database();\nuse nosuch;\nselect nothing;\nuse staging\nselect 2;',
    '\\u itwiki\n  SET @b=1;\n/*x*/ set @c=1; (select 1); set\n@d=1;\nuse staging\nselect @b, @c, @d;',
    'set @a = 1; use itwiki\nset nothing; select 2;',
  ];
  it.each(scripts)('%s', async (input) => {
    await expectSame(['-o', 'staging'], { input, section: 'staging' });
  });

  it.each([['-o'], ['-o -D staging'], ['-o -vv staging'], ['-o -f staging']])(
    '%s',
    async (words) => {
      const input = scripts.join('\n');
      await expectSame(words.split(' '), { input, section: 'staging' });
    },
  );
});

describe('--safe-updates', () => {
  const input = `select @@sql_safe_updates, @@sql_select_limit, @@max_join_size;
create temporary table t (a int primary key, b int);
insert into t values (1, 2), (2, 3);
select a from t;
update t set b = 3;
update t set b = 3 where a = 1;
connect
select @@sql_safe_updates, @@sql_select_limit;`;
  it.each([
    ['-U'],
    ['--i-am-a-dummy'],
    ['-U --select-limit=1 --max-join-size=77'],
    ['--select-limit=5'],
    ['-U --skip-safe-updates'],
    ['-U --select-limit=0'],
    ['-U --max-join-size=18446744073709551615'],
    ['-U --max-join-size=1k'],
    ['-U --init-command=set\tsql_select_limit=4'],
  ])('%s', async (words) => {
    await expectSame([...words.split(' '), '-f', 'staging'], { input, section: 'staging' });
  });
});

describe('--init-command', () => {
  const commands = ['select 1', 'set @a=1; set @b=2', 'select 1; select 2', 'select nothing', ''];
  it.each(commands)('%s', async (command) => {
    const input = 'select @a, @b;\nconnect\nselect @a;';
    await expectSame([`--init-command=${command}`, '-f', 'itwiki'], { input });
  });
});

describe('the character set that --init-command sets', () => {
  // In cp932 the backslash is the second byte of a character, so it does not escape the quote.
  const quoted = Buffer.from("select hex('\x83\x5c'), 'x;y';\n", 'latin1');
  const wide = "select 'äö日本😀' as `ü日`, 'x';\n";
  const input = Buffer.concat([
    Buffer.from(wide),
    quoted,
    Buffer.from(`connect\n${wide}charset latin1\n${wide}connect\n${wide}set names utf8mb4;${wide}`),
    Buffer.from('source charset.sql\n'),
    quoted,
    Buffer.from(wide),
  ]);
  const cwd = directoryOf({ 'charset.sql': 'charset cp932\nselect 1;\n' });

  it.each([
    ['set names utf8mb4'],
    ['set names latin1'],
    ['set names cp932'],
    ['set names latin1; set names utf8mb4'],
    ['set names utf8mb4; select 1'],
    ['set character_set_client=cp932'],
    ['set character_set_results=null, time_zone="+01:00"'],
    ["set session_track_system_variables=''; set names latin1"],
    ['set names nosuch'],
  ])('%s', async (command) => {
    for (const name of ['latin1', 'utf8mb3', 'utf8mb4', 'cp932']) {
      const args = [`--init-command=${command}`, `--default-character-set=${name}`, '-t', '-f'];
      await expectSame([...args, 'itwiki'], { input, cwd });
    }
  });
});

describe('a connection behaves as with the client', () => {
  it.each<[input: string, withForce: ClientDifference[]]>([
    [
      'select 1;\nkill connection_id();\nselect 2;\nselect 3;\nuse itwiki\nselect 4;',
      [lostUnderTls],
    ],
    ['kill connection_id();\nuse itwiki\nselect 4;', []],
    ['kill connection_id();\nstatus\nselect 4;', [lostUnderTls]],
    ['kill connection_id();\nhelp select\nselect 4;', [lostUnderTls]],
    ['kill connection_id();\ncharset latin1\nselect 4;', []],
    ['kill connection_id();\nconnect\nselect database();', []],
    ['kill query connection_id();\nselect 4;', []],
    // By chance, the client notices a killed connection at once or only at its next command.
  ])('if it ends: %s', { retry: 3 }, async (input, withForce) => {
    await expectSame(['itwiki'], { input });
    await expectSame(['-f', '--reconnect', 'itwiki'], { input, differences: withForce });
  });

  // The lock is free as soon as the server has ended the session. Both programs take it in turn.
  const untilEnded = () => {
    const words = ['mariadb', ...referenceArguments(clientArguments('s2'))];
    return `system ${words.join(' ')} -e "do get_lock('session', 60)"`;
  };
  const socket = inject('farm').endpoints.s2.socket;
  it.each<[name: string, end: string, args: string[], differences: ClientDifference[]]>([
    ['after wait_timeout', 'set wait_timeout=1;', [], []],
    ['after wait_timeout, without TLS', 'set wait_timeout=1;', ['--skip-ssl'], []],
    ['after wait_timeout, with compression', 'set wait_timeout=1;', ['-C'], []],
    ['after wait_timeout, on a socket file', 'set wait_timeout=1;', ['-S', socket], []],
    ['killed', 'kill connection_id();', [], [lostUnderTls]],
    ['killed, without TLS', 'kill connection_id();', ['--skip-ssl'], []],
    ['killed, on a socket file', 'kill connection_id();', ['-S', socket], [lostUnderTls]],
    [
      'killed, on a socket file, with TLS',
      'kill connection_id();',
      ['-S', socket, '--ssl'],
      [lostUnderTls],
    ],
  ])('if it ended before a statement: %s', async (_name, end, args, differences) => {
    const input = `select get_lock('session', 60);\n${end}\n${untilEnded()}
select 2;\nselect 3;\nuse itwiki\nselect 4;\nconnect\nselect 5;`;
    await expectSame([...args, 'itwiki'], { input });
    await expectSame([...args, '-f', 'itwiki'], { input, differences });
  });

  it.each<[args: string[], differences: ClientDifference[]]>([
    [[], [lostUnderTls]],
    [['-f'], [lostUnderTls]],
    [['-f', '--skip-ssl'], []],
    [['-vv', '-f', '-S', socket], [lostUnderTls]],
    [['--skip-print-query-on-error', '-f', '-S', socket], [lostUnderTls]],
    [['-q', '-t', '-f', '--skip-line-numbers', '-S', socket], [lostUnderTls]],
  ])('if it ends with --show-warnings: %j', async (args, differences) => {
    const input = `select get_lock('session', 60);\nkill connection_id();\n${untilEnded()}
select 2;\nconnect itwiki\nselect 3/0;\nselect 4`;
    await expectSame(['--show-warnings', ...args, 'itwiki'], { input, differences });
  });

  it.each([['-P', '3999'], ['nosuchwiki'], ['-h', 'nosuchhost.invalid'], ['-s', '-P', '3999']])(
    'if it fails, and --wait does not retry: %s %s',
    async (...args) => {
      const given = args.filter((arg) => arg !== undefined);
      await expectSame(['-w', ...given], { input: 'select 1' });
    },
  );
});

describe('several result sets of one statement', () => {
  it.each([[[]], [['-vv']], [['-f', '-t']], [['-q']]])('%j', async (args) => {
    const input =
      'delimiter //\nselect 1; select 2; select nothing; select 3//\nselect 4; set @a = 1; select 5//';
    await expectSame(args, { input });
  });
});

describe('--tee', () => {
  it.each(['tee.txt', '/nonexistent/x', 'directory', 'a b.txt', ''])("--tee='%s'", async (file) => {
    const input = 'select 1;\nsystem echo hi\nnotee';
    await expectSame([`--tee=${file}`, '--tee=other.txt', '--disable-tee'], { input, cwd });
  });

  it('before a failed connection', async () => {
    await expectSame(['--tee=tee.txt', 'nosuchwiki'], { input: 'select 1', cwd });
  });
});

describe('--progress-reports', () => {
  it('prints nothing in batch mode', async () => {
    const input = 'alter table all_types engine=MyISAM';
    const args = ['--progress-reports', ...asUser('admin'), 'itwiki'];
    await expectSame(args, {
      input: `create temporary table p as select * from page; ${input}`.replace('all_types', 'p'),
    });
  });
});

describe('LOAD DATA LOCAL', () => {
  const table = 'create temporary table t (a int, b varchar(20));\n';
  const count = '\nselect count(*), sum(a), max(b) from t;';
  const load = (file: string) => `load data local infile ${file} into table t;`;
  const expectSameLoad = (args: string[], sql: string) =>
    expectSame([...args, 'staging'], { input: `${table}${sql}${count}`, section: 'staging', cwd });

  const statements: [string, string][] = [
    ['a file', load("'data.txt'")],
    ['a file in double quotes', load('"./data.txt"')],
    ['a missing file', load("'nowhere.txt'")],
    ['a directory', load("'directory'")],
    ['an empty file', load("'empty.txt'")],
    ['an empty name', load("''")],
    ['a name with a quote', load("'odd''name.txt'") + load("'odd\\'name.txt'")],
    ['a name with blanks', load("'leer zeichen ä.txt'")],
    ['a name with an escape', load("'da\\ta.txt'")],
    ['NO_BACKSLASH_ESCAPES', `set sql_mode='NO_BACKSLASH_ESCAPES';${load("'da\\ta.txt'")}`],
    [
      'comments between the keywords',
      'LOAD /*x*/ DATA /*! LOCAL*/\n-- x\nINFILE "data.txt" INTO TABLE t;',
    ],
    ['a statement in an executable comment', `/*! ${load("'data.txt'").slice(0, -1)} */;`],
    ['a file of the server', load("'data.txt'").replace('local', '')],
    ['a missing table', load("'data.txt'").replace('table t', 'table nowhere')],
    ['a missing file and a missing table', load("'x'").replace('table t', 'table nowhere')],
    ['a large file', load("'large.txt'")],
  ];
  let results: ScriptSequence;
  beforeAll(async () => {
    const scripts = statements.map(
      ([, sql]) => `${table}${sql}${count}\ndrop temporary table t; set sql_mode=default;`,
    );
    results = await runInTurn(['-vv', '-f', 'staging'], scripts, {
      section: 'staging',
      cwd,
    });
  });
  it.each(statements.map(([name], index) => [name, index] as const))('%s', (_name, index) => {
    results.expectSame(index);
  });

  it.each<[name: string, sql: string]>([
    ['a comment', `/*q*/${load("'data.txt'")}`],
    ['a line comment', `-- q\n${load("'data.txt'")}`],
    ['an executable comment', `/*! ${load("'data.txt'").slice(0, -1)} */;`],
    ['EXECUTE IMMEDIATE', `execute immediate "${load("'data.txt'").slice(0, -1)}";`],
    [
      'EXECUTE IMMEDIATE in quotes',
      "execute immediate 'load data local infile ''data.txt'' into table t';",
    ],
  ])('after %s', async (_name, sql) => {
    for (const args of [
      [],
      ['--local-infile'],
      ['--enable-local-infile', '-c'],
      ['-c'],
      ['--local-infile=0'],
    ]) {
      await expectSameLoad([...args, '-f'], sql);
    }
  });

  it.each([
    ['--local-infile=0'],
    ['--skip-local-infile'],
    ['--local-infile'],
    ['--local-infile=1'],
    ['-C'],
    ['--skip-ssl'],
    ['-C --skip-ssl'],
    ['--default-character-set=latin1'],
  ])('with %s', async (words) => {
    await expectSameLoad([...words.split(' '), '-f'], load("'large.txt'") + load("'data.txt'"));
  });
});
