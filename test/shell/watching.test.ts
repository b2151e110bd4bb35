import { describe } from 'vitest';
import { test } from '../farm/on-terminal.js';
import { running } from './server.js';

/** Counts the occurrences of `part` in `text`. */
const count = (text: string, part: string) => text.split(part).length - 1;

describe.concurrent('\\watch, \\timing and the bell', () => {
  test('\\watch runs a statement repeatedly until Ctrl-C', async ({ shell, expect }) => {
    const terminal = await shell(['-A', 'itwiki']);
    await terminal.enter("select 'watched' \\watch 0.2");
    await terminal.waitFor((screen) => count(screen, '| watched |') >= 6);
    await terminal.press('C-c');
    await terminal.waitForPromptAgain();
    expect(await terminal.run('select 1;')).toMatch(/\| 1 \|/);
    // Without a pending statement, the last one runs.
    await terminal.enter('\\watch 0.1');
    await terminal.waitFor((screen) => count(screen, '| 1 |') >= 6);
    await terminal.press('C-c');
    await terminal.waitForPromptAgain();
  });

  test('\\watch can be interrupted while a statement runs', async ({ shell, expect }) => {
    const terminal = await shell(['-A', 'itwiki']);
    await terminal.enter('select sleep(63.1) \\watch 1');
    await terminal.waitUntil('the statement', async () => (await running('sleep(63.1)')) === 1);
    await terminal.press('C-c');
    await terminal.waitForPrompt();
    expect(await running('sleep(63.1)')).toBe(0);
  });

  test('\\timing switches the times in summaries off and on', async ({ shell, expect }) => {
    const terminal = await shell(['-A', 'itwiki']);
    expect(await terminal.run('select 1;')).toMatch(/1 row in set \(\d+\.\d{3} sec\)/);
    await terminal.run('\\timing off');
    expect(await terminal.run('select 2;')).toMatch(/\| 2 \|\n\+-+\+\n1 row in set\n/);
    await terminal.run('\\timing');
    expect(await terminal.run('select 3;')).toMatch(/\| 3 \|\n\+-+\+\n1 row in set \(/);
  });

  test('the bell rings when a long statement ends, and at an error', async ({ shell, expect }) => {
    const terminal = await shell(['-A', '--long-query-bell=1', 'itwiki']);
    await terminal.run('select 1;');
    expect(terminal.rawOutput).not.toContain('\x07');
    await terminal.run('select sleep(1.05);');
    expect(count(terminal.rawOutput, '\x07')).toBe(1);
    await terminal.run('selct;');
    expect(count(terminal.rawOutput, '\x07')).toBe(2);
  });

  test('--no-beep disables the bell', async ({ shell, expect }) => {
    const terminal = await shell(['-A', '--long-query-bell=1', '--no-beep', 'itwiki']);
    await terminal.run('select sleep(1.05);');
    await terminal.run('selct;');
    expect(terminal.rawOutput).not.toContain('\x07');
  });

  test('the time of a running statement is shown, and removed at its end', async ({
    shell,
    expect,
  }) => {
    const terminal = await shell(['-A', 'itwiki']);
    await terminal.enter('select sleep(2.5);');
    await terminal.waitFor(/sleep\(2\.5\);\n.*\b[12](\.\d)? ?s/);
    expect(await terminal.waitForPrompt()).toMatch(/sleep\(2\.5\);\n\+-+\+\n/);
  });

  test('the number of rows is shown while they arrive', async ({ shell, expect }) => {
    const terminal = await shell(['-A', 'itwiki']);
    // The rows are so large that the server sends them one by one.
    const sql = "select sleep(0.02), repeat('x', 16000) from page where page_id <= 120 $> out";
    await terminal.enter(`${sql};`);
    await terminal.waitFor(/ \$> out;\n.*\b[1-9]\d* rows?/);
    expect(await terminal.waitForPrompt()).toMatch(/ \$> out;\n120 rows in set/);
  });
});
