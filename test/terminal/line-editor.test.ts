import { describe } from 'vitest';
import type { Tmux } from '../farm/tmux.js';
import { test } from './on-terminal.js';

const columns = 40;
const dumb = { columns, env: { TERM: 'dumb' } };

/** Resizes the terminal and waits until the editor has repainted: tmux rewraps rows as well. */
async function resize(terminal: Tmux, columns: number): Promise<void> {
  const before = terminal.rawOutput.length;
  await terminal.resize(columns, 15);
  const isPainted = () => /sql> .*G$/s.test(terminal.rawOutput.slice(before));
  await terminal.waitUntil(`the text at ${columns} columns`, isPainted);
}

describe.concurrent('the line editor on a terminal', () => {
  test('reads and edits a text of several lines', async ({ editor, expect }) => {
    const terminal = await editor();
    await terminal.type('SELECT 1,\n2;');
    await terminal.press('Up', 'Home', 'C-Right', 'Right');
    await terminal.type("'x', ");
    await terminal.press('Enter');
    expect(await terminal.waitFor(/}\nsql>$/)).toBe(
      'sql> SELECT \'x\', 1,\n  -> 2;\n{"kind":"text","text":"SELECT \'x\', 1,\\n2;"}\nsql>',
    );
  });

  test('wraps rows at the width of the screen, also after it was resized', async ({
    editor,
    expect,
  }) => {
    const terminal = await editor([], { columns });
    await terminal.type('one;');
    await terminal.press('Enter');
    await terminal.waitFor(/}\nsql>$/);
    const text = 'SELECT 日本 cafe\u0301, abcdefghijklmnopqrstuvwxyz';
    await terminal.type(text);
    await terminal.press('Left', 'Left');
    const above = 'sql> one;\n{"kind":"text","text":"one;"}\n';
    const within = (width: number) =>
      terminal.waitFor((screen) => screen.split('\n')[2]?.length === width - 1);
    expect(await within(40)).toBe(
      `${above}sql> SELECT 日本 cafe\u0301, abcdefghijklmnopq\nrstuvwxyz`,
    );
    await terminal.waitUntil('the cursor', async () => (await terminal.cursor()).column === 7);
    await resize(terminal, 30);
    expect(await within(30)).toBe(
      `${above}sql> SELECT 日本 cafe\u0301, abcdefg\nhijklmnopqrstuvwxyz`,
    );
    expect(await terminal.cursor()).toEqual({ column: 17, row: 3 });
    await resize(terminal, 60);
    await terminal.waitFor(`${above}sql> ${text}`);
    expect(await terminal.cursor()).toEqual({ column: 47, row: 2 });
  });

  test('does not obey keys and escape sequences in pasted text', async ({ editor, expect }) => {
    const terminal = await editor([], { columns: 80 });
    await terminal.paste('a;\n\tb\x1b[2J\x07\x1b]0;title\x07\u202e;\nc;');
    const screen = await terminal.waitFor('-> c;');
    expect(screen).toBe('sql> a;\n  ->     b^[[2J^G^[]0;title^G<U+202E>;\n  -> c;');
    expect(await terminal.format('#{pane_title}')).not.toBe('title');
    await terminal.press('Enter');
    await terminal.waitFor('"a;\\n\\tb\\u001b[2J\\u0007\\u001b]0;title\\u0007\u202e;\\nc;"');
  });

  test('shows keywords in color and the suggestion in gray', async ({ editor, expect }) => {
    const terminal = await editor(['SELECT FROM;']);
    await terminal.type('SELECT');
    await terminal.waitFor('sql> SELECT FROM;');
    expect(await terminal.screenWithColors()).toMatch(
      /sql> \x1b\[1m\x1b\[32mSELECT\x1b\[0m\x1b\[90m(\x1b\[49m)? FROM;/,
    );
    await terminal.press('C-c');
    expect(await terminal.waitFor(/}\nsql>$/)).toBe('sql> SELECT^C\n{"kind":"interrupted"}\nsql>');
  });

  test('shows no colors if NO_COLOR is set', async ({ editor, expect }) => {
    const terminal = await editor([], { env: { NO_COLOR: '1' } });
    await terminal.type('SELECT');
    await terminal.waitFor('sql> SELECT');
    expect(terminal.rawOutput).not.toMatch(/\x1b\[[\d;]*m/);
  });

  test('shows the part of a tall text that fits, and all of it when the editing ends', async ({
    editor,
    expect,
  }) => {
    const terminal = await editor([], { columns, rows: 6 });
    const lines = Array.from({ length: 10 }, (_, index) => `line ${index}`);
    await terminal.paste(lines.join('\n'));
    const screenOf = (from: number, to: number) =>
      lines
        .slice(from, to)
        .map((line, index) => `${from + index === 0 ? 'sql>' : '  ->'} ${line}`)
        .join('\n');
    expect(await terminal.waitFor('line 9')).toBe(screenOf(4, 10));
    await terminal.press('C-Home');
    expect(await terminal.waitFor('line 0')).toBe(screenOf(0, 6));
    await terminal.type('x');
    await terminal.press('BSpace', 'C-End');
    await terminal.type(';');
    await terminal.press('Enter');
    await terminal.waitFor('"kind"');
    expect((await terminal.allLines()).split(/(?=\{)/)[0]).toContain(`${screenOf(0, 10)};\n`);
  });

  test('opens a menu below the text', async ({ editor, expect }) => {
    const terminal = await editor();
    await terminal.type('ta');
    await terminal.press('Tab', 'Tab');
    expect(await terminal.waitFor('table_c')).toBe(
      'sql> table_\ntable_a table  table_b table  table_c table',
    );
    expect(await terminal.cursor()).toEqual({ column: 11, row: 0 });
    await terminal.press('Tab', 'Tab', 'Enter');
    await terminal.waitFor(/^sql> table_b$/);
  });

  test('searches the history', async ({ editor, expect }) => {
    const terminal = await editor(['SELECT\nold;', 'new;']);
    await terminal.press('C-r');
    await terminal.type('ol');
    expect(await terminal.waitFor('old;')).toBe("(reverse-i-search)'ol': SELECT\n  -> old;");
    expect(await terminal.cursor()).toEqual({ column: 5, row: 1 });
    await terminal.press('Enter');
    await terminal.waitFor('{"kind":"text","text":"SELECT\\nold;"}');
  });

  test('queues keys that are typed while nothing is edited', async ({ editor, expect }) => {
    const terminal = await editor();
    await terminal.type('sleep;\n');
    await terminal.waitFor('"sleep;"');
    await terminal.type('two;\nthree');
    expect(await terminal.waitFor('sql> three')).toBe(
      'sql> sleep;\n{"kind":"text","text":"sleep;"}\n' +
        'sql> two;\n{"kind":"text","text":"two;"}\nsql> three',
    );
  });

  test('reports Ctrl-C while nothing is edited, and drops the queued keys', async ({
    editor,
    expect,
  }) => {
    const terminal = await editor();
    await terminal.type('sleep;\n');
    await terminal.waitFor('"sleep;"');
    await terminal.type('dropped;');
    await terminal.press('C-c');
    await terminal.waitFor('interrupt');
    expect(await terminal.waitFor(/sql>$/)).not.toContain('dropped');
  });

  test('hands the text to an external editor, and continues with the edited text', async ({
    editor,
    expect,
  }) => {
    const terminal = await editor();
    await terminal.type('a');
    await terminal.press('C-x', 'C-e');
    expect(await terminal.waitFor('sql> aedited')).toBe(
      '{"kind":"editor","text":"a"}\nsql> aedited',
    );
  });

  test('clears the screen', async ({ editor, expect }) => {
    const terminal = await editor();
    await terminal.type('one;\ntwo');
    await terminal.waitFor('sql> two');
    await terminal.press('C-l');
    await terminal.waitFor(/^sql> two$/);
    expect(await terminal.cursor()).toEqual({ column: 8, row: 0 });
  });

  test('writes no escape sequence to a dumb terminal', async ({ editor, expect }) => {
    const terminal = await editor([], dumb);
    await terminal.type('SELECT\n');
    await terminal.waitFor('->');
    await terminal.type('1;\n');
    expect(await terminal.waitFor(/}\nsql>$/)).toBe(
      'sql> SELECT\n  -> 1;\n{"kind":"text","text":"SELECT\\n1;"}\nsql>',
    );
    await terminal.type('more');
    await terminal.press('C-c');
    await terminal.waitFor('{"kind":"interrupted"}\nsql>');
    await terminal.press('C-d');
    expect(await terminal.waitForEnd()).toBe(0);
    expect(terminal.rawOutput).not.toContain('\x1b');
  });
});
