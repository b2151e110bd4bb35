import { readFileSync } from 'node:fs';
import { describe } from 'vitest';
import { test } from '../farm/on-terminal.js';

/** Returns the peak memory of a process, in bytes. */
function peakMemory(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
}

/** Ten million bytes of titles: 40,000 rows of 250. */
const sql = "select a.page_id, repeat('x', 250) as t from page a, page b";
const rows = 40_000;

describe.concurrent('a result of ten megabytes', () => {
  test('goes through the pager completely', async ({ shell, expect }) => {
    const terminal = await shell(['-A', '--skip-auto-vertical-output', 'itwiki'], {
      isNewProcess: true,
    });
    await terminal.run('pager wc');
    const screen = await terminal.run(`${sql};`);
    // Three rules and the header; all lines have the same width.
    const width = '| page_id |  |'.length + 250 + '\n'.length;
    const lines = rows + 4;
    expect(screen).toMatch(
      new RegExp(`\\n +${lines} +\\d+ +${lines * width}\\n${rows} rows in set`),
    );
    expect(peakMemory(await terminal.pid())).toBeLessThan(250e6);
  });

  test('appears in less immediately, and less can be quit early', async ({ shell, expect }) => {
    const terminal = await shell(['-A', '--skip-auto-vertical-output', 'itwiki'], {
      rows: 24,
      isNewProcess: true,
    });
    await terminal.enter(`${sql};`);
    await terminal.waitForLess();
    await terminal.press('q');
    expect(await terminal.waitForPrompt()).toContain(`${rows} rows in set`);
    expect(peakMemory(await terminal.pid())).toBeLessThan(250e6);
    expect(await terminal.run('select 7;')).toMatch(/\| 7 \|/);
  });

  test('is printed without a pager', async ({ shell, expect }) => {
    const terminal = await shell(['-A', '--skip-pager', 'itwiki']);
    await terminal.enter('select a.page_id from page a, page b;');
    expect(await terminal.waitFor(/40000 rows in set/)).toMatch(/\| +\d+ \|\n\+-+\+\n40000 rows/);
    await terminal.waitForPromptAgain();
  });
});
