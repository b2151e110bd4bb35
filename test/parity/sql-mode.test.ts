import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type Farm, startFarm } from '../farm/farm.js';
import { loadSql } from '../farm/load-sql.js';
import { runMariadb, runOurs } from '../farm/run.js';
import { expectSame, shown } from './compare.js';
import { directoryOf } from './directory.js';

const cwd = directoryOf({
  'open.sql': 'select 1 as "a\\"; select 2;\n',
  'mode.sql': 'set sql_mode=\'ANSI_QUOTES\';\nselect 1 as "b\\";\n',
});

const ansi = "set sql_mode='ANSI_QUOTES';";

describe('a script is split as the mode of its session says', () => {
  it.each<[string, string]>([
    ['behind a backslash in double quotes', `${ansi} select 1 as "a\\", 2 as "b;c";`],
    ['over several lines', `${ansi}\nselect 1 as "a\\\nb;";\nselect 1 as "\\\\"; select nothing;`],
    ['single quotes escape still', `${ansi} select 'x\\'y;z' as "q""\\"; select 3;`],
    ['with another delimiter', `delimiter //\n${ansi}//\nselect 1 as "a\\"// select 2 as "b//c"//`],
    [
      'with comments',
      `${ansi}\n/* "\\" ; */ select 1 as "a\\" /* "; */; # "\\";\n-- "\\";\nselect 2;`,
    ],
    ['in what the server may execute', `${ansi}\n/*!50003 select 1 as "a\\" */; select 2;`],
    ['with the letter of a command', `${ansi} select 1 as "a\\gb"; select 1 as "a\\Gb\\c";`],
    ['taken back', `${ansi} set sql_mode=''; select "a\\";b"; select "c\\\\";`],
    [
      'by another name',
      'set sql_mode=\'ORACLE\'; select 1 as "a\\"; set sql_mode=\'MSSQL\'; select 1 as "b\\";',
    ],
    [
      'with NO_BACKSLASH_ESCAPES',
      "set sql_mode='ANSI,NO_BACKSLASH_ESCAPES'; select 'a\\'; select 1 as \"b\\\";",
    ],
    ['after an error', `${ansi} select nothing; select 1 as "a\\"; select 2;`],
    ['after use', `${ansi}\nuse itwiki\nselect 1 as "a\\";`],
    ['forgotten by connect', `${ansi}\nselect 1;\nconnect itwiki\nselect "a\\";b";`],
    ['in a sourced file', `${ansi}\nsource open.sql\nselect 3 as "c\\";`],
    ['set by a sourced file', 'source mode.sql\nselect 1 as "a\\"; select 2;'],
    [
      'for one statement',
      'set statement sql_mode=\'ANSI_QUOTES\' for select 1; select 1 as "a\\"; select 2;',
    ],
    [
      'by a prepared statement',
      "prepare s from 'set sql_mode=''ANSI'''; execute s; select 1 as \"a\\\";",
    ],
    [
      'set in front of an error in the same text',
      `delimiter //\n${ansi} select nothing//\nselect 1 as "a\\" //\nselect 2//`,
    ],
    [
      'another one in front of an error',
      "delimiter //\nset sql_mode='NO_BACKSLASH_ESCAPES'; select nothing//\nselect 'a\\' //\nselect 2//",
    ],
  ])('%s', async (_name, input) => {
    await expectSame(['-f', 'itwiki'], { input, cwd });
  });

  it('of --init-command', async () => {
    const input = 'select 1 as "a\\"; select 2 as "b;c";';
    await expectSame(['--init-command', ansi, '-f', 'itwiki'], { input });
    await expectSame(['--init-command', ansi, 'itwiki', '-e', input]);
  });
});

