import { describe } from 'vitest';
import { test } from '../farm/on-terminal.js';
import { renditions } from '../farm/renditions.js';
import type { Tmux } from '../farm/tmux.js';
import { directoryOf } from '../parity/directory.js';

const files = directoryOf({ 'script.sql': 'select 1;', 'directory/other.sql': '' });

/**
 * Types a text, presses Tab and waits for what it becomes: again and again, since the names are read
 * in the background.
 */
async function expectCompleted(terminal: Tmux, text: string, whole: string): Promise<void> {
  const completes = async () => {
    await terminal.press('C-e', 'C-u');
    await terminal.waitForPromptAgain();
    await terminal.type(text);
    await terminal.waitFor(text);
    await terminal.press('Tab');
    const done = (screen: string) => screen.includes(`> ${whole}`);
    return terminal.waitFor(done, { timeout: 300 }).then(
      () => true,
      () => false,
    );
  };
  await terminal.waitUntil(`${text} completed to ${whole}`, completes, { timeout: 4000 });
}

/** What is typed in itwiki, and what Tab makes of it. */
const cases: [what: string, text: string, whole: string][] = [
  ['keywords', 'sel', 'select'],
  ['a table', 'select * from revi', 'select * from revision'],
  ['a table behind join', 'select * from page join acto', 'select * from page join actor'],
  ['a table to be described', 'desc page_pr', 'desc page_props'],
  ['a table to be changed', 'update site_', 'update site_stats'],
  ['a table to be filled', 'insert into site_', 'insert into site_stats'],
  ['a column', 'select * from page where page_tit', 'select * from page where page_title'],
  [
    'a column of an alias',
    'select * from revision r where r.rev_sh',
    'select * from revision r where r.rev_sha1',
  ],
  ['a function', 'select group_conc', 'select group_concat('],
  ['a database', 'select * from information_sch', 'select * from information_schema'],
  ['a command', 'delimi', 'delimiter'],
  ['a wiki of this section', 'use nlwi', 'use nlwiki'],
  ['a wiki of another section', 'use dewi', 'use dewiki'],
  ['a file', 'source scr', 'source script.sql'],
  ['a file in a directory', 'source directory/', 'source directory/other.sql'],
];

describe.concurrent('completion', () => {
  test('offers what fits', async ({ shell }) => {
    const terminal = await shell(['itwiki'], { cwd: files });
    for (const [, text, whole] of cases) await expectCompleted(terminal, text, whole);
  });

  test('knows columns before FROM by the tables behind it', async ({ shell }) => {
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

  test('shows what there is to choose from, and takes what is chosen', async ({
    shell,
    expect,
  }) => {
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
      renditions(await terminal.screenWithColours())
        .flat()
        .find(({ inverse }) => inverse);
    await terminal.press('Tab', 'Tab');
    await terminal.waitUntil('a choice', async () => (await chosen()) !== undefined);
    const name = (await chosen())?.text.trim().split(/ +/)[0] ?? '';
    await terminal.press('Enter');
    await terminal.waitFor((screen) => screen.endsWith(`> select * from page where ${name}`));
    expect(name).toMatch(/^page_l\w+$/);
    // The menu is gone when the statement has run.
    await terminal.press('C-e', 'C-u');
    await terminal.type('select 1;\n');
    await terminal.waitFor('row in set');
    expect(await terminal.waitForPrompt()).not.toContain('page_latest');
  });

  test('is off with -A, but for what need not be read', async ({ shell, expect }) => {
    const terminal = await shell(['-A', 'itwiki']);
    await terminal.type('select * from revi');
    await terminal.press('Tab');
    await terminal.type(' order');
    await terminal.waitFor(/ order$/);
    expect(await terminal.screen()).toMatch(/> select \* from revi order$/);
    await terminal.press('C-e', 'C-u');
    await expectCompleted(terminal, 'sel', 'select');
  });

  test('reads the names of the database that use has gone to', async ({ shell }) => {
    const terminal = await shell(['itwiki']);
    await terminal.run('use wikishared');
    await expectCompleted(terminal, 'select * from urlsh', 'select * from urlshortcodes');
  });
});
