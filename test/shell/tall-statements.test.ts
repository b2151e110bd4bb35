import { describe } from 'vitest';
import { test } from '../farm/on-terminal.js';
import { parseRenditions } from '../farm/renditions.js';
import type { Tmux } from '../farm/tmux.js';

/** The sizes of a small and of a large terminal. */
const sizes = [
  [80, 24],
  [200, 50],
] as const;

/** Returns a statement of `count` lines; each has its number, and none has a result. */
function statementOf(count: number): string {
  const numbers = Array.from({ length: count }, (_, index) => `  ${index},`);
  return `do\n${numbers.join('\n')}\n  0`;
}

/** The menu of the words that begin with `cur` begins like this. */
const candidate = /^cur\w+\(? +(keyword|function)/m;

/** Opens the menu of the words that begin with `cur`. */
async function openMenu(terminal: Tmux): Promise<void> {
  await terminal.type('cur');
  await terminal.press('Tab', 'Tab');
  await terminal.waitFor(candidate);
}

/** Returns the line of the screen in which the cursor is, and the lines below it. */
async function linesFromCursor(terminal: Tmux): Promise<string[]> {
  const { row } = await terminal.cursor();
  return (await terminal.screen()).split('\n').slice(row);
}

describe.concurrent('a statement that is taller than the screen', () => {
  test.for(sizes)(
    'shows menu and search at the cursor, on %i × %i',
    async ([columns, rows], { shell, expect }) => {
      const terminal = await shell(['-A', 'itwiki'], { columns, rows });
      const statement = statementOf(rows + 20);
      await terminal.paste(statement);
      await terminal.waitFor(/-> {3}0$/);
      for (const [keys, line] of [
        [['C-Home', 'End'], /> do cur/],
        [['C-End'], /-> {3}0 cur/],
        [['C-Home', ...Array(8).fill('Down'), 'End'], /-> {3}7, cur/],
      ] as const) {
        await terminal.press(...keys, 'Space');
        await openMenu(terminal);
        const shown = await linesFromCursor(terminal);
        expect(shown[0]).toMatch(line);
        expect(shown[1]).toMatch(candidate);
        await terminal.press('Tab');
        const isSelected = async () =>
          parseRenditions(await terminal.screenWithColors())
            .flat()
            .some(({ inverse }) => inverse);
        await terminal.waitUntil('a selected candidate', isSelected);
        await terminal.press('Enter');
        await terminal.waitFor((screen) => !/ (keyword|function)$/m.test(screen));
        // The menu leaves nothing behind, and only the cursor's line has changed.
        expect((await linesFromCursor(terminal))[0]).toMatch(/cur\w+\(?$/i);
        await terminal.press('M-BSpace', 'BSpace');
        await terminal.waitFor((screen) => !/cur/i.test(screen));
      }
      await terminal.press('C-End', ';', 'Enter');
      await terminal.waitForPrompt();
      // A long line, too, is taller than the screen.
      const numbers = Array.from({ length: Math.ceil((columns * rows) / 6) }, (_, n) => `0x${n}0`);
      await terminal.paste(`do ${numbers.join(', ')};`);
      await terminal.press('Enter');
      await terminal.waitForPrompt();
      for (const query of [`  ${rows + 10},`, `${numbers[numbers.length >> 1]}, `]) {
        await terminal.press('C-r');
        await terminal.type(query);
        await terminal.waitUntil('the search at the cursor', async () => {
          const [line = '', search] = await linesFromCursor(terminal);
          return line.includes(query) && search === `(reverse-i-search)'${query}':`;
        });
        await terminal.press('C-g');
        await terminal.waitForPromptAgain();
      }
      // A statement that fits has the search in its first line.
      await terminal.run('do 12;');
      await terminal.press('C-r', '2');
      await terminal.waitFor(/\n\(reverse-i-search\)'2': do 12;$/);
    },
  );
});

describe.concurrent('a changed size of the screen', () => {
  const words = Array.from({ length: 30 }, (_, index) => `'word${index}'`).join(', ');

  // By chance, a terminal rewraps its rows once more before a slow program has painted them.
  test.for(sizes)(
    'leaves one copy of the statement, from %i × %i',
    { retry: 2 },
    async ([columns, rows], { shell }) => {
      const terminal = await shell(['-A', 'itwiki'], { columns, rows });
      await terminal.run('do 1;');
      const expectOneCopy = (start: string, end: string) =>
        terminal.waitUntil(`one copy of the statement: ${start}`, async () => {
          const withoutSpaces = (text: string) => text.replaceAll(/[ \n]/g, '');
          const copiesIn = (text: string) => withoutSpaces(text).split(`>${start}`).length - 1;
          const screen = await terminal.screen();
          if (!withoutSpaces(screen).includes(withoutSpaces(end))) return false;
          // Nothing may be left in the lines that scrolled off the screen either.
          return copiesIn(screen) === 1 && copiesIn(await terminal.allLines()) === 1;
        });
      const half = Math.floor(columns / 2);
      // tmux tells the program of the second size up to 250 ms after it has rewrapped the rows.
      const resizeTwice = async (first: number, second: number) => {
        await terminal.resize(first, rows);
        await terminal.waitForSize(first, rows);
        await terminal.resize(second, rows);
      };
      await terminal.type(`select ${words}`);
      await terminal.waitFor("'word29'");
      await resizeTwice(half, columns + 10);
      await terminal.waitForSize(columns + 10, rows);
      await terminal.press(';', 'BSpace');
      await expectOneCopy('select', "'word29'");
      await resizeTwice(columns - 7, half);
      await resizeTwice(columns, columns - 1);
      await terminal.waitForSize(columns - 1, rows);
      await expectOneCopy('select', "'word29'");
      await terminal.press('C-e', 'C-u');
      await terminal.waitForPromptAgain();

      // After Ctrl-L, and with the menu open.
      await terminal.type('set ');
      await openMenu(terminal);
      for (const [width, height] of [
        [half, rows],
        [columns, rows - 8],
        [columns, rows + 10],
      ] as const) {
        await terminal.resize(width, height);
        await terminal.waitForSize(width, height);
        await expectOneCopy('set', 'current_pos');
      }
      await terminal.press('C-l');
      await terminal.waitFor(/^MariaDB \[itwiki\]> set /);
      for (const [width, height] of [
        [half, rows],
        [columns, rows + 20],
      ] as const) {
        await terminal.resize(width, height);
        await terminal.waitForSize(width, height);
        await expectOneCopy('set', 'cur');
      }
    },
  );
});

describe.concurrent('help', () => {
  test('that does not fit goes through the pager', async ({ shell, expect }) => {
    const terminal = await shell(['-A', 'itwiki'], { columns: 80, rows: 24 });
    for (const [line, first, last] of [
      ['help', /help +\(\\h\)/, "Type 'help keys'"],
      ['help keys', /return +run a complete statement/, 'cancel a running query'],
      ['help contents', /help category: "Contents"/, 'Utility'],
    ] as const) {
      await terminal.enter(line);
      expect(await terminal.waitForLess(first)).not.toContain(last);
      await terminal.press('G');
      await terminal.waitForLess(new RegExp(last));
      await terminal.press('q');
      await terminal.waitForPromptAgain();
    }
    await terminal.run('pager cat -n');
    expect(await terminal.run('help abs')).toMatch(/^ +2[3-9] +\+-+\+$/m);
  });

  test('that fits is printed', async ({ shell, expect }) => {
    const terminal = await shell(['-A', 'itwiki'], { columns: 200, rows: 70 });
    expect(await terminal.run('help')).toContain("Type 'help keys'");
    expect(await terminal.run('help keys')).toContain('cancel a running query');
  });
});
