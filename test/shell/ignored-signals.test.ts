import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from 'vitest';
import { test } from '../farm/on-terminal.js';
import { program } from '../farm/run.js';

/**
 * Returns the ignored signals 1 to 15, as a bit mask, of a process that wrote its SigIgn to `file`.
 */
function readIgnoredSignals(file: string): number {
  return Number.parseInt(readFileSync(file, 'latin1').trim().slice(-4), 16);
}

/** The bits of SIGHUP (bit 0) and SIGTERM (bit 14). */
const hangUpAndTerminate = 0x4001;

describe.concurrent('signals that are ignored at the start', () => {
  const writePrograms = (home: string) => {
    const record = 'grep SigIgn /proc/self/status';
    writeFileSync(join(home, 'edit'), `#!/bin/sh\n${record} > "$HOME/edited"\n`);
    writeFileSync(join(home, 'page'), `#!/bin/sh\n${record} > "$HOME/paged"; cat\n`);
    for (const name of ['edit', 'page']) chmodSync(join(home, name), 0o755);
  };

  for (const isIgnored of [true, false]) {
    test(`${isIgnored ? 'stay ignored' : 'and no others are ignored'} in the editor, the pager and $|`, async ({
      onTerminal,
      expect,
    }) => {
      const trap = isIgnored ? "trap '' HUP TERM; " : '';
      const line = `${trap}EDITOR="$HOME/edit" exec '${program}' -A itwiki --pager="$HOME/page"`;
      const terminal = await onTerminal(['bash', '-c', line], { prepareHome: writePrograms });
      await terminal.waitForPrompt();
      await terminal.run('select 1;');
      await terminal.run(
        'select 2 $| grep SigIgn /proc/self/status > "$HOME/piped"; cat > /dev/null;',
      );
      await terminal.enter('edit');
      await terminal.waitFor(/> edit\n.*> select 2/);
      const expected = isIgnored ? hangUpAndTerminate : 0;
      for (const file of ['paged', 'piped', 'edited']) {
        const mask = readIgnoredSignals(join(terminal.home, file)) & hangUpAndTerminate;
        expect([file, mask]).toEqual([file, expected]);
      }
    });
  }
});
