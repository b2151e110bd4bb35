import { expect, it } from 'vitest';
import { mayLeaveState } from '../../src/fanout/worker.js';

const leavesState = (...sql: string[]) =>
  mayLeaveState(sql.map((text) => ({ sql: Buffer.from(text), line: 1 })));

it.each([
  'select count(*) from page',
  '  (select 1) union (select 2)',
  'WITH a AS (SELECT 1) SELECT * FROM a',
  'show tables',
  'explain select 1',
])('%s leaves no state in the session', (sql) => expect(leavesState(sql)).toBe(false));

it.each([
  ['set @a = 1'],
  ['select @a := 1'],
  ['select 1 into @a'],
  ["select get_lock('a', 1)"],
  ['select sql_calc_found_rows 1'],
  ['create temporary table t (n int)'],
  ['begin'],
  ['use enwiki'],
  ['select /*! 1 */ 1'],
  ['select 1', 'select 2'],
  ['select 1; set @a = 1'],
])('%s may leave state in the session', (...sql) => expect(leavesState(...sql)).toBe(true));
