import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type Farm, startFarm } from '../farm/farm.js';
import { loadSql } from '../farm/load-sql.js';
import { runMariadb, runOursWarm } from '../farm/run.js';
import { expectSame, toComparable } from './compare.js';
import { directoryOf } from './directory.js';

const cwd = directoryOf({
  'open.sql': 'select 1 as "a\\"; select 2;\n',
  'mode.sql': 'set sql_mode=\'ANSI_QUOTES\';\nselect 1 as "b\\";\n',
});

const setAnsiQuotes = "set sql_mode='ANSI_QUOTES';";

describe('splits a script according to the SQL mode of the session', () => {
  it.each<[string, string]>([
    ['a backslash in double quotes', `${setAnsiQuotes} select 1 as "a\\", 2 as "b;c";`],
    [
      'strings over several lines',
      `${setAnsiQuotes}\nselect 1 as "a\\\nb;";\nselect 1 as "\\\\"; select nothing;`,
    ],
    [
      'backslashes still escape in single quotes',
      `${setAnsiQuotes} select 'x\\'y;z' as "q""\\"; select 3;`,
    ],
    [
      'another delimiter',
      `delimiter //\n${setAnsiQuotes}//\nselect 1 as "a\\"// select 2 as "b//c"//`,
    ],
    [
      'comments',
      `${setAnsiQuotes}\n/* "\\" ; */ select 1 as "a\\" /* "; */; # "\\";\n-- "\\";\nselect 2;`,
    ],
    ['an executable comment', `${setAnsiQuotes}\n/*!50003 select 1 as "a\\" */; select 2;`],
    [
      'a short command inside a quoted name',
      `${setAnsiQuotes} select 1 as "a\\gb"; select 1 as "a\\Gb\\c";`,
    ],
    ['a mode that is reset', `${setAnsiQuotes} set sql_mode=''; select "a\\";b"; select "c\\\\";`],
    [
      'combined modes such as ORACLE',
      'set sql_mode=\'ORACLE\'; select 1 as "a\\"; set sql_mode=\'MSSQL\'; select 1 as "b\\";',
    ],
    [
      'ANSI together with NO_BACKSLASH_ESCAPES',
      "set sql_mode='ANSI,NO_BACKSLASH_ESCAPES'; select 'a\\'; select 1 as \"b\\\";",
    ],
    ['after an error', `${setAnsiQuotes} select nothing; select 1 as "a\\"; select 2;`],
    ['after use', `${setAnsiQuotes}\nuse itwiki\nselect 1 as "a\\";`],
    ['a mode that connect resets', `${setAnsiQuotes}\nselect 1;\nconnect itwiki\nselect "a\\";b";`],
    ['in a sourced file', `${setAnsiQuotes}\nsource open.sql\nselect 3 as "c\\";`],
    ['a mode set by a sourced file', 'source mode.sql\nselect 1 as "a\\"; select 2;'],
    [
      'a mode set for one statement',
      'set statement sql_mode=\'ANSI_QUOTES\' for select 1; select 1 as "a\\"; select 2;',
    ],
    [
      'a mode set by a prepared statement',
      "prepare s from 'set sql_mode=''ANSI'''; execute s; select 1 as \"a\\\";",
    ],
    [
      'a mode set before an error in the same multi-statement text',
      `delimiter //\n${setAnsiQuotes} select nothing//\nselect 1 as "a\\" //\nselect 2//`,
    ],
    [
      'NO_BACKSLASH_ESCAPES set before an error in the same text',
      "delimiter //\nset sql_mode='NO_BACKSLASH_ESCAPES'; select nothing//\nselect 'a\\' //\nselect 2//",
    ],
  ])('%s', async (_name, input) => {
    await expectSame(['-f', 'itwiki'], { input, cwd });
  });

  it('a mode that --init-command sets', async () => {
    const input = 'select 1 as "a\\"; select 2 as "b;c";';
    await expectSame(['--init-command', setAnsiQuotes, '-f', 'itwiki'], { input });
    await expectSame(['--init-command', setAnsiQuotes, 'itwiki', '-e', input]);
  });
});

