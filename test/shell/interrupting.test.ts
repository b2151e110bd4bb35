import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, vi } from 'vitest';
import { test } from '../farm/on-terminal.js';
import { program } from '../farm/run.js';
import { isAlive, type Tmux } from '../farm/tmux.js';
import { onServer, running } from './server.js';

/** Waits until the server runs a statement that contains `text`. */
async function waitUntilRunning(terminal: Tmux, text: string): Promise<void> {
  await terminal.waitUntil(`${text} at the server`, async () => (await running(text)) === 1);
}

/** Waits until the server no longer runs such a statement. */
async function waitUntilEnded(terminal: Tmux, text: string): Promise<void> {
  await terminal.waitUntil(`the end of ${text}`, async () => (await running(text)) === 0);
}

/** Returns the number in the last result of one row and one column. */
function getLastNumber(screen: string): string | undefined {
  return [...screen.matchAll(/^\| +(\d+) \|$/gm)].at(-1)?.[1];
}

describe.concurrent('Ctrl-C', () => {
  test('at the prompt discards the typed text', async ({ shell, expect }) => {
    const terminal = await shell(['-A', 'itwiki']);
    await terminal.type('select 1,');
    await terminal.press('C-c');
    await terminal.waitForPrompt();
    await terminal.type('select 1,\n2,');
    await terminal.press('C-c');
    await terminal.waitForPrompt();
    expect(await terminal.run('select 3;')).toMatch(/\| 3 \|/);
    await terminal.press('C-c');
    await terminal.waitForPrompt();
  });

  test('kills the running statement on the server, and keeps the connection', async ({
    shell,
    expect,
  }) => {
    const terminal = await shell(['-A', 'itwiki']);
    const id = getLastNumber(await terminal.run('select connection_id();'));
    await terminal.run("set @kept = 'kept';");
    await terminal.enter('select sleep(61.1);');
    await waitUntilRunning(terminal, 'sleep(61.1)');
    await terminal.press('C-c');
    expect(await terminal.waitForPrompt()).toMatch(/Ctrl-C -- query killed/);
    expect(await running('sleep(61.1)')).toBe(0);
    expect(await terminal.run('select @kept;')).toMatch(/\| kept +\|/);
    expect(getLastNumber(await terminal.run('select connection_id();'))).toBe(id);
  });

  test('that arrives together with Enter prevents the statement', async ({ shell, expect }) => {
    const terminal = await shell(['-A', 'itwiki']);
    await terminal.typeAtOnce('select sleep(65.1);\r\x03');
    expect(await terminal.waitForPrompt()).toMatch(/> select sleep\(65\.1\);\n\^C\n/);
    expect(await running('sleep(65.1)')).toBe(0);
    expect(await terminal.run('select 3;')).toMatch(/\| 3 \|/);
    // It discards what was typed before it, too.
    await terminal.typeAtOnce("select 'one';\rselect 'two';\r\x03");
    const screen = await terminal.waitForPrompt();
    expect(screen).toMatch(/> select 'one';\n\^C\n/);
    expect(screen).not.toContain('two');
  });

  test('reports a statement that could not be killed', async ({ shell, expect }) => {
    const user = 'one_in_shell';
    await onServer(
      `create user ${user} identified by 'x' with max_user_connections 1; grant select on itwiki.* to ${user}`,
    );
    try {
      const terminal = await shell(['-A', `-u${user}`, '-px', 'itwiki']);
      await terminal.enter('select sleep(61.7);');
      await waitUntilRunning(terminal, 'sleep(61.7)');
      await terminal.press('C-c');
      const screen = await terminal.waitFor(/Press Ctrl-C again to close the connection/);
      expect(screen.replaceAll('\n', '')).toMatch(
        /The query was not killed: a statement may still be running on .*, connection id \d+ \(User 'one_in_shell' has exceeded/,
      );
      expect(screen).not.toContain('query killed');
      await terminal.press('C-c');
      await terminal.waitForPrompt();
      expect(await running('sleep(61.7)')).toBe(1);
    } finally {
      await onServer(`kill user ${user}; drop user ${user}`);
    }
  });

  test('discards the statements after the running one', async ({ shell, expect }) => {
    const terminal = await shell(['-A', 'itwiki']);
    await terminal.enter("select sleep(61.2); select 'rest';");
    await waitUntilRunning(terminal, 'sleep(61.2)');
    await terminal.press('C-c');
    expect(await terminal.waitForPrompt()).not.toContain('| rest |');
  });

  test('pressed twice kills the connection; the next statement reconnects', async ({
    shell,
    expect,
  }) => {
    const terminal = await shell(['-A', 'itwiki']);
    await terminal.enter('select sleep(61.3);');
    await waitUntilRunning(terminal, 'sleep(61.3)');
    await terminal.press('C-c', 'C-c');
    await terminal.waitForPrompt();
    await waitUntilEnded(terminal, 'sleep(61.3)');
    await terminal.run('do 0;');
    expect(await terminal.run('select database();')).toMatch(/\| itwiki +\|/);
    expect(isAlive(await terminal.pid())).toBe(true);
  });

  test('skips the rest of a sourced file', async ({ shell, expect }) => {
    const terminal = await shell(['-A', 'itwiki']);
    const file = "select 'before';\nselect sleep(61.4);\nselect 'after';\n";
    writeFileSync(join(terminal.home, 'file.sql'), file);
    await terminal.enter('source file.sql');
    await waitUntilRunning(terminal, 'sleep(61.4)');
    await terminal.press('C-c');
    const screen = await terminal.waitForPrompt();
    expect(screen).toContain('| before |');
    expect(screen).not.toContain('| after |');
  });

  test('stops the output of rows', async ({ shell, expect }) => {
    const terminal = await shell(['-A', '--skip-pager', 'itwiki']);
    const rows = 1_000_000;
    await terminal.enter(`select a.page_id, 'row' from page a, page b, page c limit ${rows};`);
    await terminal.waitFor(/\| row \|\n/, { timeout: 20_000 });
    await terminal.press('C-c');
    await terminal.waitForPrompt();
    expect(terminal.rawOutput.split('| row |').length).toBeLessThan(rows);
    expect(await terminal.run('select 7;')).toMatch(/\| 7 \|/);
  });

  test('cancels the connection to a server that does not answer', async ({ shell, expect }) => {
    const silent = createServer((socket) => socket.on('error', () => {}));
    // connect with a host keeps the port of the section.
    silent.listen(3312, '127.98.0.1');
    await once(silent, 'listening');
    try {
      const terminal = await shell(['-A', 'itwiki']);
      const connecting = once(silent, 'connection');
      await terminal.enter('connect itwiki 127.98.0.1');
      const [socket] = await connecting;
      await terminal.waitFor(/\nWaiting for 127\.98\.0\.1:3312 to answer\. Ctrl-C cancels\.$/);
      await terminal.press('C-c');
      await terminal.waitForPrompt(/> *$/);
      expect(await terminal.screen()).toMatch(/\^C\nERROR 2002 \(HY000\): .*interrupted/);
      socket.destroy();
    } finally {
      silent.close();
    }
  });

  test('ends the program while the first server does not answer', async ({ onTerminal }) => {
    const silent = createServer((socket) => socket.on('error', () => {}));
    silent.listen(3399, '127.98.0.2');
    await once(silent, 'listening');
    try {
      const shell = await onTerminal(['bash', '--norc', '--noprofile', '-i'], {
        env: { PS1: '$ ' },
      });
      await shell.waitForPrompt(/^\$$/);
      const connecting = once(silent, 'connection');
      await shell.enter(`${program} -h 127.98.0.2 -P 3399 itwiki`);
      const [socket] = await connecting;
      await shell.waitFor(/\nWaiting for 127\.98\.0\.2:3399 to answer\. Ctrl-C cancels\.$/);
      await shell.press('C-c');
      await shell.waitForPrompt(/^\$$/);
      await shell.enter('echo status $?');
      await shell.waitFor(/\nstatus 130\n/);
      socket.destroy();
    } finally {
      silent.close();
    }
  });

  test('pressed several times at the prompt keeps the connection', async ({ shell, expect }) => {
    const terminal = await shell(['-A', 'itwiki']);
    const id = getLastNumber(await terminal.run('select connection_id();'));
    await terminal.press('C-c', 'C-c', 'C-c');
    await terminal.waitForPrompt();
    expect(getLastNumber(await terminal.run('select connection_id();'))).toBe(id);
  });

  test('has no effect with --sigint-ignore', async ({ shell, expect }) => {
    const terminal = await shell(['-A', '--sigint-ignore', 'itwiki']);
    await terminal.enter('select sleep(1.1);');
    await waitUntilRunning(terminal, 'sleep(1.1)');
    await terminal.press('C-c');
    expect(await terminal.waitForPrompt()).toMatch(/\| +0 \|\n\+-+\+\n1 row in set/);
  });
});

describe.concurrent('Ctrl-D', () => {
  test('quits at an empty prompt, and deletes a character in a text', async ({ shell, expect }) => {
    const terminal = await shell(['-A', 'itwiki'], { ownProcess: true });
    await terminal.type('ab');
    await terminal.press('Home', 'C-d');
    await terminal.waitFor(/> b$/);
    await terminal.press('C-d');
    await terminal.waitForPromptAgain();
    await terminal.press('C-d');
    expect(await terminal.waitForEnd()).toBe(0);
    expect(await terminal.screen()).toMatch(/> *(\^D)?\n?Bye$/);
  });
});

/** A bash with job control, which runs the program as a job. */
const bash = ['bash', '--norc', '--noprofile', '-i'];
const bashPrompt = /^\$$/;

describe.concurrent('job control', () => {
  test('Ctrl-Z stops the program, and fg continues it with the typed text', async ({
    onTerminal,
    expect,
  }) => {
    const terminal = await onTerminal(bash, { env: { PS1: '$ ' } });
    await terminal.waitForPrompt(bashPrompt);
    await terminal.enter(`${program} -A itwiki`);
    await terminal.waitForPrompt();
    await terminal.type("select 'typed ");
    await terminal.waitFor("'typed");
    await terminal.press('C-z');
    await terminal.waitForPrompt(bashPrompt);
    // The terminal's settings are restored.
    await terminal.run('stty -a | grep -o " echo \\| icanon" | wc -l; echo done', bashPrompt);
    expect(await terminal.screen()).toMatch(/Stopped[\s\S]*\n2\ndone\n/);
    await terminal.enter('fg');
    await terminal.waitFor(/> select 'typed $|> select 'typed$/);
    await terminal.type("before';\n");
    await terminal.waitFor(/\| typed before \|[\s\S]*row in set/);
    await terminal.waitForPrompt();
    await terminal.enter('quit');
    await terminal.waitForPrompt(bashPrompt);
  });

  test('Ctrl-Z stops the program while a statement runs', async ({ onTerminal, expect }) => {
    const terminal = await onTerminal(bash, { env: { PS1: '$ ' } });
    await terminal.waitForPrompt(bashPrompt);
    await terminal.enter(`${program} -A itwiki`);
    await terminal.waitForPrompt();
    await terminal.enter('select sleep(1.2), 5;');
    await waitUntilRunning(terminal, 'sleep(1.2)');
    await terminal.press('C-z');
    await terminal.waitForPrompt(bashPrompt);
    await terminal.enter('fg');
    await terminal.waitFor(/\| +0 \| 5 \|/);
    await terminal.waitForPrompt();
    expect(await terminal.run('select 6;')).toMatch(/\| 6 \|/);
    await terminal.enter('quit');
    await terminal.waitForPrompt(bashPrompt);
  });
});

describe.concurrent('a closed terminal', () => {
  test('kills the statement on the server and ends the program', async ({ shell, expect }) => {
    const terminal = await shell(['-A', 'itwiki'], { ownProcess: true });
    const pid = await terminal.pid();
    await terminal.enter('select sleep(62.1);');
    await waitUntilRunning(terminal, 'sleep(62.1)');
    await terminal.hangUp();
    await waitUntilExited(pid);
    await expect.poll(() => running('sleep(62.1)')).toBe(0);
    // The statement is in the history of the next session.
    expect(readFileSync(join(terminal.home, '.mysql_history'), 'utf8')).toContain('sleep(62.1)');
  });

  test('ends the program at the prompt', async ({ shell, expect }) => {
    const terminal = await shell(['itwiki'], { ownProcess: true });
    const id = getLastNumber(await terminal.run('select connection_id();'));
    const pid = await terminal.pid();
    await terminal.type('select');
    await terminal.hangUp();
    await waitUntilExited(pid);
    const sql = `select count(*) from information_schema.processlist where id = ${id}`;
    await expect.poll(() => onServer(sql)).toBe('0');
  });

  test('ends the program in the pager', async ({ shell }) => {
    const terminal = await shell(['-A', 'itwiki'], { rows: 20, ownProcess: true });
    const pid = await terminal.pid();
    await terminal.enter('select page_id from page;');
    await terminal.waitForLess();
    await terminal.hangUp();
    await waitUntilExited(pid);
  });
});

async function waitUntilExited(pid: number): Promise<void> {
  await vi.waitUntil(() => !isAlive(pid), { timeout: 10_000 });
}
