import { describe } from 'vitest';
import { test } from '../farm/on-terminal.js';
import { type Conversation, expectSameConversation, type Step } from './conversation.js';

/** Dates and times differ between two runs. */
const timeless = (screen: string) => screen.replaceAll(/\d/g, '#');

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

const conversations: [name: string, args: string[], steps: Step[], where?: Conversation][] = [
  ['the command prompt', ['itwiki'], byCommand],
  ['no database', [], ['select 1;', 'use itwiki']],
  [
    '--prompt',
    ['--prompt=\\u@\\h:\\p [\\d]>', 'itwiki'],
    ['select 1', ';', 'prompt', 'prompt x>', 'prompt'],
  ],
  ['--prompt that is empty but for its end', ['--prompt=>', 'itwiki'], ['select 1', ';']],
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
    { mask: timeless },
  ],
];

describe.concurrent('prompts look as in the client', () => {
  test.for(conversations)('%s', async ([, args, steps, where], { both }) => {
    await expectSameConversation(both, ['-A', ...args], steps, { prompt: />$/, ...where });
  });
});
