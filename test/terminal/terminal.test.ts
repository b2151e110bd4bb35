import { readFileSync } from 'node:fs';
import { describe } from 'vitest';
import { isAlive, type TerminalOptions, Tmux } from '../farm/tmux.js';
import { test as base } from './on-terminal.js';
import { editorCommand } from './start-editor.js';

interface Fixtures {
  /** The line editor, started by a shell with job control, whose prompt is `$`. */
  inShell: Tmux;
}

const options: TerminalOptions = { columns: 60, rows: 20, env: { PS1: '$ ' } };

const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads a fixture's dependencies from it.
  inShell: async ({}, use) => {
    const terminal = await Tmux.start(['bash', '--norc', '--noprofile', '-i'], options);
    try {
      await terminal.waitFor('$');
      await terminal.enter(
        `edit() { ${(await editorCommand()).map((word) => `'${word}'`).join(' ')}; }; clear`,
      );
      await terminal.waitFor(/^\$$/);
      await terminal.enter('edit');
      await terminal.waitFor('sql>');
      await use(terminal);
    } finally {
      await terminal.close();
    }
  },
});

/** Returns the screen with the terminal's modes: does it edit lines itself and echo them? */
async function readModes(terminal: Tmux): Promise<string> {
  await terminal.enter("clear; stty -a | grep -oE -- '-?(icanon|isig|echo|icrnl)\\b' | xargs");
  return terminal.waitFor(/^-?icrnl.*\n\$/);
}

const cooked = 'icrnl isig icanon echo\n$';

describe.concurrent('the terminal', () => {
  test('is restored while the program is stopped, and acquired again afterwards', async ({
    inShell: terminal,
    expect,
  }) => {
    await terminal.type('SELECT\n日');
    await terminal.press('Up');
    await terminal.press('C-z');
    expect(await terminal.waitFor(/\n\$$/)).toContain('sql> SELECT\n  -> 日^Z\n');
    expect(await readModes(terminal)).toContain(cooked);
    expect(terminal.rawOutput.lastIndexOf('\x1b[?2004l')).toBeGreaterThan(
      terminal.rawOutput.lastIndexOf('sql>'),
    );
    await terminal.enter('fg');
    await terminal.waitFor(/fg\n.*\nsql> SELECT\n {2}-> 日$/s);
    await terminal.type('x');
    await terminal.waitFor('sql> SxELECT');
  });

  test('is restored when the program is stopped while a query runs', async ({
    inShell: terminal,
    expect,
  }) => {
    await terminal.type('sleep;\n');
    await terminal.waitFor('"sleep;"');
    await terminal.press('C-z');
    await terminal.waitFor(/Stopped.*\n\$/s);
    expect(await readModes(terminal)).toContain(cooked);
    await terminal.enter('fg');
    await terminal.waitFor('sql>');
    await terminal.type('日');
    await terminal.waitFor('sql> 日');
  });

  const ends: [name: string, end: (terminal: Tmux) => Promise<void>, message: string][] = [
    ['Ctrl-D', (terminal) => terminal.press('C-d'), '{"kind":"end"}'],
    ['an error', (terminal) => terminal.type('fail;\n'), 'as asked'],
    ['Ctrl-\\', (terminal) => terminal.press('C-\\'), 'Quit'],
    ['SIGTERM', sendSignal('SIGTERM'), 'Terminated'],
    ['SIGHUP', sendSignal('SIGHUP'), 'Hangup'],
  ];
  for (const [name, end, message] of ends) {
    test(`is restored after ${name}`, async ({ inShell: terminal, expect }) => {
      await end(terminal);
      await terminal.waitFor(message);
      await terminal.waitFor(/\n\$$/);
      const output = terminal.rawOutput;
      expect(output.lastIndexOf('\x1b[?2004l')).toBeGreaterThan(output.lastIndexOf('sql>'));
      expect(await readModes(terminal)).toContain(cooked);
    });
  }

  test('ends the program when it is closed', async ({ inShell: terminal, expect }) => {
    const shell = await terminal.pid();
    const editor = childOf(shell);
    await terminal.hangUp();
    await terminal.waitUntil('the end', () => !isAlive(editor));
    expect(isAlive(shell)).toBe(false);
  });

  test('is released for another program, and acquired again afterwards', async ({
    inShell: terminal,
    expect,
  }) => {
    await terminal.type('child;\n');
    await terminal.waitFor('child>');
    await terminal.type('a line\n');
    await terminal.waitFor(/read a line\nsql>$/);
    await terminal.type('one\ntwo;\n');
    await terminal.waitFor('"one\\ntwo;"');
    expect(await terminal.screen()).toMatch(/sql> one\n {2}-> two;\n/);
  });
});

/** Returns a function that sends a signal to the editor, the child of the shell. */
function sendSignal(name: NodeJS.Signals): (terminal: Tmux) => Promise<void> {
  return async (terminal) => {
    process.kill(childOf(await terminal.pid()), name);
  };
}

function childOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ')[0]);
}
