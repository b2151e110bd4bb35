import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from 'vitest';
import { test } from '../farm/on-terminal.js';
import { program } from '../farm/run.js';
import { isAlive } from '../farm/tmux.js';
import { directoryOf } from '../parity/directory.js';
import { onServer } from './server.js';

const files = directoryOf({
  'editor.sh': '#!/bin/sh\nsed -i s/one/edited/ "$1"\n',
  'shows.sh': '#!/bin/sh\necho "it is: $(cat "$1")"\n',
});

describe.concurrent('commands in the shell', () => {
  test('help lists all commands, including those of the shell', async ({ shell, expect }) => {
    const terminal = await shell(['-A', '--skip-pager', 'itwiki'], { rows: 60 });
    const screen = await terminal.run('help');
    for (const name of ['clear', 'source', 'use', '\\watch', '\\timing', '\\f', '\\fs', '\\fd']) {
      expect(screen).toContain(name);
    }
    expect(await terminal.run('help keys')).toMatch(/ctrl-r +search the history backwards/);
  });

  test('--sandbox refuses commands that write files or run programs', async ({ shell, expect }) => {
    const terminal = await shell(['-A', '--sandbox', 'itwiki']);
    for (const text of ['select 1 $> f.tsv', 'select 1; $| cat', '\\fs q select 1;', '\\fd q']) {
      expect(await terminal.run(text)).toMatch(
        /\nERROR: Not allowed in the sandbox mode\n[^\n]*>$/,
      );
    }
    expect(existsSync(join(terminal.home, 'f.tsv'))).toBe(false);
  });

  test('--named-commands accepts long command names on any line', async ({ shell }) => {
    const terminal = await shell(['-A', '--named-commands', 'itwiki']);
    await terminal.type('select 1\nuse itwiki\n');
    await terminal.waitFor(/use itwiki\nDatabase changed\n.*> select 1\n *->/);
    await terminal.type(';\n');
    await terminal.waitFor(/> select 1\n *-> ;\n\+---\+\n\| 1 \|/);
  });

  test('edit opens the pending statement in the editor', async ({ shell }) => {
    const terminal = await shell(['-A', 'itwiki'], { env: { EDITOR: `${files}/editor.sh` } });
    await terminal.type("select 'one',\n  2 \\e\n");
    await terminal.waitFor(/> select 'edited',\n *-> +2$/);
    await terminal.type(';\n');
    await terminal.waitFor(/\| edited \| 2 \|/);
  });

  test('edit opens the last statement in the editor', async ({ shell }) => {
    const terminal = await shell(['-A', 'itwiki'], { env: { EDITOR: `${files}/editor.sh` } });
    await terminal.run("select 'one';");
    await terminal.enter('edit');
    await terminal.waitFor(/> edit\n.*> select 'edited';?$/);
  });

  test('edit lets the editor use the terminal', async ({ shell }) => {
    const terminal = await shell(['-A', 'itwiki'], { env: { EDITOR: `${files}/shows.sh` } });
    await terminal.run("select 'one';");
    await terminal.enter('edit');
    await terminal.waitFor(/> edit\nit is: select 'one'/);
  });

  test('rehash reads the names again', async ({ shell, expect }) => {
    const table = 'rehashed_table';
    await onServer(`drop table if exists staging.${table}`, 'staging');
    const terminal = await shell(['staging']);
    await onServer(`create table staging.${table} (n int)`, 'staging');
    await terminal.run('rehash');
    await terminal.waitUntil('the name of the table', async () => {
      await terminal.press('C-e', 'C-u');
      await terminal.waitForPromptAgain();
      await terminal.type('select * from rehashed');
      await terminal.press('Tab');
      const done = terminal.waitFor(`select * from ${table}`, { timeout: 300 });
      return done.then(
        () => true,
        () => false,
      );
    });
    await onServer(`drop table staging.${table}`, 'staging');
    expect(await terminal.screen()).toContain(table);
  });

  test('tee copies the output to a file, without colors', async ({ shell, expect }) => {
    const terminal = await shell(['-A', 'itwiki']);
    await terminal.run('tee said');
    await terminal.run("select null as n, 'NULL' as w;");
    await terminal.run('selct;');
    await terminal.run('notee');
    const copied = readFileSync(join(terminal.home, 'said'), 'utf8');
    expect(copied).not.toContain('\x1b');
    expect(copied).toMatch(/select null as n[\s\S]*1 row in set[\s\S]*ERROR 1064/);
  });

  test('system lets the program use the terminal', async ({ shell, expect }) => {
    const terminal = await shell(['-A', 'itwiki']);
    await terminal.enter('system read -p "name? " name && echo "hello $name"');
    await terminal.waitFor(/name\? $|name\?$/);
    await terminal.type('Ada\n');
    expect(await terminal.waitForPrompt()).toContain('name? Ada\nhello Ada\n');
    expect(await terminal.run('select 1;')).toMatch(/\| 1 \|/);
  });
});

