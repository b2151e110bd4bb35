import { describe, type ExpectStatic } from 'vitest';
import { test } from '../farm/on-terminal.js';
import { peakMemory } from '../farm/peak-memory.js';
import type { Tmux } from '../farm/tmux.js';

/** Expects that a program has needed less than 250 MB. */
async function expectLittleMemory(terminal: Tmux, expect: ExpectStatic): Promise<void> {
  const peak = peakMemory(await terminal.pid());
  expect(peak).toBeGreaterThan(0);
  expect(peak).toBeLessThan(250_000);
}

/** Ten million bytes of titles: 40,000 rows of 250. */
const sql = "select a.page_id, repeat('x', 250) as t from page a, page b";
const rows = 40_000;

describe.concurrent('a result of ten megabytes', () => {
  test('goes through the pager completely', async ({ shell, expect }) => {
    const terminal = await shell(['-A', '--skip-auto-vertical-output', 'itwiki'], {
      ownProcess: true,
    });
    await terminal.run('pager wc');
    const screen = await terminal.run(`${sql};`);
    // Three rules and the header; all lines have the same width.
    const width = '| page_id |  |'.length + 250 + '\n'.length;
    const lines = rows + 4;
    expect(screen).toMatch(
      new RegExp(`\\n +${lines} +\\d+ +${lines * width}\\n${rows} rows in set`),
    );
    await expectLittleMemory(terminal, expect);
  });

  test('appears in less immediately, and less can be quit early', async ({ shell, expect }) => {
    const terminal = await shell(['-A', '--skip-auto-vertical-output', 'itwiki'], {
      rows: 24,
      ownProcess: true,
    });
    await terminal.enter(`${sql};`);
    await terminal.waitForLess();
    await terminal.press('q');
    expect(await terminal.waitForPrompt()).toContain(`${rows} rows in set`);
    await expectLittleMemory(terminal, expect);
    expect(await terminal.run('select 7;')).toMatch(/\| 7 \|/);
  });

  test('is printed without a pager', async ({ shell, expect }) => {
    const terminal = await shell(['-A', '--skip-pager', 'itwiki']);
    await terminal.enter('select a.page_id from page a, page b;');
    expect(await terminal.waitFor(/40000 rows in set/)).toMatch(/\| +\d+ \|\n\+-+\+\n40000 rows/);
    await terminal.waitForPromptAgain();
  });
});
