import { afterAll, beforeAll, expect, it } from 'vitest';
import type { SqlMode } from '../../src/protocol/sql-mode.js';
import { ignoreResults, type ReplicaConnection } from '../../src/replica/connection.js';
import { sqlModeAfter } from '../../src/script/sql-mode-of-set.js';
import { loginAs, open, targetOf } from './open.js';

/*
 * What the text of a statement tells about the session's mode, beside what the server reports once it
 * has run the statement.
 */

let connection: ReplicaConnection;
beforeAll(async () => {
  connection = await open(targetOf('s2', 'itwiki'), loginAs('research'));
});
afterAll(() => connection.close());

async function run(sql: string): Promise<SqlMode> {
  await connection.query(Buffer.from(sql), ignoreResults);
  // SET STATEMENT is reported in the mode that it sets for one statement.
  await connection.query(Buffer.from('do 0'), ignoreResults);
  return connection.sqlMode;
}

const starts = ["''", "'ANSI_QUOTES'", "'NO_BACKSLASH_ESCAPES'", "'ANSI,NO_BACKSLASH_ESCAPES'"];

it.each([
  "set sql_mode='ANSI_QUOTES'",
  "SET SQL_MODE = 'ansi_quotes,no_backslash_escapes'",
  "set session sql_mode := 'ANSI'",
  "set local sql_mode='NO_BACKSLASH_ESCAPES'",
  "set @@sql_mode='ANSI_QUOTES'",
  "set @@session.sql_mode = ''",
  "set @@local . sql_mode = 'ANSI_QUOTES'",
  "set `sql_mode` = 'ANSI_QUOTES'",
  'set sql_mode=ansi_quotes',
  'set sql_mode=ORACLE',
  'set sql_mode=4',
  'set sql_mode=1048576',
  'set sql_mode=1048580',
  "set sql_mode=concat(@@sql_mode, ',ANSI_QUOTES')",
  "set sql_mode=concat(@@session.sql_mode, ',', 'NO_BACKSLASH_ESCAPES')",
  "set sql_mode=concat('ANSI_QUOTES', ',STRICT_ALL_TABLES')",
  "set @a = (select 'x, sql_mode=y'), sql_mode='ANSI_QUOTES', @b = 2",
  "set sql_mode='ANSI_QUOTES', sql_mode=''",
  "set sql_mode='ANSI_QUOTES'; set sql_mode='NO_BACKSLASH_ESCAPES'",
  "set @old = @@sql_mode, sql_mode = 'NO_BACKSLASH_ESCAPES'",
  "/*!40101 SET @old = @@sql_mode, sql_mode = 'ANSI_QUOTES' */",
  "/* a comment */ set /* sql_mode='' , */ sql_mode='ANSI_QUOTES' -- the end",
  "set @a = 'sql_mode=1'",
  "set @sql_mode = 'ANSI_QUOTES'",
  "set statement sql_mode='ANSI_QUOTES' for select 1",
  "do 1 /* set sql_mode='ANSI_QUOTES' */",
  "select 'set sql_mode=1' as sql_mode",
])('%s', async (sql) => {
  for (const start of starts) {
    const before = await run(`set sql_mode=${start}`);
    expect([start, sqlModeAfter(Buffer.from(sql), before)]).toEqual([start, await run(sql)]);
  }
});

it.each([
  'set sql_mode=@old',
  'set sql_mode=default',
  'set sql_mode=(select 4)',
  "set sql_mode=replace(@@sql_mode, 'ANSI', '')",
  "set sql_mode=concat(@old, ',ANSI')",
  "set sql_mode=@old, @a=1; select 'x'",
  "execute immediate 'set sql_mode=4'",
  "prepare s from 'set sql_mode=4'",
  'execute s using @sql_mode',
])('the server alone knows: %s', async (sql) => {
  const before = await run("set sql_mode='', @old = 'ANSI_QUOTES'");
  expect(sqlModeAfter(Buffer.from(sql), before)).toBe('unknown');
});
