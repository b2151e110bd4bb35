import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { test as base, describe, expect, vi } from 'vitest';
import { bundleProgram } from '../bundle-program.js';
import { type TerminalOptions, Tmux } from '../farm/tmux.js';

const program = await bundleProgram(fileURLToPath(new URL('progress-program.ts', import.meta.url)));

interface Fixtures {
  /** Starts progress-program.ts on a terminal; `send` writes a command to its standard input. */
  start: (shell: string, options?: TerminalOptions) => Promise<Progress>;
}

interface Progress {
  terminal: Tmux;
  send: (line: string) => Promise<void>;
}

const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads what a fixture needs from its pattern
  start: async ({}, use) => {
    const open: Tmux[] = [];
    await use(async (shell, options) => {
      const makeFifo = (home: string) => {
        spawnSync('mkfifo', ['commands'], { cwd: home });
      };
      // Standard input is a FIFO instead of the terminal, which would echo the commands.
      const line = shell.replace('PROGRAM', `'${process.execPath}' '${program}'`);
      const command = ['bash', '-c', `exec <>commands; ${line}`];
      const terminal = await Tmux.start(command, { ...options, prepareHome: makeFifo });
      open.push(terminal);
      const send = async (text: string) => {
        spawnSync('bash', ['-c', 'echo "$1" > commands', 'bash', text], { cwd: terminal.home });
      };
      return { terminal, send };
    });
    for (const terminal of open) await terminal.close();
  },
});

describe.concurrent('progress on a terminal', () => {
  test('shows a bar during the run and erases it at the end', async ({ start }) => {
    const { terminal, send } = await start('PROGRAM 1072 files');
    await send('begin enwiki');
    await send('rows 1234567 45000000');
    await send('end 310');
    const shown =
      /^line\n\[#{4,}-{9,}\] {2}310\/1,072 {2}1 running .* 45 MB {2}\d:\d\d {2}ETA \d+:\d\d {2}slowest enwiki \d:\d\d$/;
    await terminal.waitFor(shown);
    expect(await terminal.cursor()).toMatchObject({ row: 1 });
    await send('stop');
    await terminal.waitFor((screen) => screen === 'line');
    expect(await terminal.cursor()).toEqual({ column: 0, row: 1 });
    await send('out the end');
    await terminal.waitFor(/^line\nthe end$/);
  });

  test('prints a message on its own line above the bar', async ({ start }) => {
    const { terminal, send } = await start('PROGRAM 4 files');
    await send('end 1');
    await terminal.waitFor(/1\/4/);
    await send('print a line of its own');
    await terminal.waitFor(/^line\na line of its own\n\[#+-+\] {2}1\/4 .*$/);
  });

  test('adapts the bar to the width of the terminal, also when it changes', async ({ start }) => {
    const { terminal, send } = await start('PROGRAM 4 files', { columns: 200 });
    await send('begin enwiki');
    await send('end 1');
    await terminal.waitFor('slowest enwiki');
    await terminal.resize(30, 20);
    await send('rows 5 5');
    await terminal.waitFor(/^1\/4 {2}.*5 rows.*$/m);
    const narrow = (await terminal.screen()).split('\n').at(-1) ?? '';
    expect(narrow.length).toBeLessThan(30);
    await terminal.resize(200, 20);
    await send('rows 1 1');
    await terminal.waitFor(/\[#+-+\] {2}1\/4 .*6 rows .*slowest enwiki/);
  });

  test('draws nothing if the rows go to the terminal, too', async ({ start }) => {
    const { terminal, send } = await start('PROGRAM 4 rows');
    await send('end 1');
    await send('out a row');
    await terminal.waitFor('a row');
    expect(terminal.rawOutput).toBe('nothing\r\na row\r\n');
  });

  test('draws nothing if the rows go to a pipe, whose reader may write to the terminal', async ({
    start,
  }) => {
    const { terminal } = await start('PROGRAM 4 rows | cat');
    await terminal.waitFor('nothing');
  });

  for (const output of ['file', '/dev/null']) {
    test(`draws the bar if the rows go to ${output}`, async ({ start }) => {
      const { terminal, send } = await start(`PROGRAM 4 rows > ${output}`);
      await send('end 1');
      await terminal.waitFor(/^\[#+-+\] {2}1\/4/);
    });
  }

  test('draws nothing in the background', async ({ start }) => {
    const line =
      'set -m; PROGRAM 4 files > file & until [ -s file ]; do sleep 0.1; done; sleep 0.7; kill %1; wait; cat file; echo over; sleep 20';
    const { terminal } = await start(line);
    await terminal.waitFor('over');
    // tmux may deliver the raw output later than the screen.
    const whole = () => expect(terminal.rawOutput).toContain('line\r\nover\r\n');
    await vi.waitFor(whole, { timeout: 10_000 });
    expect(terminal.rawOutput).not.toContain('\x1b');
  });

  test.each(['dumb', ''])(
    'uses plain lines on a terminal without cursor movement (TERM=%s)',
    async (TERM) => {
      const terminal = await Tmux.start([process.execPath, program, '4', 'files'], {
        env: { TERM },
      });
      try {
        await terminal.waitFor('plain-lines');
      } finally {
        await terminal.close();
      }
    },
  );

  test('prints only messages with -s', async ({ start }) => {
    const { terminal, send } = await start('PROGRAM 4 files silent');
    await send('end 1');
    await send('print a line');
    await terminal.waitFor('a line');
    expect(terminal.rawOutput).toBe('line\r\na line\r\n');
  });
});

describe('progress without a terminal', () => {
  test('uses plain lines, and no timer keeps the process alive', () => {
    const args = [program, '4', 'rows'];
    const { stdout, stderr, status } = spawnSync(process.execPath, args, {
      input: 'end 1\nout over\n',
      encoding: 'utf8',
      timeout: 9000,
    });
    expect({ stdout, stderr, status }).toEqual({
      stdout: 'plain-lines\nover\n',
      stderr: '',
      status: 0,
    });
  });
});
