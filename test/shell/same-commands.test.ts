import { describe } from 'vitest';
import { test } from '../farm/on-terminal.js';
import { directoryOf } from '../parity/directory.js';
import { expectSameScreen, type ScreenOptions, type Step } from './same-screen.js';

const files = directoryOf({
  'one.sql': "select 'one';\nselect 'two'\\G\n",
  'fails.sql': "select 'before';\nselct;\nselect 'after';\n",
  'open.sql': "select 'open'",
  'command.sql': 'use itwiki\nselect database();\n\\W\n',
});

const sessions: [name: string, steps: Step[], where?: ScreenOptions][] = [
  [
    'delimiter',
    [
      'delimiter //',
      'select 1; //',
      'select 2//',
      '\\d $$',
      'select 3$$',
      'delimiter',
      'delimiter \\x',
      'delimiter ;',
      'select 4;',
    ],
  ],
  [
    'clear',
    ['select 1', 'clear', '\\c', 'select 2', "'a\\c", "' \\c", 'clear', 'select 3 \\c', 'clear;'],
  ],
  [
    'go and ego',
    ['select 1', '\\g', 'select 2', '\\G', 'select 3', 'go', '\\c', 'go', 'ego', '\\g', '\\G'],
  ],
  ['print', ['print', '\\p', 'print;', 'select 1\\p;']],
  [
    'use',
    [
      'use',
      'use nosuch',
      'use staging;',
      'use itwiki',
      '\\u itwiki',
      '\\u',
      'use `itwiki`;',
      'select database();',
      'use a b',
    ],
  ],
  [
    'use, without a database',
    ['select database();', 'select * from page;', 'use itwiki', 'show tables like "user";'],
  ],
  [
    'charset',
    [
      'charset latin1',
      "select 'é';",
      'charset utf8mb4;',
      "select length('🦉') as n;",
      '\\C binary',
      'charset',
      'select @@character_set_results;',
    ],
  ],
  [
    'pager and nopager',
    [
      'pager cat -n',
      'select 1;',
      'select 1/0;',
      'selct;',
      'do 1;',
      'show warnings;',
      'nopager',
      'select 2;',
      '\\P sed s/3/drei/',
      'select 3\\G',
      '\\n',
      'nopager;',
      'pager false',
      'select 4;',
      'nopager',
    ],
  ],
  [
    'tee and notee',
    [
      'tee',
      'tee said',
      'select 1;',
      'selct;',
      'notee',
      'select 2;',
      '\\T said',
      'use itwiki',
      '\\t',
      'notee;',
      'system cat said',
      'tee /no/file',
      'select 3;',
    ],
  ],
  [
    'system',
    [
      'system echo one',
      '\\! echo two',
      'system',
      '\\!',
      'system exit 3',
      'system echo "a  b" | tr a-z A-Z',
    ],
  ],
  [
    'source',
    [
      `source ${files}/one.sql`,
      `\\. ${files}/one.sql`,
      `source ${files}/one.sql;`,
      'source',
      'source /no/such/file',
      `source ${files}/fails.sql`,
      `source ${files}/open.sql`,
      ';',
      `source ${files}/command.sql`,
      'select 1/0;',
    ],
  ],
  ['rehash', ['rehash', '\\#', 'rehash;']],
  ['warnings and nowarning', ['warnings', 'nowarning', '\\W', '\\w', 'warnings;', 'select 1/0;']],
  [
    'reset connection',
    ['set @a = 1;', 'select @a;', 'reset connection', 'reset connection;', 'select @a;'],
  ],
  [
    'connect',
    [
      'set @a = 1;',
      'connect',
      'select @a, database();',
      '\\r itwiki',
      'connect itwiki;',
      'connect nosuch',
      'select 1;',
      'connect itwiki',
      'select database();',
    ],
    { prompt: /> *$/ },
  ],
  [
    'sandbox',
    [
      'sandbox',
      'system echo one',
      '\\! echo two',
      'source x',
      'tee x',
      'pager less',

      'nopager',
      'select 1;',
    ],
  ],
  [
    'help on a topic',
    [
      'help contents',
      'help if function',
      'help nosuchtopic',
      'help alter table x',
      '\\h abs;',
      "help 'left'",
    ],
    { ours: ['--skip-pager'] },
  ],
  [
    'commands inside a statement',
    ['select 1', 'use itwiki', 'status', '\\c', 'select', 'help', ';'],
  ],
  ['an unknown command', ['nosuch', '\\c', 'nosuch;']],
  [
    'several commands in a line',
    [
      'select 1; select 2\\G select 3;',
      'select 1\\g\\p select 2;',
      '\\W select 1/0;',
      '\\u itwiki',
      'select 5\\p;',
    ],
  ],
];

const endings: [name: string, steps: Step[]][] = [
  ['quit', ['quit']],
  ['quit;', ['select 1;', 'quit;']],
  ['exit', ['exit']],
  ['EXIT;', ['EXIT;']],
  ['\\q', ['\\q']],
  ['\\q after a statement', ['select 1; \\q']],
  ['\\q inside a statement', ['select 1', '\\q']],
];

describe.concurrent('commands print the same as in the client', () => {
  test.for(sessions)('%s', async ([name, steps, where], { both }) => {
    const database = name.includes('without a database') ? [] : ['itwiki'];
    const args = ['-A', '--skip-auto-vertical-output', ...database];
    await expectSameScreen(both, args, steps, where);
  });

  test.for(endings)('%s', async ([, steps], { both }) => {
    await expectSameScreen(both, ['-A', 'itwiki'], steps, { ends: true });
  });
});
