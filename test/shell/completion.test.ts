import { describe } from 'vitest';
import { test } from '../farm/on-terminal.js';
import { parseRenditions } from '../farm/renditions.js';
import type { Tmux } from '../farm/tmux.js';
import { directoryOf } from '../parity/directory.js';

const files = directoryOf({ 'script.sql': 'select 1;', 'directory/other.sql': '' });

/**
 * Types a text, presses Tab and expects the completed text. Repeats that until it succeeds, because
 * the names are read in the background.
 */
async function expectCompleted(terminal: Tmux, text: string, completed: string): Promise<void> {
  const completes = async () => {
    await terminal.press('C-e', 'C-u');
    await terminal.waitForPromptAgain();
    await terminal.type(text);
    await terminal.waitFor(text);
    await terminal.press('Tab');
    const done = (screen: string) => screen.includes(`> ${completed}`);
    return terminal.waitFor(done, { timeout: 300 }).then(
      () => true,
      () => false,
    );
  };
  await terminal.waitUntil(`${text} completed to ${completed}`, completes, { timeout: 4000 });
}

/** Typed texts in itwiki, and the texts that Tab completes them to. */
const cases: [what: string, text: string, completed: string][] = [
  ['keywords', 'sel', 'select'],
  ['a table', 'select * from revi', 'select * from revision'],
  ['a table after JOIN', 'select * from page join acto', 'select * from page join actor'],
  ['a table after DESC', 'desc page_pr', 'desc page_props'],
  ['a table after UPDATE', 'update site_', 'update site_stats'],
  ['a table after INSERT INTO', 'insert into site_', 'insert into site_stats'],
  ['a column', 'select * from page where page_tit', 'select * from page where page_title'],
  [
    'a column of a table with an alias',
    'select * from revision r where r.rev_sh',
    'select * from revision r where r.rev_sha1',
  ],
  [
    'an alias in ORDER BY',
    'select count(*) total from page order by tota',
    'select count(*) total from page order by total',
  ],
  [
    'a table of another database',
    'select * from information_schema.proces',
    'select * from information_schema.PROCESSLIST',
  ],
  [
    'a column of another database',
    'select * from information_schema.tables where table_row',
    'select * from information_schema.tables where TABLE_ROWS',
  ],
  ['a system variable', 'select @@tx_iso', 'select @@tx_isolation'],
  ['a function', 'select group_conc', 'select group_concat('],
  ['a database', 'select * from information_sch', 'select * from information_schema'],
  ['a command', 'delimi', 'delimiter'],
  ['a wiki of this section', 'use nlwi', 'use nlwiki'],
  ['a wiki of another section', 'use dewi', 'use dewiki'],
  ['a file', 'source scr', 'source script.sql'],
  ['a file in a directory', 'source directory/', 'source directory/other.sql'],
];

describe.concurrent('completion', () => {
  test('completes keywords, names, commands and files', async ({ shell }) => {
    const terminal = await shell(['itwiki'], { cwd: files });
    for (const [, text, completed] of cases) await expectCompleted(terminal, text, completed);
  });

  test('completes the user variables of the session', async ({ shell }) => {
    const terminal = await shell(['itwiki']);
    await terminal.run('set @threshold = 5;');
    await expectCompleted(terminal, 'select @thr', 'select @threshold');
    // They end with the connection.
    await terminal.press('C-u');
    await terminal.run('connect');
    await terminal.type('select @thr');
    await terminal.press('Tab');
    await terminal.type('+1');
    await terminal.waitFor(/> select @thr\+1$/);
  });

  test('offers no database of another section in a statement', async ({ shell, expect }) => {
    const terminal = await shell(['itwiki']);
    await expectCompleted(terminal, 'select * from plwi', 'select * from plwiki.');
    await terminal.type('revi');
    await terminal.press('Tab');
    await terminal.waitFor(/> select \* from plwiki\.revision$/);
    await terminal.press('C-u');
    await terminal.type('select * from dewiki.revi');
    await terminal.press('Tab');
    await terminal.type(' x');
    await terminal.waitFor(/ x$/);
    expect(await terminal.screen()).toMatch(/> select \* from dewiki\.revi x$/);
  });

  test('completes a column before FROM from the tables after it', async ({ shell }) => {
    const terminal = await shell(['itwiki']);
    await expectCompleted(terminal, 'select * from site_', 'select * from site_stats');
    await terminal.press('C-u');
    await terminal.waitForPromptAgain();
    const rest = ' from site_stats s';
    await terminal.type(`select s.ss_good${rest}`);
    await terminal.press(...Array(rest.length).fill('Left'));
    await terminal.press('Tab');
    await terminal.waitFor('> select s.ss_good_articles from site_stats s');
  });

  test('shows a menu of candidates, and inserts the selected one', async ({ shell, expect }) => {
    const terminal = await shell(['itwiki']);
    const menu = /> select \* from page where page_l\n[\s\S]*page_len[\s\S]*page_latest/;
    await terminal.waitUntil('the columns to choose from', async () => {
      await terminal.press('C-e', 'C-u');
      await terminal.waitForPromptAgain();
      await terminal.type('select * from page where page_l');
      await terminal.press('Tab');
      return terminal.waitFor(menu, { timeout: 500 }).then(
        () => true,
        () => false,
      );
    });
    expect(await terminal.screen()).not.toContain('page_title');
    const chosen = async () =>
      parseRenditions(await terminal.screenWithColors())
        .flat()
        .find(({ inverse }) => inverse);
    await terminal.press('Tab', 'Tab');
    await terminal.waitUntil('a choice', async () => (await chosen()) !== undefined);
    const name = (await chosen())?.text.trim().split(/ +/)[0] ?? '';
    await terminal.press('Enter');
    await terminal.waitFor((screen) => screen.endsWith(`> select * from page where ${name}`));
    expect(name).toMatch(/^page_l\w+$/);
    // The menu is removed when the statement runs.
    await terminal.press('C-e', 'C-u');
    await terminal.type('select 1;\n');
    await terminal.waitFor('row in set');
    expect(await terminal.waitForPrompt()).not.toContain('page_latest');
  });

  test('with -A completes keywords but no table names', async ({ shell, expect }) => {
    const terminal = await shell(['-A', 'itwiki']);
    await terminal.type('select * from revi');
    await terminal.press('Tab');
    await terminal.type(' order');
    await terminal.waitFor(/ order$/);
    expect(await terminal.screen()).toMatch(/> select \* from revi order$/);
    await terminal.press('C-e', 'C-u');
    await expectCompleted(terminal, 'sel', 'select');
  });

  test('reads the names of the new database after use', async ({ shell }) => {
    const terminal = await shell(['itwiki']);
    await terminal.run('use wikishared');
    await expectCompleted(terminal, 'select * from urlsh', 'select * from urlshortcodes');
  });
});