describe('on a server whose own mode is not the default', () => {
  let farm: Farm;
  beforeAll(async () => {
    farm = await startFarm({ sections: ['s2'] });
  });
  afterAll(() => farm.stop());

  it.each([
    ['ANSI_QUOTES', 'select 1 as "a\\"; select nothing; select 2 as "b;c";'],
    ['NO_BACKSLASH_ESCAPES', 'select \'a\\\'; select nothing; select "b\\"; select 2;'],
  ])('from the first statement on: %s', async (mode, input) => {
    await loadSql(farm.places.s2.socket, `set global sql_mode='${mode}';`);
    const { name, password } = farm.users.research;
    const { address, port } = farm.places.s2;
    const args = ['--no-defaults', '-h', address, '-P', String(port), `-u${name}`, `-p${password}`];
    for (const more of [[], ['--default-character-set=swe7']]) {
      const line = [...args, ...more, '-f', 'itwiki'];
      const [client, ours] = await Promise.all([
        runMariadb(line, { input }),
        runOurs(line, { input }),
      ]);
      expect(shown(ours)).toEqual(shown(client));
      expect(shown(client)).toMatchObject({ code: 0 });
      expect(client.stderr).toContain('select nothing\n');
    }
  });

  it.each([
    ['ANSI_QUOTES', 'select 1 as "a\\", 2 as "b;c"', 'wiki\ta\\\tb;c\nitwiki\t1\t2\n'],
    ['NO_BACKSLASH_ESCAPES', "select 'a\\' as x, 'b;c' as y", 'wiki\tx\ty\nitwiki\ta\\\\\tb;c\n'],
    // Two statements there, one in the default mode.
    ['ANSI_QUOTES', `do (select 1 as "\\"); select 3 as "'\\" -- '`, "wiki\t'\\\nitwiki\t3\n"],
  ])('with --wikis, as the server of each section says: %s, %s', async (mode, sql, expected) => {
    await loadSql(farm.places.s2.socket, `set global sql_mode='${mode}';`);
    const { name, password } = farm.users.research;
    const login = ['--no-defaults', `-u${name}`, `-p${password}`, '--skip-ssl'];
    const env = { ANALYTICS_MYSQL_NAMESERVER: farm.nameserver };
    const run = await runOurs([...login, '--wikis', 'itwiki', '-e', sql], { env });
    expect([run.stdout.toString(), run.code]).toEqual([expected, 0]);
  });
});

describe('with --wikis', () => {
  const login = () => {
    const { name, password } = inject('farm').users.research;
    return ['--no-defaults', `-u${name}`, `-p${password}`, '--wikis', 'itwiki,enwiki'];
  };

  it.each([
    `${ansi} select 1 as "a\\", 2 as "b;c"`,
    'set sql_mode=concat(@@sql_mode, \',ANSI_QUOTES\'); select 1 as "a\\", 2 as "b;c"',
    `set @old=@@sql_mode; ${ansi} select 1 as "a\\", 2 as "b;c"; set sql_mode=@old;`,
  ])('what the script itself sets counts: %s', async (sql) => {
    const { stdout, code } = await runOurs([...login(), '-e', sql]);
    const rows = ['enwiki', 'itwiki'].map((wiki) => `${wiki}\t1\t2\n`);
    expect([stdout.toString(), code]).toEqual([`wiki\ta\\\tb;c\n${rows.join('')}`, 0]);
  });

  it('what --init-command sets counts', async () => {
    const sql = 'select 1 as "a\\", 2 as "b;c"';
    const args = [...login(), '--init-command', "set sql_mode='ANSI'", '-e', sql];
    const { stdout, code } = await runOurs(args);
    expect(stdout.toString()).toMatch(/^wiki\ta\\\tb;c\nenwiki/);
    expect(code).toBe(0);
  });

  it('a mode that only the server knows is refused, where the rest depends on it', async () => {
    const sql = 'select 1;\nset sql_mode=@unknown;\nselect "a\\"; select 2; "';
    const { stdout, stderr, code } = await runOurs(login(), { input: sql });
    expect([stdout.toString(), code]).toEqual(['', 1]);
    expect(stderr).toBe(
      "analytics-mysql: line 2: which sql_mode this sets is not known before it runs, and how the rest is split depends on it: set it to a literal, such as 'ANSI_QUOTES'\n",
    );
  });
});
