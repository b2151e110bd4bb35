import { describe, expect, it } from 'vitest';
import { defaultSqlMode } from '../../src/protocol/sql-mode.js';
import { findDestructiveEffect } from '../../src/script/destructive-effect.js';

type Case = [text: string, what: string | undefined];

const casesByTopic: Record<string, Case[]> = {
  DELETE: [
    ['delete from page', 'all rows of page'],
    ['DELETE FROM page;', 'all rows of page'],
    ['delete from page where page_id = 1', undefined],
    ['delete from page limit 10', undefined],
    ['delete from `where`', 'all rows of `where`'],
    ['delete from itwiki.page order by page_id', 'all rows of itwiki.page'],
    ['delete from page -- where page_id = 1', 'all rows of page'],
    ['delete from page /* where */', 'all rows of page'],
    ['delete from page /*! where page_id = 1 */', undefined],
    ['delete low_priority quick ignore from page', 'all rows of page'],
    ['delete a, b from a join b using (c)', 'all joined rows of a, b'],
    ['delete a from a join b using (c) where b.d = 1', undefined],
    ['delete from a using a join b using (c)', 'all joined rows of a'],
    ['delete a.* from a join (select 1 from b where c) d', 'all joined rows of a.*'],
    ["delete from page returning 'where'", 'all rows of page'],
  ],
  UPDATE: [
    ['update page set a = 1', 'all rows of page'],
    ['update page p set p.a = 1', 'all rows of page'],
    ['update page set a = 1 where b', undefined],
    ['update page set a = 1 limit 1', undefined],
    ['update page set a = (select b from c where d limit 1)', 'all rows of page'],
    ['update page set a = 1, b = 2', 'all rows of page'],
    ['update a join b on a.c = b.c set a.d = 1', 'all joined rows of a'],
    ['update a, b set a.d = 1', 'all joined rows of a, b'],
    ['update a, b set a.d = 1 where a.c = b.c', undefined],
    ['update low_priority ignore page set a = 1', 'all rows of page'],
    ['insert into a values (1) on duplicate key update b = 1', undefined],
    ['select a from b for update', undefined],
    ['update', undefined],
  ],
  'keywords and clauses before the verb': [
    ['with a as (select 1 where 2) delete from b', 'all rows of b'],
    ['with a as (select 1) delete from b where c', undefined],
    ['with a as (select 1) select * from a', undefined],
    ['set statement max_statement_time=1 for delete from b', 'all rows of b'],
    ['set statement max_statement_time=1 for select 1', undefined],
    ['set a = 1', undefined],
    ['explain delete from page', undefined],
    ['explain extended update page set a = 1', undefined],
    ['describe page', undefined],
    ['analyze delete from page', 'all rows of page'],
    ['analyze format=json update page set a = 1', 'all rows of page'],
    ['analyze table page', undefined],
    ['/* a */ -- b\ndrop table c', 'table c'],
    ['prepare a from "drop table b"', undefined],
    ['show create table drop_table', undefined],
  ],
  'DROP and TRUNCATE': [
    ['drop table page', 'table page'],
    ['drop table if exists a.b, `c d`', 'table a.b, `c d`'],
    ['drop database itwiki', 'database itwiki'],
    ['DROP SCHEMA IF EXISTS x', 'schema x'],
    ['drop view v', 'view v'],
    ['drop index i on page', 'index i of page'],
    ['drop user a@b', 'user a@b'],
    ["drop user 'a'@'%'", "user 'a'@'%'"],
    ['drop procedure if exists p', 'procedure p'],
    ['drop temporary table t', undefined],
    ['drop prepare p', undefined],
    ['deallocate prepare p', undefined],
    ['truncate page', 'all rows of page'],
    ['truncate table a.b', 'all rows of a.b'],
    ['select truncate(1.5, 1)', undefined],
    ["select 'drop table a; drop table b'", undefined],
    ['create or replace table a (b int)', undefined],
    ['create or replace view a as select 1', undefined],
    ['create table a (b int)', undefined],
  ],
  'ALTER TABLE': [
    ['alter table a drop b', 'b of a'],
    ['alter table a drop column b, add c int', 'column b of a'],
    ['alter table a add c int, drop index d', 'index d of a'],
    ['alter table x.a drop primary key', 'primary key of x.a'],
    ['alter table a drop partition p', 'partition p of a'],
    ['alter table a truncate partition p', 'partition p of a'],
    ['alter table if exists a drop b', 'b of a'],
    ['alter table a alter b drop default', undefined],
    ['alter table a add b int', undefined],
    ['alter table a comment "drop b"', undefined],
    ['alter table a add check (b <> "drop")', undefined],
    ['alter user a@b identified by "drop"', undefined],
  ],
  'several statements': [
    ['select 1; drop table a; drop table b', 'table a'],
    ['delete from a where b; delete from c;', 'all rows of c'],
    ['delete from a; -- where\n', 'all rows of a'],
    ['use d\ndelete from a;', 'all rows of a'],
    ['use d; delete from a;', 'all rows of a'],
    ['use drop', undefined],
    ['help drop', undefined],
    ['quit', undefined],
    ['select 1\\G delete from a\\G', 'all rows of a'],
    ['delete from a \\p where b;', undefined],
    ['delete from a\\c select 1;', undefined],
    ['delete from a $> f', 'all rows of a'],
    ['\\w delete from a;', 'all rows of a'],
    ['\\timing on\ndelete from a;', 'all rows of a'],
    ['\\u d delete from a;', undefined],
    ['\\f drop table', undefined],
    ['\\fs q delete from a;', undefined],
    ['\\fs q select 1; delete from a;', 'all rows of a'],
    ['delete from a \\watch 2', 'all rows of a'],
    ['delimiter //\nselect 1; delete from a//', 'all rows of a'],
    ['delimiter //\ncreate procedure p() begin delete from a; drop table b; end//', undefined],
    [
      'delimiter //\ncreate definer=a@b trigger t before insert on c for each row delete from d; //',
      undefined,
    ],
    ['', undefined],
    [';', undefined],
    ['drop', undefined],
  ],
};

describe.each(Object.entries(casesByTopic))(
  'findDestructiveEffect describes what a statement destroys: %s',
  (_topic, cases) => {
    it.each(cases)('%j: %s', (text, what) => {
      expect(
        findDestructiveEffect(text, { delimiter: ';', sqlMode: defaultSqlMode })?.description,
      ).toBe(what);
    });
  },
);

it('findDestructiveEffect reads a double-quoted text as a name with ANSI_QUOTES', () => {
  const text = 'drop table "a\\"; select "b;c"';
  const sqlMode = { ...defaultSqlMode, ansiQuotes: true };
  expect(findDestructiveEffect(text, { delimiter: ';', sqlMode })?.description).toBe('table "a\\"');
});
