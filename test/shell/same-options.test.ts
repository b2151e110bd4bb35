import { describe } from 'vitest';
import { test } from '../farm/on-terminal.js';
import { withoutPlugin } from '../parity/compare.js';
import { directoryOf } from '../parity/directory.js';
import { expectSameScreen, type ScreenOptions, type Step } from './same-screen.js';

const files = directoryOf({
  'upper.sh': '#!/bin/sh\ntr a-z A-Z\n',
  'fails.sql': 'selct;\nselect 6;\n',
});

const statements = [
  "select 'a' as letter, 1 as number, null as nothing;",
  'select page_id from page where 1 = 0;',
  'do 1/0;',
  'selct;',
  'use itwiki',
];

const rowsOnly = ["select 'a' as letter, 1 as number;", 'selct;'];

/** Options in addition to `-A itwiki`. */
const sessions: [args: string[], steps?: Step[], where?: ScreenOptions][] = [
  [['-t']],
  [['-E']],
  [['-N']],
  [['-N', '-E']],
  [['-v']],
  [['-vv']],
  [['-vvv']],
  [['-n', '-q']],
  [['-H'], rowsOnly],
  [['-X'], rowsOnly],
  [['--show-warnings']],
  [['--column-type-info'], ['select 1 as number;', 'selct;']],
  [['--delimiter=//'], ['select 1;', '//', 'use itwiki//', 'select 2//']],
  [['--init-command=set @a = 3'], ['select @a;', 'connect', 'select @a;']],
  [['--init-command=select 9'], ['select 1;']],
  [['--skip-comments'], ['select /* c */ 1;', 'select 1 -- c', ';']],
  [['--comments'], ['select /* c */ 1;', 'select 1 -- c', ';']],
  [['--named-commands'], ['use itwiki', 'use itwiki;', 'select 2;']],
  [['--local-infile=0'], ['select @@local_infile;']],
  [['--sandbox'], ['system echo one', '\\! echo', 'source x', 'tee x', 'select 1;']],
  [['--pager=cat -n'], ['select 1;', 'nopager', 'pager', 'select 2;']],
  [[`--pager=${files}/upper.sh`], ["select 'a' as letter\\G", 'show warnings;']],
  [['--skip-pager'], ['select 1;', 'nopager']],
  [['--tee=said'], ['select 1;', 'notee', 'system tail -n 8 said']],
  [['--default-character-set=latin1'], ["select 'é';"]],
  [['--default-character-set=utf8mb4'], ["select length('🦉') as n;"]],
  [['--skip-reconnect'], ['select 1;', 'use itwiki', 'connect']],
  [['--line-numbers'], ['selct;']],
  [['--one-database'], ['use itwiki', 'select 1;']],
  [['-o'], ['use other', 'selct;', 'set @a = 5;', 'use itwiki', 'select @a;']],
  [['--skip-print-query-on-error'], ['selct;', `source ${files}/fails.sql`]],
  [['--binary-mode'], ['select 1;', '\\u itwiki', '\\c', ';', 'delimiter //', 'select 2//']],
  [['-i'], ['select count (*) from page where 1 = 0;']],
  [['--no-beep'], ['selct;']],
  [['--force'], ['selct;', 'select 1;']],
  [['--wait', '--unbuffered'], ['select 1;']],
];

const writing: [args: string[], steps: Step[]][] = [
  [
    ['--safe-updates'],
    [
      'create table same_safe (n int primary key, m int);',
      'insert into same_safe values (1, 1), (2, 2), (3, 3);',
      'update same_safe set m = 4 where m = 1;',
      'delete from same_safe where m = 1;',
      'update same_safe set m = 4 where n = 1;',
      'update same_safe set m = 5 limit 2;',
      'select @@sql_safe_updates, @@sql_select_limit, @@max_join_size;',
      'drop table same_safe;',
    ],
  ],
  [['--i-am-a-dummy', '--select-limit=2'], ['select 1 union select 2 union select 3;']],
];

/** Arguments that end the program without a prompt; its output and exit status are compared. */
const failing: [args: string[]][] = [
  [['nosuchdatabase']],
  [['-pwrong']],
  [['-unobody']],
  [['-P1']],
  [['--init-command=selct 9']],
  [['--nosuchoption']],
  [['--safe-updates=maybe', '-P1']],
  [['-e', 'select 1', 'itwiki']],
  [['-e', 'select 1;select 1/0; do 1', '-vvv', 'itwiki']],
];

const password: [name: string, steps: Step[], ends: boolean][] = [
  ['right', ['readonly-4-all', 'select 1;'], false],
  ['wrong', ['wrong'], true],
  ['empty', [''], true],
];

describe.concurrent('options have the same effect in the shell as in the client', () => {
  test.for(sessions)('%j', async ([args, steps = statements, where], { both }) => {
    await expectSameScreen(both, ['-A', ...args, 'itwiki'], steps, where);
  });

  test.for(writing)('%j', async ([args, steps], { both }) => {
    const ours = ['--skip-destructive-warning'];
    const where = { section: 'staging', inTurn: true, ours } as const;
    await expectSameScreen(both, ['-A', ...args, 'staging'], steps, where);
  });

  test.for(failing)('%j', async ([args], { both }) => {
    await expectSameScreen(both, args, [], { ends: true, mask: withoutPlugin });
  });

  test.for(password)('a password typed at the prompt: %s', async ([, steps, ends], { both }) => {
    const prompt = /assword:$|\]>$/;
    const mask = (screen: string) => screen.replace(/Welcome[\s\S]*statement\.\n/, '');
    await expectSameScreen(both, ['-p', '-A', 'itwiki'], steps, { prompt, ends, mask });
  });
});