describe.concurrent('the terminal', () => {
  test.for([
    ['SIGTERM', 143],
    ['SIGQUIT', 131],
    ['SIGINT', undefined],
  ] as const)('is restored after %s', async ([signal, status], { onTerminal, expect }) => {
    const terminal = await onTerminal(['bash', '--norc', '--noprofile', '-i'], {
      env: { PS1: '$ ' },
    });
    await terminal.waitForPrompt(/^\$$/);
    await terminal.enter(`${program} -A itwiki; echo "status $?"`);
    await terminal.waitForPrompt();
    const pid = Number(await terminal.format('#{pane_pid}'));
    const [child = 0] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1')
      .trim()
      .split(' ')
      .map(Number);
    await terminal.type('select');
    await terminal.waitFor(/> select$/);
    process.kill(child, signal);
    if (status === undefined) {
      // Like Ctrl-C at the prompt, where a terminal in raw mode sends no signal.
      await terminal.press('C-u');
      await terminal.run('select 1;');
      expect(isAlive(child)).toBe(true);
      await terminal.enter('quit');
    }
    await terminal.waitForPrompt(/^\$$/);
    await terminal.run('stty -a | grep -o " echo \\| icanon" | wc -l; echo done', /^\$$/);
    const screen = await terminal.screen();
    expect(screen).toMatch(new RegExp(`status ${status ?? 0}\\n[\\s\\S]*\\n2\\ndone\\n`));
    // What the program and its caller print at the end begins on a line of its own.
    if (status !== undefined) expect(screen).toMatch(/> select\n(Terminated|Quit)/);
  });

  test('leaves the cursor at the start of a line, however it ends', async ({
    onTerminal,
    expect,
  }) => {
    const terminal = await onTerminal(['bash', '--norc', '--noprofile', '-i'], {
      env: { PS1: '$ ' },
      columns: 80,
      rows: 24,
    });
    await terminal.waitForPrompt(/^\$$/);
    const endAfter = async (prepare: () => Promise<unknown>, end: (child: number) => unknown) => {
      await terminal.enter('clear');
      await terminal.waitFor(/^\$$/);
      await terminal.enter(`${program} -A itwiki`);
      await terminal.waitForPrompt();
      const pid = await terminal.pid();
      const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1');
      await prepare();
      await end(Number.parseInt(children, 10));
      return terminal.waitForPrompt(/^\$$/);
    };
    const kill = (child: number) => process.kill(child, 'SIGTERM');
    const quit = () => terminal.press('C-\\');
    // The menu is open, and is removed.
    const openMenu = async () => {
      await terminal.type('select con');
      await terminal.press('Tab');
      await terminal.waitFor(/> select con\n.*concat/);
    };
    expect(await endAfter(openMenu, kill)).toMatch(/> select con\nTerminated/);
    expect(await endAfter(openMenu, quit)).toMatch(/> select con\^\\\nQuit/);
    // The line with the time of a running statement is removed.
    const runLong = async () => {
      await terminal.type('select sleep(60);\n');
      await terminal.waitFor(/> select sleep\(60\);\n\d\.\d s$/);
    };
    expect(await endAfter(runLong, kill)).toMatch(/> select sleep\(60\);\nTerminated/);
    const running = await endAfter(runLong, quit);
    expect(running).toMatch(/> select sleep\(60\);\nQuit/);
    expect(running).not.toContain('^Z');
  });

  test('standard output to a pipe selects batch mode', async ({ onTerminal, expect }) => {
    const terminal = await onTerminal(['bash', '-c', `${program} -A itwiki | tr a-z A-Z`]);
    await terminal.type("select 'piped' as word;\n");
    await terminal.waitFor('word;');
    await terminal.press('C-d');
    expect(await terminal.waitForEnd()).toBe(0);
    expect(await terminal.screen()).toMatch(/\nWORD\nPIPED$/);
  });
});
