import { describe, expect, test } from 'vitest';
import { defaultSqlMode } from '../../src/protocol/sql-mode.js';
import { preparePaste } from '../../src/shell/pasted-text.js';
import { getPromptPattern } from '../../src/shell/prompt.js';
import { test as onTerminal } from '../farm/on-terminal.js';

const options = { delimiter: ';', sqlMode: defaultSqlMode };

/** Prepares a pasted text; `|` marks its place in the text around it, if there is one. */
function prepare(pasted: string, around = '|', format = '\\N [\\d]> ') {
  const [before = '', after = ''] = around.split('|');
  return preparePaste(pasted, { before, after }, options, getPromptPattern(format));
}

describe('a pasted text', () => {
  test.each([
    ['select 1;\nselect 2;\n'],
    ['  select a[1]> 3'],
    ["select '\u00a0\u200b'"],
    ['select `a\u2003b`'],
    ['select "it\u00a0is", "a""\u00a0b"'],
    ["select @'a\u00a0b'"],
    ["insert into t values ('\nmysql> select 1;\n')"],
    ['where a > 3\n    -> b'],
  ])('%j is not changed', (pasted) => {
    expect(prepare(pasted)).toEqual({ text: pasted, notice: undefined });
  });

  test.each([
    ['select\u00a01', 'select 1', 1],
    ['select\u2003*\u3000from\u202fpage;', 'select * from page;', 3],
    ['\ufeffselect\u200b 1', 'select 1', 2],
    ['select 1\u2028from page', 'select 1\nfrom page', 1],
    ["select\u00a0'a\u00a0b'\u00a0;", "select 'a\u00a0b' ;", 2],
    ['select @x\u00a0+ 1', 'select @x + 1', 1],
    ['use\u00a0enwiki', 'use enwiki', 1],
    // Before a blank, two hyphens begin a comment, in which quotes mean nothing.
    ["--\u00a0it's\nselect\u00a0'\u00a0'", "-- it's\nselect '\u00a0'", 2],
    ["'--\u00a0x' --\u00a0y'\u00a0z", "'--\u00a0x' -- y' z", 2],
  ])('%j becomes %j', (pasted, text, count) => {
    const what =
      count === 1
        ? '1 character that only looks like a blank'
        : `${count} characters that only look like blanks`;
    const notice = `Replaced ${what} in the pasted text.`;
    expect(prepare(pasted)).toEqual({ text, notice });
  });

  test('in quotes that were opened before is not changed', () => {
    const pasted = 'MariaDB [x]> a\u00a0b';
    expect(prepare(pasted, "select '|'")).toEqual({ text: pasted, notice: undefined });
    expect(prepare('a\u00a0b', "select '' |").text).toBe('a b');
  });
});

const transcript = `MariaDB [itwiki]> select page_id,
    -> page_title
    ->   from page limit 1;
+---------+------------+
| page_id | page_title |
+---------+------------+
|       1 | x          |
+---------+------------+
1 row in set (0.001 sec)

MariaDB [itwiki]> use enwiki
Database changed
MariaDB [enwiki]> select 'a
    '> b';
+-----+
MariaDB [enwiki]> show t^C
MariaDB [enwiki]>`;

describe('a pasted transcript', () => {
  test('loses its prompts and its output', () => {
    expect(prepare(transcript)).toEqual({
      text: "select page_id,\npage_title\n  from page limit 1;\nuse enwiki\nselect 'a\nb';",
      notice: 'Removed the prompts and 8 lines of output from the pasted text.',
    });
  });

  test.each([
    ['mysql> select 1;', 'select 1;'],
    ['MySQL [(none)]> select 1;', 'select 1;'],
    ['MariaDB [(none)]>  select 1;\n', ' select 1;'],
    ['MariaDB root@localhost:itwiki> select 1;', 'select 1;'],
    ['(ins)MariaDB [itwiki]> select 1;', 'select 1;'],
    ['\n    -> from page\n    -> where 1;', 'from page\nwhere 1;'],
    ['MariaDB [x]> select 1\nfrom page;', 'select 1\nfrom page;'],
    ['MariaDB [x]> select /* a\n   /*> b */ 1;', 'select /* a\nb */ 1;'],
    ['MariaDB [x]> select 1\u00a0;', 'select 1 ;'],
  ])('%j becomes %j', (pasted, text) => {
    const { text: prepared, notice } = prepare(pasted);
    expect(prepared).toBe(text);
    expect(notice).toMatch(/^Removed the prompts from the pasted text\./);
  });

  test.each([
    ['\\{wiki} on \\{section}, \\{lag} behind> ', 'itwiki on s2, 0.4 s behind> select 1;'],
    ['\\{wiki} on \\{section}, \\{lag} behind> ', 'enwiki on s1, ? behind> select 1;'],
    ['\\D \\u:\\_', 'Fri Nov 27 22:00:11 2026 research: select 1;'],
    ['\\d\\n\\x1b[1m\\c\\x1b[0m) ', '12) select 1;'],
    ['(\\d)> ', '(itwiki)> select 1;'],
  ])('has the prompts of the format %j', (format, pasted) => {
    const unescaped = format.replaceAll('\\x1b', '\x1b');
    expect(prepare(pasted, '|', unescaped).text).toBe('select 1;');
  });

  test.each(['', ' ', '\\d ', '\\d\\_'])('cannot be recognized with the prompt %j', (format) => {
    const pasted = 'select 1;\nselect 2;';
    expect(prepare(pasted, '|', format)).toEqual({ text: pasted, notice: undefined });
  });
});

describe.concurrent('in the shell, pasted text', () => {
  onTerminal(
    'loses prompts and look-alike blanks, and a notice says so',
    async ({ shell, expect }) => {
      const terminal = await shell(['-A', 'itwiki'], { columns: 80, rows: 24 });
      await terminal.type('select 0; ');
      await terminal.paste(
        "MariaDB [itwiki]> select\u00a0'a\u00a0b'\n    -> as pasted;\n+---+\n| 1 |\n+---+\nBye",
      );
      await terminal.waitFor(/ as pasted;$/);
      const screen = await terminal.screen();
      expect(screen.slice(screen.indexOf('Removed'))).toBe(
        'Removed the prompts and 4 lines of output from the pasted text.\n' +
          'Replaced 1 character that only looks like a blank in the pasted text.\n' +
          "MariaDB [itwiki]> select 0; select 'a\u00a0b'\n    -> as pasted;",
      );
      await terminal.press('Enter');
      expect(await terminal.waitForPrompt()).toMatch(/\| pasted \|\n\+-+\+\n\| a.b +\|/);
      // One step of undo removes the pasted text.
      await terminal.type('a');
      await terminal.paste('mysql> select 1;');
      await terminal.waitFor(/> aselect 1;$/);
      await terminal.press('C-_');
      await terminal.waitFor(/> a$/);
    },
  );
});
