import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from 'vitest';
import { test } from './on-terminal.js';
import { isAlive, Tmux } from './tmux.js';

/** A program with a prompt that reads lines and prints them, quoted. */
const echo = [
  'bash',
  '-c',
  'while read -rp "[in]> " line; do printf "%q\\n" "$line"; done; exit 3',
];

describe.concurrent('a terminal', () => {
  test('types text literally', async ({ onTerminal, expect }) => {
    const terminal = await onTerminal(echo);
    await terminal.waitForPrompt();
    for (const text of [
      'a;',
      '-- x',
      '"$HOME" ~ #{pane_id}',
      "'\\ `id`;",
      '%end Enter C-c',
      'é漢🦉',
    ]) {
      await terminal.run(text);
    }
    const shown = await terminal.screen();
    expect(shown.split('\n').filter((line) => line.startsWith('[in]> '))).toEqual([
      '[in]> a;',
      '[in]> -- x',
      '[in]> "$HOME" ~ #{pane_id}',
      "[in]> '\\ `id`;",
      '[in]> %end Enter C-c',
      '[in]> é漢🦉',
    ]);
    await terminal.press('C-d');
    expect(await terminal.waitForEnd()).toBe(3);
  });

  test('passes only its own environment to the program', async ({ onTerminal, expect }) => {
    const env = { MORE: 'x y;', TMPDIR: undefined };
    const terminal = await onTerminal(['env'], { env, columns: 2000 });
    await terminal.waitForEnd();
    const names = (await terminal.screen()).split('\n').map((line) => line.split('=')[0]);
    expect(names.sort()).toEqual([
      'ANALYTICS_MYSQL_MW_CONFIG_PATH',
      'ANALYTICS_MYSQL_NAMESERVER',
      'HOME',
      'LC_ALL',
      'MORE',
      'PATH',
      'SSL_CERT_FILE',
      'TERM',
    ]);
    expect(await terminal.screen()).toContain('\nMORE=x y;');
    expect(readFileSync(join(terminal.home, '.my.cnf'), 'utf8')).toContain('research');
  });

  test('uses bracketed paste if the program enabled it', async ({ onTerminal, expect }) => {
    const script =
      'stty -echo raw; printf "\\033[?2004h[in]> "; dd bs=64 count=1 2>/dev/null | od -c';
    const terminal = await onTerminal(['bash', '-c', script]);
    await terminal.waitForPrompt();
    await terminal.paste('a\nb');
    expect(await terminal.waitFor('~')).toMatch(/033 +\[ +2 +0 +0 +~ +a +\\r +b +033 +\[ +2 +0/);
  });

  test('can be resized, and reports its colors, its cursor and the output bytes', async ({
    onTerminal,
    expect,
  }) => {
    const script = `trap 'stty size' WINCH; printf '\\033[31mred\\033[m\\a[in]> '; while :; do sleep 0.05; done`;
    const terminal = await onTerminal(['bash', '-c', script], { columns: 60, rows: 20 });
    await terminal.waitForPrompt();
    expect(await terminal.cursor()).toEqual({ column: 9, row: 0 });
    expect(await terminal.screenWithColors()).toMatch(/^\x1b\[31mred\x1b\[39m\[in\]>/);
    expect(terminal.rawOutput).toBe('\x1b[31mred\x1b[m\x07[in]> ');
    await terminal.resize(70, 10);
    await terminal.waitFor('10 70');
  });

  test('shows the screen in the error message when expected text does not appear', async ({
    onTerminal,
    expect,
  }) => {
    const terminal = await onTerminal(echo);
    await terminal.waitForPrompt();
    const missing = terminal.waitFor('never', { timeout: 100 });
    await expect(missing).rejects.toThrow('not on the screen: never\n┌────\n│[in]>\n└────');
  });

  test('sends SIGHUP when it hangs up', async ({ onTerminal, expect }) => {
    const script = `trap 'echo hung up > ~/said; exit' HUP; echo '[in]> '; while :; do sleep 0.05; done`;
    const terminal = await onTerminal(['bash', '-c', script]);
    await terminal.waitFor('[in]>');
    const pid = await terminal.pid();
    expect(isAlive(pid)).toBe(true);
    await terminal.hangUp();
    await terminal.waitUntil('the end of the program', () => !isAlive(pid));
    expect(readFileSync(join(terminal.home, 'said'), 'utf8')).toBe('hung up\n');
  });

  test('kills a process that survives its closing, and reports it', async ({ expect }) => {
    const terminal = await Tmux.start(['bash', '-c', 'trap "" HUP; echo "[in]> "; sleep 1000']);
    await terminal.waitFor('[in]>');
    const pid = await terminal.pid();
    await expect(terminal.close()).rejects.toThrow('left behind by a closed terminal: ');
    expect(isAlive(pid)).toBe(false);
    expect(existsSync(terminal.home)).toBe(false);
  });
});