describe('on a server whose global SQL mode is not the default', () => {
  let farm: Farm;
  beforeAll(async () => {
    farm = await startFarm({ sections: ['s2'] });
  });
  afterAll(() => farm.stop());

  it.each([
    ['ANSI_QUOTES', 'select 1 as "a\\"; select nothing; select 2 as "b;c";'],
    ['NO_BACKSLASH_ESCAPES', 'select \'a\\\'; select nothing; select "b\\"; select 2;'],
  ])('uses the mode of the server from the first statement: %s', async (mode, input) => {
    await loadSql(farm.endpoints.s2.socket, `set global sql_mode='${mode}';`);
    const { name, password } = farm.users.research;
    const { address, port } = farm.endpoints.s2;
    const args = ['--no-defaults', '-h', address, '-P', String(port), `-u${name}`, `-p${password}`];
    for (const more of [[], ['--default-character-set=swe7']]) {
      const line = [...args, ...more, '-f', 'itwiki'];
      const [client, ours] = await Promise.all([
        runMariadb(line, { input }),
        runOursWarm(line, { input }),
      ]);
      expect(toComparable(ours)).toEqual(toComparable(client));
      expect(toComparable(client)).toMatchObject({ code: 0 });
      expect(client.stderr).toContain('select nothing\n');
    }
  });

  it.each([
    ['ANSI_QUOTES', 'select 1 as "a\\", 2 as "b;c"', 'wiki\ta\\\tb;c\nitwiki\t1\t2\n'],
    ['NO_BACKSLASH_ESCAPES', "select 'a\\' as x, 'b;c' as y", 'wiki\tx\ty\nitwiki\ta\\\\\tb;c\n'],
    // Two statements in this mode; the default mode would see one.
    ['ANSI_QUOTES', `do (select 1 as "\\"); select 3 as "'\\" -- '`, "wiki\t'\\\nitwiki\t3\n"],
  ])(
    'uses the mode of the server of each section with --wikis: %s, %s',
    async (mode, sql, expected) => {
      await loadSql(farm.endpoints.s2.socket, `set global sql_mode='${mode}';`);
      const { name, password } = farm.users.research;
      const login = ['--no-defaults', `-u${name}`, `-p${password}`, '--skip-ssl'];
      const env = { ANALYTICS_MYSQL_NAMESERVER: farm.nameserver };
      const run = await runOursWarm([...login, '--wikis', 'itwiki', '-e', sql], { env });
      expect([run.stdout.toString(), run.code]).toEqual([expected, 0]);
    },
  );
});

describe('with --wikis', () => {
  const login = () => {
    const { name, password } = inject('farm').users.research;
    return ['--no-defaults', `-u${name}`, `-p${password}`, '--wikis', 'itwiki,enwiki'];
  };

  it.each([
    `${setAnsiQuotes} select 1 as "a\\", 2 as "b;c"`,
    'set sql_mode=concat(@@sql_mode, \',ANSI_QUOTES\'); select 1 as "a\\", 2 as "b;c"',
    `set @old=@@sql_mode; ${setAnsiQuotes} select 1 as "a\\", 2 as "b;c"; set sql_mode=@old;`,
  ])('uses the mode that the script sets: %s', async (sql) => {
    const { stdout, code } = await runOursWarm([...login(), '-e', sql]);
    const rows = ['enwiki', 'itwiki'].map((wiki) => `${wiki}\t1\t2\n`);
    expect([stdout.toString(), code]).toEqual([`wiki\ta\\\tb;c\n${rows.join('')}`, 0]);
  });

  it('uses the mode that --init-command sets', async () => {
    const sql = 'select 1 as "a\\", 2 as "b;c"';
    const args = [...login(), '--init-command', "set sql_mode='ANSI'", '-e', sql];
    const { stdout, code } = await runOursWarm(args);
    expect(stdout.toString()).toMatch(/^wiki\ta\\\tb;c\nenwiki/);
    expect(code).toBe(0);
  });

  it('refuses a mode whose value only the server knows if the rest of the script depends on it', async () => {
    const sql = 'select 1;\nset sql_mode=@unknown;\nselect "a\\"; select 2; "';
    const { stdout, stderr, code } = await runOursWarm(login(), { input: sql });
    expect([stdout.toString(), code]).toEqual(['', 1]);
    expect(stderr).toBe(
      "analytics-mysql: line 2: the value of sql_mode set here is unknown before the run, but the rest of the script depends on it; use a literal such as 'ANSI_QUOTES'\n",
    );
  });
});
