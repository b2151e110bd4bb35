import { describe } from 'vitest';
import { test } from '../farm/on-terminal.js';
import { running } from './server.js';

describe.concurrent('a dumb terminal', () => {
  test.for([
    ['dumb', {}, 111],
    ['dumb', { PAGER: 'less' }, 112],
    [undefined, {}, 113],
  ] as const)(
    'has no pager and gets no escape sequences: TERM=%s %j',
    async ([TERM, env, seconds], { shell, expect }) => {
      const terminal = await shell(['-A', 'itwiki'], {
        columns: 80,
        rows: 24,
        env: { ...env, TERM },
      });
      const run = async (line: string, ending: RegExp) => {
        await terminal.enter(line);
        await terminal.waitFor(ending);
        await terminal.waitForPromptAgain();
      };
      // Longer and wider than the screen.
      await run('select seq, null from seq_1_to_100;', /100 rows in set/);
      await run("select repeat('w', 300) as w, seq from seq_1_to_30;", /30 rows in set/);
      await run('help', /Type 'help keys' for the keys/);
      await run('help keys', /cancel a running query/);
      expect(await terminal.allLines()).toMatch(/\| +1 \| <NULL> \|[\s\S]*\| +100 \| <NULL> \|/);
      // Errors ring no bell, which Emacs would show.
      await run('selct;', /ERROR 1064/);
      await terminal.enter('select 1 \\y');
      await terminal.waitFor(/'\\y'\.\n.*> select 1 \\y\n +->$/);
      await terminal.press('C-c');
      await terminal.waitForPromptAgain();
      await run('select 1 as a $| cat;', /\$\| cat;\na\n1\n/);
      await run('pager', /PAGER set to stdout/);
      await run('status', /Using outfile|Current pager:\t*\s*stdout/);
      await run('system echo "said"', /\nsaid\n/);
      await run('pager cat -n', /PAGER set to 'cat -n'/);
      await run('select 5;', / 4\t? *\| 5 \|/);
      await terminal.enter(`select sleep(${seconds});`);
      const isRunning = async () => (await running(`sleep(${seconds})`)) === 1;
      await terminal.waitUntil('the running statement', isRunning);
      await terminal.waitUntil('the running statement', async () => true);
      await terminal.press('C-c');
      await terminal.waitFor(/Query execution was interrupted|query killed/);
      await terminal.waitForPromptAgain();
      await terminal.enter('drop table if exists staging.nosuch;');
      await terminal.waitFor(/Run it\? \(y\/N\)/);
      await terminal.type('n\n');
      await terminal.waitForPromptAgain();
      await terminal.press('C-d');
      expect(await terminal.waitForEnd()).toBe(0);
      expect(terminal.rawOutput).not.toMatch(/[\x1b\x07\x08]|\r[^\n\r]/);
    },
  );
});
