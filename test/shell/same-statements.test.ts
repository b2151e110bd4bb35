import { describe } from 'vitest';
import { test } from '../farm/on-terminal.js';
import { expectSameScreen, type Step } from './same-screen.js';

/** Typed lines; each case runs in its own session with itwiki. */
const sessions: [name: string, steps: Step[]][] = [
  [
    'rows, no rows and no result',
    [
      'select 1;',
      "select 'a' as letter, 12 as number union select 'bcd', 3456;",
      'select * from page where 1 = 0;',
      'set @a = 1;',
      'select 5\\G',
      'select 6\\g',
      'select page_id, page_title from page where page_id = 23\\G',
      'select null;',
      'do 0;',
      'select 1; select 2;',
      'show tables like "page%";',
      'explain select * from page where page_id = 1;',
      'desc page_props;',
      ';',
      '',
      'select 1',
      ';',
    ],
  ],
  [
    'the continuation prompt of each open quote and comment',
    [
      'select 1 as',
      '`n`, length(',
      "'a",
      'b" c',
      "') as `l`, char_length(",
      '"d',
      "e' f",
      '") as m /* g',
      "h ' i",
      '*/ from page where `page_id',
      '` or "',
      '" or 1',
      'limit 1;',
      '\\c',
      'select',
      '1',
      '-- a comment',
      '# another',
      '+ 1 as n;',
    ],
  ],
  [
    'errors of the server',
    [
      'selct 1;',
      'select * from nosuch;',
      'create table x (n int);',
      'select 1',
      'from;',
      "select 'x",
      "'",
      'from nosuch;',
    ],
  ],
  [
    'warnings',
    [
      'select 1/0;',
      'show warnings;',
      '\\W',
      'select 1/0;',
      "select cast('a' as int), cast('b' as int);",
      'set sql_mode = default;',
      'warnings;',
      '\\w',
      'select 1/0;',
      'nowarning',
      'warnings',
      'do 1/0;',
    ],
  ],
];

/** The same in staging, the only database that `research` can write to. */
const writing: [name: string, table: string, steps: Step[]][] = [
  [
    'numbers of rows',
    'same_rows',
    [
      'create table same_rows (n int primary key, t varchar(3));',
      "insert into same_rows values (1, 'a');",
      "insert into same_rows values (2, 'b'), (3, 'c');",
      "insert ignore into same_rows values (2, 'b'), (4, 'defgh');",
      'show warnings;',
      "update same_rows set t = 'z' where n > 2;",
      "update same_rows set t = 'z' where n > 2;",
      'delete from same_rows where n = 1;',
      'alter table same_rows add m int;',
      'replace into same_rows values (2, 3, 4), (9, 9, 9);',
      'insert into same_rows select n + 10, t, m from same_rows;',
      'select * from same_rows order by n;',
      'begin;',
      'delete from same_rows where n > 0;',
      'rollback;',
      'select count(*) from same_rows;',
      'create or replace table same_rows as select 1 as n union select 2;',
    ],
  ],
];

describe.concurrent('statements print the same as in the client', () => {
  test.for(sessions)('%s', async ([, steps], { both }) => {
    await expectSameScreen(both, ['-A', 'itwiki'], steps);
  });

  // The two programs run one after the other, because both write to the same table.
  test.for(writing)('%s', async ([, table, steps], { both }) => {
    const args = ['-A', 'staging'];
    const drop = `drop table if exists ${table};`;
    await expectSameScreen(both, args, [...steps, drop], {
      section: 'staging',
      inTurn: true,
      ours: ['--skip-destructive-warning'],
    });
  });
});
