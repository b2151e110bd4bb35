import { afterAll, beforeAll, expect, it } from 'vitest';
import type { SqlMode } from '../../src/protocol/sql-mode.js';
import { ignoreResults, type ReplicaConnection } from '../../src/replica/connection.js';
import { deriveSqlMode } from '../../src/script/derive-sql-mode.js';
import { loginAs, makeSectionTarget, openConnection } from './open-connection.js';

/*
 * Tests deriveSqlMode, which derives the session's mode from the text of a statement, against the mode
 * that the server reports after it has run the statement.
 */

let connection: ReplicaConnection;
beforeAll(async () => {
  connection = await openConnection(makeSectionTarget('s2', 'itwiki'), loginAs('research'));
});
afterAll(() => connection.close());

async function run(sql: string): Promise<SqlMode> {
  await connection.query(Buffer.from(sql), ignoreResults);
  // The server reports SET STATEMENT with the mode that it sets for that statement, so run another.
  await connection.query(Buffer.from('do 0'), ignoreResults);
  return connection.sqlMode;
}

const initialModes = [
  "''",
  "'ANSI_QUOTES'",
  "'NO_BACKSLASH_ESCAPES'",
  "'ANSI,NO_BACKSLASH_ESCAPES'",
];

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
])('derives the same mode as the server: %s', async (sql) => {
  for (const initialMode of initialModes) {
    const before = await run(`set sql_mode=${initialMode}`);
    expect([initialMode, deriveSqlMode(Buffer.from(sql), before)]).toEqual([
      initialMode,
      await run(sql),
    ]);
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
])('returns `unknown` if only the server knows the mode: %s', async (sql) => {
  const before = await run("set sql_mode='', @old = 'ANSI_QUOTES'");
  expect(deriveSqlMode(Buffer.from(sql), before)).toBe('unknown');
});
