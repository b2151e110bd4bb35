import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from 'vitest';
import { test } from '../farm/on-terminal.js';
import { program } from '../farm/run.js';

/** Which of the signals 1 to 15 a process ignored that wrote its SigIgn to `file`, as a bit mask. */
function ignoredIn(file: string): number {
  return Number.parseInt(readFileSync(file, 'latin1').trim().slice(-4), 16);
}
/** SIGHUP is bit 0, SIGTERM bit 14. */
const hangUpAndTerminate = 0x4001;

describe.concurrent('signals that were ignored at the start are ignored in', () => {
  const furnish = (home: string) => {
    const record = 'grep SigIgn /proc/self/status';
    writeFileSync(join(home, 'edit'), `#!/bin/sh\n${record} > "$HOME/edited"\n`);
    writeFileSync(join(home, 'page'), `#!/bin/sh\n${record} > "$HOME/paged"; cat\n`);
    for (const name of ['edit', 'page']) chmodSync(join(home, name), 0o755);
  };

  for (const ignores of [true, false]) {
    test(`the editor, the pager and $| (${ignores ? 'ignored' : 'none is'})`, async ({
      onTerminal,
      expect,
    }) => {
      const trap = ignores ? "trap '' HUP TERM; " : '';
      const line = `${trap}EDITOR="$HOME/edit" exec '${program}' -A itwiki --pager="$HOME/page"`;
      const terminal = await onTerminal(['bash', '-c', line], { furnish });
      await terminal.waitForPrompt();
      await terminal.run('select 1;');
      await terminal.run(
        'select 2 $| grep SigIgn /proc/self/status > "$HOME/piped"; cat > /dev/null;',
      );
      await terminal.enter('edit');
      await terminal.waitFor(/> edit\n.*> select 2/);
      const expected = ignores ? hangUpAndTerminate : 0;
      for (const file of ['paged', 'piped', 'edited']) {
        const mask = ignoredIn(join(terminal.home, file)) & hangUpAndTerminate;
        expect([file, mask]).toEqual([file, expected]);
      }
    });
  }
});
