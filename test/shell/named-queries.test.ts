import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from 'vitest';
import { test } from '../farm/on-terminal.js';

describe.concurrent('named queries', () => {
  test('are saved, listed, run with parameters and deleted', async ({ shell, expect }) => {
    const terminal = await shell(['-A', 'itwiki']);
    await terminal.run('\\fs title select page_title from page where page_id = $1;');
    await terminal.run("\\fs two select 'one', 'two';");
    expect(await terminal.run('\\f title 23')).toMatch(/\| emoji 🦉 +\|/);
    expect(await terminal.run('\\f title 1')).toMatch(/\| Main_Page +\|/);
    expect(await terminal.run('\\f two')).toMatch(/\| one \| two \|/);
    const list = await terminal.run('\\f');
    expect(list).toContain(
      [
        '+-------+------------------------------------------------+',
        '| name  | query                                          |',
        '+-------+------------------------------------------------+',
        '| title | select page_title from page where page_id = $1 |',
        "| two   | select 'one', 'two'                            |",
        '+-------+------------------------------------------------+',
      ].join('\n'),
    );
    await terminal.run('\\fd two');
    expect(await terminal.run('\\f two')).toMatch(/ERROR: .*two/);
    expect(await terminal.run('\\f title')).toMatch(/ERROR: /);
  });

  test('are the last statement by default', async ({ shell, expect }) => {
    const terminal = await shell(['-A', 'itwiki']);
    expect(await terminal.run('\\fs kept')).toMatch(
      /ERROR: No statement has run yet\. Use '\\fs kept/,
    );
    await terminal.run("select 'a',\n  'b' as last;");
    expect(await terminal.run('\\fs kept')).toMatch(
      /> \\fs kept\nSaved 'kept': select 'a', 'b' as last\nMariaDB/,
    );
    expect(await terminal.run('\\fs kept;')).toMatch(/\nChanged 'kept': select/);
    expect(await terminal.run('\\f kept')).toMatch(/\n> {3}'b' as last\n[\s\S]*\| a \| b +\|/);
    // In a text of several lines, the query may follow in the next line.
    await terminal.paste('\\fs kept\nselect 7;');
    await terminal.press('Enter');
    expect(await terminal.waitForPrompt()).toMatch(/\nChanged 'kept'\.\n/);
    expect(await terminal.run('\\f kept')).toMatch(/\| 7 \|/);
  });

  test('are files of the user, which the next session can use', async ({ shell, expect }) => {
    const first = await shell(['-A', 'itwiki']);
    await first.run('\\fs kept select 42 as answer;');
    const file = join(first.home, '.config', 'analytics-mysql', 'queries', 'kept.sql');
    expect(readFileSync(file, 'utf8')).toBe('select 42 as answer\n');
    expect(statSync(file).mode & 0o077).toBe(0);
    const second = await shell(['-A', 'itwiki'], {
      env: { XDG_CONFIG_HOME: join(first.home, '.config') },
    });
    expect(await second.run('\\f kept')).toMatch(/\| +42 \|/);
  });
});
