import { describe } from 'vitest';
import { test } from '../farm/on-terminal.js';

/** Wider than both screens: 400 columns of the screen. */
const wide = "repeat('w', 400) as wide";

describe.concurrent('a result that is wider than the screen', () => {
  test.for([
    [80, 24, {}],
    [200, 50, {}],
    // less without options, as the user chose it.
    [80, 24, { PAGER: 'less' }],
    [80, 24, { PAGER: 'less -FX', LESS: '-R' }],
    [80, 24, { PAGER: '/usr/bin/less -S' }],
  ] as const)(
    'is vertical if it has few rows, else a table in less, on %i × %i %j',
    async ([columns, rows, env], { shell, expect }) => {
      const terminal = await shell(['-A', 'itwiki'], { columns, rows, env });
      // One row, and as many as fit on the screen.
      for (const count of [1, Math.floor((rows - 3) / 3)]) {
        const sql = `select seq, repeat('v', ${columns - 5}) as v from seq_1_to_${count};`;
        expect(await terminal.run(sql)).toMatch(
          new RegExp(`\\*+ ${count}\\. row \\*+\\nseq: ${count}\\n +v: v+\\n`),
        );
      }
      // One long value does not turn many rows into blocks; nor do a few more rows than fit.
      const title = 'if(page_id = 7, repeat("x", 300), page_title) as title';
      for (const [sql, first, last] of [
        [`select page_id, ${title}, '|end' as e from page;`, /\| page_id \| title /, /\|end \|/],
        [`select seq, ${wide}, '|end' as e from seq_1_to_${rows};`, /\| seq \| wide /, /\|end \|/],
        ...(columns === 80
          ? ([
              ['desc page;', /\| Field +\| Type /, /\| Extra +\|/],
              [
                `explain ${Array(8).fill('select * from page where page_id = 2').join(' union ')};`,
                /\| id +\| select_type /,
                /\| Extra +\|/,
              ],
            ] as const)
          : []),
      ] as const) {
        await terminal.enter(sql);
        // Each row is one line, which goes on to the right.
        const paged = await terminal.waitForLess(first);
        expect(paged).not.toContain('1. row');
        expect(paged.match(/^\|/gm)?.length).toBeGreaterThan(rows < 30 ? 9 : 40);
        // To the end of the lines.
        await terminal.press('M-}');
        await terminal.waitFor(last);
        await terminal.press('q');
        expect(await terminal.waitForPromptAgain()).toMatch(/\d+ rows in set/);
      }
      // A long value is wrapped, not cut.
      await terminal.enter(`select repeat('v', ${columns * rows * 2}) as v\\G`);
      const isFull = new RegExp(`^(v{${columns}}\\n?){${rows - 4}}`, 'm');
      await terminal.waitForLess(isFull);
      await terminal.press('q');
      await terminal.waitForPromptAgain();
      expect(await terminal.run('select 1;')).toMatch(/\| 1 \|/);
    },
  );
});
