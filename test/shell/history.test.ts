import { existsSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, inject } from 'vitest';
import { test } from '../farm/on-terminal.js';
import { findRendition } from '../farm/renditions.js';

/** Returns the path of a history file that does not exist yet. */
function historyPath(): string {
  return join(mkdtempSync(join(inject('farm').directory, 'history-')), 'history');
}

describe.concurrent('history', () => {
  test('is a file that only its owner can read, and is used by the next session', async ({
    shell,
    expect,
  }) => {
    const MYSQL_HISTFILE = historyPath();
    const first = await shell(['-A', 'itwiki'], {
      env: { MYSQL_HISTFILE },
      ownProcess: true,
    });
    await first.type("select 'several',\n  'lines';\n");
    await first.waitFor(/lines \|[\s\S]*row in set/);
    await first.waitForPrompt();
    await first.enter('quit');
    expect(await first.waitForEnd()).toBe(0);
    expect(statSync(MYSQL_HISTFILE).mode & 0o777).toBe(0o600);

    const second = await shell(['-A', 'itwiki'], { env: { MYSQL_HISTFILE } });
    await second.press('Up', 'Up');
    await second.waitFor(/> select 'several',\n *-> +'lines';$/);
    await second.press('Enter');
    await second.waitFor(/lines \|[\s\S]*row in set/);
  });

  test('is ~/.mysql_history by default', async ({ shell, expect }) => {
    const terminal = await shell(['-A', 'itwiki']);
    await terminal.run('select 1;');
    const file = join(terminal.home, '.mysql_history');
    await terminal.waitUntil('the history file', () => existsSync(file));
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8')).toContain('select');
  });

  test('keeps the entries of two sessions that run at the same time', async ({ shell, expect }) => {
    const MYSQL_HISTFILE = historyPath();
    const start = () => shell(['-A', 'itwiki'], { env: { MYSQL_HISTFILE } });
    const [one, two] = await Promise.all([start(), start()]);
    await one.run("select 'one, first';");
    await two.run("select 'two';");
    await one.run("select 'one, second';");
    const third = await start();
    for (const text of ['one, second', 'two', 'one, first']) {
      await third.press('Up');
      await third.waitFor((screen) => screen.endsWith(`> select '${text}';`));
    }
    expect(readFileSync(MYSQL_HISTFILE, 'utf8').split('\n')).toHaveLength(5);
  });

  test('prefers MARIADB_HISTFILE to MYSQL_HISTFILE', async ({ shell, expect }) => {
    const env = { MARIADB_HISTFILE: historyPath(), MYSQL_HISTFILE: historyPath() };
    const terminal = await shell(['-A', 'itwiki'], { env });
    await terminal.run('select 1;');
    await terminal.waitUntil('the history file', () => existsSync(env.MARIADB_HISTFILE));
    expect(existsSync(env.MYSQL_HISTFILE)).toBe(false);
    expect(existsSync(join(terminal.home, '.mysql_history'))).toBe(false);
  });

  test('changes the mode of a file that others can read', async ({ shell, expect }) => {
    const MYSQL_HISTFILE = historyPath();
    writeFileSync(MYSQL_HISTFILE, '_HiStOrY_V2_\nselect\\0401;\n', { mode: 0o644 });
    const terminal = await shell(['-A', 'itwiki'], { env: { MYSQL_HISTFILE } });
    await terminal.press('Up');
    await terminal.waitFor(/> select 1;$/);
    expect(statSync(MYSQL_HISTFILE).mode & 0o777).toBe(0o600);
  });

  test('omits statements with passwords and those that match MYSQL_HISTIGNORE', async ({
    shell,
    expect,
  }) => {
    const MYSQL_HISTFILE = historyPath();
    const env = { MYSQL_HISTFILE, MYSQL_HISTIGNORE: '*hidden*:quiet*' };
    const terminal = await shell(['-A', 'itwiki'], { env });
    for (const line of [
      "select 'kept';",
      "select 'hidden';",
      'quiet;',
      "set password for nobody = password('swordfish');",
      "create user u identified by 'swordfish';",
      "select 'kept too';",
    ]) {
      await terminal.run(line);
    }
    await terminal.press('Up');
    await terminal.waitFor(/> select 'kept too';$/);
    await terminal.press('Up');
    await terminal.waitFor(/> select 'kept';$/);
    const text = readFileSync(MYSQL_HISTFILE, 'utf8');
    expect(text).toContain('kept');
    expect(text).not.toMatch(/hidden|quiet|swordfish/);
  });

  test('is searched by Ctrl-R', async ({ shell }) => {
    const terminal = await shell(['-A', 'itwiki']);
    for (const line of ["select 'apple';", "select 'pear',", " 'plum';", "select 'cherry';"]) {
      await terminal.enter(line);
    }
    await terminal.waitFor(/cherry \|[\s\S]*row in set/);
    await terminal.waitForPrompt();
    await terminal.press('C-r');
    await terminal.type('pl');
    await terminal.waitFor(/select 'pear',\n.*'plum';/);
    await terminal.press('C-u');
    await terminal.press('C-c');
    await terminal.press('C-c');
    await terminal.press('C-r');
    await terminal.type('app');
    await terminal.waitFor(/apple[\s\S]*cherry[\s\S]*select 'apple';/);
    await terminal.press('Enter');
    await terminal.waitFor(/select 'apple';\n\+[\s\S]*\| apple \|\n\+-+\+\n1 row/);
  });

  test('is searched for the typed prefix by PageUp', async ({ shell }) => {
    const terminal = await shell(['-A', 'itwiki']);
    for (const line of ["select 'a';", 'do 1;', "select 'b';", 'do 2;']) await terminal.run(line);
    await terminal.type('sel');
    await terminal.press('PPage');
    await terminal.waitFor(/> select 'b';$/);
    await terminal.press('PPage');
    await terminal.waitFor(/> select 'a';$/);
    await terminal.press('NPage');
    await terminal.waitFor(/> select 'b';$/);
  });

  test('suggests the rest of an entry in gray, which Right at the end of the line accepts', async ({
    shell,
    expect,
  }) => {
    const terminal = await shell(['-A', 'itwiki']);
    await terminal.run("select 'suggested', 2;");
    await terminal.type('select');
    await terminal.waitFor(/> select 'suggested', 2;$/);
    const suggestion = findRendition(await terminal.screenWithColors(), "'suggested', 2;");
    expect(suggestion?.color === 8 || suggestion?.dim).toBe(true);
    expect(suggestion?.text).not.toContain('select');
    // The suggestion is not part of the statement.
    await terminal.type(' 3;');
    await terminal.waitFor(/> select 3;$/);
    await terminal.press('Enter');
    await terminal.waitFor(/\| 3 \|/);
    await terminal.waitForPrompt();
    await terminal.type("select '");
    await terminal.waitFor(/> select 'suggested', 2;$/);
    await terminal.press('Right', 'Enter');
    await terminal.waitFor(/(\| suggested \| 2 \|[\s\S]*){4}/);
    await terminal.waitForPrompt();
    // In another case too, if nothing else fits.
    await terminal.type("SELECT 'sug");
    await terminal.waitFor(/> SELECT 'suggested', 2;$/);
    await terminal.press('Right');
    await terminal.waitFor(/> select 'suggested', 2;$/);
    await terminal.press('C-u');
    await terminal.type('SELECT 3');
    await terminal.press('Up');
    await terminal.waitFor(/> select 3;$/);
  });
});
