import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from 'vitest';
import { test } from '../farm/on-terminal.js';

const screens = [
  [80, 24],
  [200, 50],
] as const;

describe.concurrent('the keys of vi', () => {
  test.for(screens)(
    'edit and search statements at %i × %i',
    async ([columns, rows], { shell, expect }) => {
      const terminal = await shell(['-A', '--vi', 'itwiki'], { columns, rows });
      await terminal.waitFor(/\n\(ins\)MariaDB \[itwiki\]>$/);
      await terminal.run("select 'one' as first;");
      // The mode is no part of what stays on the screen.
      expect(await terminal.screen()).toMatch(/\nMariaDB \[itwiki\]> select 'one' as first;\n/);
      await terminal.run("select 'two'\nas second;");
      await terminal.press('Escape');
      await terminal.waitFor(/\n\(cmd\)MariaDB \[itwiki\]>$/);
      await terminal.type('/first');
      await terminal.waitFor(/\n\/first$/);
      await terminal.press('Enter');
      await terminal.waitFor(/\n\(cmd\)MariaDB \[itwiki\]> select 'one' as first;$/);
      await terminal.type("wci'edited");
      await terminal.waitFor(/\n\(ins\)MariaDB \[itwiki\]> select 'edited' as first;$/);
      await terminal.press('Escape', 'Enter');
      expect(await terminal.waitForPrompt()).toContain('| edited |');
      // Two lines, as lines, and the same change in both.
      await terminal.press('Escape', 'k', 'k', 'j', 'A');
      await terminal.type(' -- x');
      await terminal.press('Escape', 'k', '.', 'R');
      await terminal.waitFor(
        /\n\(rep\)MariaDB \[itwiki\]> select 'two' -- x\n {4}-> as second; -- x$/,
      );
      await terminal.press('Escape', 'd', 'd', 'u', 'Enter');
      expect(await terminal.waitForPrompt()).toMatch(/\| second \|\n\+-+\+\n\| two +\|/);
    },
  );

  const files = { '.inputrc': 'set editing-mode vi\n', '.editrc': 'bind -v\n' };
  for (const [name, text] of Object.entries(files)) {
    test(`are those that ~/${name} asks for, as in the client`, async ({ both, expect }) => {
      const prepareHome = (home: string) => writeFileSync(join(home, name), text);
      const { client, ours } = await both(['-A', 'itwiki'], { prepareHome });
      const terminals = name === '.editrc' ? [client, ours] : [ours];
      for (const terminal of terminals) {
        await terminal.waitForPrompt();
        await terminal.waitUntil('the line editor', () => terminal.isEchoOff());
        await terminal.type('xselect 7;');
        await terminal.press('Escape');
        await terminal.press('0', 'x', 'Enter');
        expect(await terminal.waitForPrompt()).toMatch(/\| 7 \|/);
      }
    });
  }

  test('are listed by help keys', async ({ shell, expect }) => {
    const terminal = await shell(['-A', '--vi', '--skip-pager', 'itwiki'], { rows: 24 });
    await terminal.run('help keys');
    expect(await terminal.allLines()).toMatch(/\n\/, \?, n, N +search the history[\s\S]*\nctrl-r/);
  });
});
