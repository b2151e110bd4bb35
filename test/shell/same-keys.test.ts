import { describe } from 'vitest';
import { test } from '../farm/on-terminal.js';
import { expectSameScreen, type ScreenOptions, type Step } from './same-screen.js';

const keys = (...press: string[]): Step => ({ press });

/** Keys that are typed into the client's line editor and into this program's. */
const sessions: [name: string, steps: Step[], where?: ScreenOptions][] = [
  ['Ctrl-C drops the line', [keys('C-c'), 'select 1;', 'select 2', keys('C-c'), 'select 3;']],
  [
    'Ctrl-A, Ctrl-E, Ctrl-K, Ctrl-U',
    [
      keys(
        'x',
        'C-a',
        ...'select',
        'Space',
        'C-e',
        ...',1',
        'C-u',
        ...'do',
        'Space',
        ...'1;',
        'C-a',
        'C-e',
        'Enter',
      ),
    ],
  ],
  [
    'arrows, Home and End',
    [keys(...'2,3', 'Left', 'Left', 'Home', ...'select', 'Space', '1', ',', 'End', ';', 'Enter')],
  ],
  [
    'Backspace and Delete',
    [keys(...'selectt', 'BSpace', 'Space', ...'12', 'Left', 'DC', ';', 'Enter')],
  ],
  ['Ctrl-W and Ctrl-Y', [keys(...'select', 'Space', ...'17', 'C-w', ...'4,', 'C-y', ';', 'Enter')]],
  [
    'Up and Down recall lines',
    ['select 1;', 'select 2;', keys('Up', 'Up', 'Enter'), keys('Up', 'Up', 'Down', 'Enter')],
  ],
  [
    'letters beyond ASCII',
    [
      "select char_length('é漢') as n;",
      keys(..."select 'é漢", 'BSpace', 'BSpace', ..."x';", 'Enter'),
    ],
  ],
];

describe.concurrent('keys have the same effect as in the client', () => {
  test.for(sessions)('%s', async ([, steps, where], { both }) => {
    await expectSameScreen(both, ['-A', 'itwiki'], steps, where);
  });
});
