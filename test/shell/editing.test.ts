import { describe } from 'vitest';
import { test } from '../farm/on-terminal.js';
import { isAtLeast } from '../farm/reference-client.js';
import { program } from '../farm/run.js';
import { type Tmux, tmuxVersion } from '../farm/tmux.js';
import { directoryOf } from '../parity/directory.js';

const files = directoryOf({
  'editor.sh': '#!/bin/sh\nsed -i s/one/edited/ "$1"\n',
  'fails.sh': '#!/bin/sh\nexit 3\n',
});

/** Returns the lines of the text that is being edited: those from the last primary prompt on. */
async function readEditedLines(terminal: Tmux): Promise<string[]> {
  const lines = (await terminal.screen()).split('\n');
  return lines.slice(lines.findLastIndex((line) => line.startsWith('MariaDB [')));
}

describe.concurrent('editing', () => {
  test('a statement of several lines is edited and recalled as a unit', async ({
    shell,
    expect,
  }) => {
    const terminal = await shell(['-A', 'itwiki']);
    await terminal.type("select 1 as one,\n  'two'\n;\n");
    await terminal.waitFor(/\| +1 \| two +\|[\s\S]*row in set/);
    await terminal.waitForPrompt();
    const lines = ['MariaDB [itwiki]> select 1 as one,', "    ->   'two'", '    -> ;'];
    await terminal.press('Up');
    await terminal.waitFor((screen) => screen.endsWith(lines.join('\n')));
    // Go to the first line and change its number.
    await terminal.press('Up', 'Up', 'Home', ...Array(8).fill('Right'), 'BSpace', '3');
    await terminal.waitFor(/> select 3 as one,\n {4}-> {3}'two'\n {4}-> ;$/);
    await terminal.press('Enter');
    await terminal.waitFor(/\| +3 \| two +\|[\s\S]*row in set/);
    await terminal.waitForPrompt();
    // The history has one entry for each statement.
    await terminal.press('Up', 'Up', 'Up', 'Up');
    await terminal.waitFor((screen) => screen.endsWith(lines.join('\n')));
    expect(await readEditedLines(terminal)).toEqual(lines);
  });

  test('Alt-Enter inserts a new line even if the statement is complete', async ({ shell }) => {
    const terminal = await shell(['-A', 'itwiki']);
    await terminal.type("select 'one';");
    await terminal.press('M-Enter');
    await terminal.type("select 'two';");
    await terminal.waitFor(/'one';\n *-?>? *select 'two';$/);
    await terminal.press('Enter');
    await terminal.waitFor(/\| one \|[\s\S]*\| two \|/);
    await terminal.waitForPrompt();
  });

  test('pasted text keeps its newlines and tabs, and runs only after Enter', async ({
    shell,
    expect,
  }) => {
    const terminal = await shell(['-A', 'itwiki']);
    await terminal.paste("select 1,\n\t'tab\tin';\nselect 3;\nselect 4;");
    await terminal.waitFor(/select 4;$/);
    expect(await terminal.screen()).not.toContain('row in set');
    await terminal.press('Enter');
    await terminal.waitFor(/\| 3 \|[\s\S]*\| 4 \|[\s\S]*row in set/);
    expect(await terminal.waitForPrompt()).toMatch(/\| tab.*in *\|/);
    // The history has one entry for the whole text.
    await terminal.press('Up');
    await terminal.waitFor(/> select 1,\n.*\n.*select 3;\n.*select 4;$/);
  });

  test('pasted text that ends in a newline runs only after Enter', async ({ shell, expect }) => {
    const terminal = await shell(['-A', 'itwiki']);
    await terminal.paste('select 5;\n');
    await terminal.waitFor(/select 5;/);
    await terminal.press('Home');
    expect(await terminal.screen()).not.toContain('row in set');
    await terminal.press('Enter');
    await terminal.waitFor(/\| 5 \|[\s\S]*row in set/);
  });

  const letters = [
    'é',
    'e\u0301',
    'n\u0303a\u0323\u0308',
    '漢字',
    'カナ',
    '한국어',
    '🦉',
    'ไทย',
    'हिन्दी',
    'العربية',
    'ﬃ½Ω',
  ];
  // tmux 3.3a counts a skin tone modifier as a separate character.
  if (isAtLeast(tmuxVersion(), '3.5')) letters.push('👍🏽');
  test('the cursor is at the right cell after characters of any width', async ({
    shell,
    expect,
  }) => {
    const terminal = await shell(['-A', 'itwiki']);
    for (const text of letters) {
      await terminal.type(`x${text}Y`);
      await terminal.waitFor('Y');
      await terminal.press('Left');
      await terminal.waitUntil(
        `the cursor on the Y after ${text}`,
        async () => (await terminal.format('#{cursor_character}')) === 'Y',
        { timeout: 3000 },
      );
      // Go to the start of the line, then after the x.
      await terminal.press('Home', 'Right', 'Z');
      await terminal.waitFor((screen) => screen.endsWith(`> xZ${text}Y`), { timeout: 3000 });
      await terminal.press('C-e', 'C-u');
      await terminal.waitForPromptAgain();
    }
    expect(await readEditedLines(terminal)).toEqual(['MariaDB [itwiki]>']);
  });

  test('Backspace deletes a whole grapheme cluster', async ({ shell }) => {
    const terminal = await shell(['-A', 'itwiki']);
    await terminal.type("select 'a漢e\u0301🦉👍🏽");
    await terminal.waitFor('🦉');
    await terminal.press('BSpace', 'BSpace');
    await terminal.type("', 1;");
    await terminal.waitFor((screen) => screen.endsWith("select 'a漢e\u0301', 1;"));
    await terminal.press(...Array(4).fill('Left'), 'Left', 'BSpace', 'BSpace', 'b');
    await terminal.waitFor((screen) => screen.endsWith("select 'ab', 1;"));
    await terminal.press('Enter');
    await terminal.waitFor(/\| ab \| 1 \|/);
  });

  test('a line longer than the screen is redrawn after a change of width', async ({
    shell,
    expect,
  }) => {
    const terminal = await shell(['-A', 'itwiki'], { columns: 60, rows: 24 });
    const words = Array.from({ length: 14 }, (_, index) => `'word${index}'`).join(', ');
    await terminal.type(`select ${words}, 漢`);
    await terminal.waitFor('漢');
    for (const [columns, rows] of [
      [40, 24],
      [90, 20],
      [61, 12],
      [60, 24],
    ] as const) {
      await terminal.resize(columns, rows);
      await terminal.waitFor((screen) => {
        const joined = screen.replaceAll('\n', '').replaceAll(' ', '');
        const typed = `MariaDB[itwiki]>select${words}, 漢`.replaceAll(' ', '');
        return joined.endsWith(typed) && joined.split('MariaDB[').length === 2;
      });
    }
    // Wait, so that the pager sees the last size.
    await terminal.waitForSize(60, 24);
    await terminal.press('BSpace');
    await terminal.type('1\\G\n');
    await terminal.waitFor(/word13: word13[\s\S]*row in set/);
    expect(await terminal.waitForPrompt()).toContain('1. row');
  });

  test('a statement taller than the screen can be edited, and stays on the screen completely', async ({
    shell,
    expect,
  }) => {
    const terminal = await shell(['-A', '--skip-pager', 'itwiki'], { rows: 10 });
    const lines = Array.from({ length: 16 }, (_, index) => `'line ${index}',`);
    await terminal.type(`select\n${lines.join('\n')}\n'end'`);
    await terminal.waitFor(/'end'$/);
    await terminal.press(...Array(lines.length + 1).fill('Up'), 'End');
    await terminal.type(' 7,');
    await terminal.waitFor(/> select 7,\n *-> 'line 0',/);
    await terminal.press('C-End', ';', 'Enter');
    await terminal.waitForPrompt();
    const all = await terminal.allLines();
    const shown = [
      'MariaDB [itwiki]> select 7,',
      ...[...lines, "'end';"].map((line) => `    -> ${line}`),
    ];
    expect(all).toContain(`${shown.join('\n')}\n*`);
    expect(all.split("'line 3',")).toHaveLength(2);
  });

  test('a terminal without a known size gets a default size', async ({ onTerminal }) => {
    const start = 'stty columns 0 rows 0; exec "$0" -A itwiki';
    const terminal = await onTerminal(['bash', '-c', start, program]);
    await terminal.waitForPrompt();
    await terminal.run("select 'there';");
    await terminal.press('Up');
    await terminal.waitFor(/> select 'there';\n[\s\S]*> select 'there';$/);
  });

  test('text typed while a statement runs becomes the next statement', async ({
    shell,
    expect,
  }) => {
    const terminal = await shell(['-A', 'itwiki']);
    await terminal.type('select sleep(0.7) as first;\nselect 77;\n');
    await terminal.waitFor(/\| 77 \|[\s\S]*row in set/);
    const screen = await terminal.waitForPrompt();
    expect(screen).toMatch(/> select sleep\(0\.7\) as first;\n[\s\S]*> select 77;\n\+/);
  });

  test('Ctrl-X Ctrl-E opens the text in $EDITOR', async ({ shell }) => {
    const terminal = await shell(['-A', 'itwiki'], { env: { EDITOR: `${files}/editor.sh` } });
    await terminal.type("select 'one',\n2;");
    await terminal.press('C-x', 'C-e');
    await terminal.waitFor(/select 'edited',\n *-> 2;$/);
    await terminal.press('Enter');
    await terminal.waitFor(/\| edited \| 2 \|/);
  });

  test('the text stays unchanged if $EDITOR fails', async ({ shell }) => {
    const terminal = await shell(['-A', 'itwiki'], { env: { EDITOR: `${files}/fails.sh` } });
    await terminal.type("select 'one';");
    await terminal.press('C-x', 'C-e');
    await terminal.type(' do 0;\n');
    await terminal.waitFor(/> select 'one'; do 0;\n\+-+\+\n\| one \|/);
  });

  test('a missing TMPDIR for $EDITOR is reported, and the text stays unchanged', async ({
    shell,
  }) => {
    const terminal = await shell(['-A', 'itwiki'], { env: { TMPDIR: '/no/such/directory' } });
    await terminal.type("select 'one';");
    await terminal.press('C-x', 'C-e');
    await terminal.waitFor(/ERROR: .*no such file.*\nMariaDB \[itwiki\]> select 'one';$/);
  });

  test('undo, cut and paste work', async ({ shell }) => {
    const terminal = await shell(['-A', 'itwiki']);
    await terminal.type('select 12');
    await terminal.press('C-w');
    await terminal.waitFor(/> select$/);
    await terminal.press('C-y', 'C-y');
    await terminal.waitFor(/> select 1212$/);
    await terminal.press('C-_');
    await terminal.waitFor(/> select 12$/);
    await terminal.press('C-a', 'C-k');
    await terminal.waitForPromptAgain();
    await terminal.press('C-y', ';', 'Enter');
    await terminal.waitFor(/\| 12 \|/);
  });

  test('Ctrl-L clears the screen and keeps the typed text', async ({ shell }) => {
    const terminal = await shell(['-A', 'itwiki']);
    await terminal.type('select 12');
    await terminal.press('C-l');
    await terminal.waitFor(/^MariaDB \[itwiki\]> select 12$/);
    await terminal.type(';\n');
    await terminal.waitFor(/\| 12 \|/);
  });
});
