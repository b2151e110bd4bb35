import { describe } from 'vitest';
import { test } from '../farm/on-terminal.js';
import { expectSameScreen, type ScreenOptions, type Step } from './same-screen.js';

/** Masks digits, because dates and times differ between two runs. */
const maskDigits = (screen: string) => screen.replaceAll(/\d/g, '#');

const byCommand: Step[] = [
  'prompt \\N>',
  'prompt \\u at \\h of \\d>',
  'prompt \\U \\p \\v \\l>',
  'prompt a\\_b\\ c d\\\\e\\"f\\\'>',
  'prompt \\S \\q \\x>',
  'prompt (\\d)>',
  'select 1',
  ';',
  'use mysql',
  'prompt "x y">',
  'prompt a>;',
  '\\R b>',
  'prompt  c>  ',
  'prompt',
  '\\R',
  'prompt;',
];

const sessions: [name: string, args: string[], steps: Step[], where?: ScreenOptions][] = [
  ['the command prompt', ['itwiki'], byCommand],
  ['no database', [], ['select 1;', 'use itwiki']],
  [
    '--prompt',
    ['--prompt=\\u@\\h:\\p [\\d]>', 'itwiki'],
    ['select 1', ';', 'prompt', 'prompt x>', 'prompt'],
  ],
  ['--prompt of one character', ['--prompt=>', 'itwiki'], ['select 1', ';']],
  ['a long prompt', ['--prompt=0123456789 \\d>', 'itwiki'], ['select 1', "'", "'", ';']],
  ['MYSQL_PS1', ['itwiki'], ['select 1', ';', 'prompt'], { env: { MYSQL_PS1: 'ps1 \\d>' } }],
  [
    '--prompt and MYSQL_PS1',
    ['--prompt=mine>', 'itwiki'],
    ['prompt'],
    { env: { MYSQL_PS1: 'ps1>' } },
  ],
  [
    'the counter',
    ['--prompt=\\c>', 'itwiki'],
    ['select 1;', 'select 2', ';', 'use itwiki', 'selct;'],
  ],
  [
    'parts of the time',
    ['itwiki'],
    ['prompt \\Y \\y \\o \\w \\P \\O>', 'prompt \\D>'],
    { mask: maskDigits },
  ],
];

describe.concurrent('prompts look the same as in the client', () => {
  test.for(sessions)('%s', async ([, args, steps, where], { both }) => {
    await expectSameScreen(both, ['-A', ...args], steps, { prompt: />$/, ...where });
  });
});
