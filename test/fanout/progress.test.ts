import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { test as base, describe, expect, vi } from 'vitest';
import { bundled } from '../bundled.js';
import { type TerminalOptions, Tmux } from '../farm/tmux.js';

const program = await bundled(fileURLToPath(new URL('progress-program.ts', import.meta.url)));

interface Fixtures {
  /** The program, its commands read from a pipe: `say` writes one to it. */
  start: (shell: string, options?: TerminalOptions) => Promise<Progress>;
}

interface Progress {
  terminal: Tmux;
  say: (line: string) => Promise<void>;
}

const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads what a fixture needs from its pattern
  start: async ({}, use) => {
    const open: Tmux[] = [];
    await use(async (shell, options) => {
      const furnish = (home: string) => {
        spawnSync('mkfifo', ['commands'], { cwd: home });
      };
      // Standard input is no terminal, so that nothing is echoed among what is drawn.
      const line = shell.replace('PROGRAM', `'${process.execPath}' '${program}'`);
      const command = ['bash', '-c', `exec <>commands; ${line}`];
      const terminal = await Tmux.start(command, { ...options, furnish });
      open.push(terminal);
      const say = async (text: string) => {
        spawnSync('bash', ['-c', 'echo "$1" > commands', 'bash', text], { cwd: terminal.home });
      };
      return { terminal, say };
    });
    for (const terminal of open) await terminal.close();
  },
});

describe.concurrent('on a terminal', () => {
  test('a bar shows how far the run is, and is gone behind it', async ({ start }) => {
    const { terminal, say } = await start('PROGRAM 1072 files');
    await say('begin enwiki');
    await say('rows 1234567 45000000');
    await say('end 310');
    const shown =
      /^line\n\[#{4,}-{9,}\] {2}310\/1,072 {2}1 running .* 45 MB {2}\d:\d\d {2}ETA \d+:\d\d {2}slowest enwiki \d:\d\d$/;
    await terminal.waitFor(shown);
    expect(await terminal.cursor()).toMatchObject({ row: 1 });
    await say('stop');
    await terminal.waitFor((screen) => screen === 'line');
    expect(await terminal.cursor()).toEqual({ column: 0, row: 1 });
    await say('out the end');
    await terminal.waitFor(/^line\nthe end$/);
  });

  test('a line that is told stands above the bar, alone', async ({ start }) => {
    const { terminal, say } = await start('PROGRAM 4 files');
    await say('end 1');
    await terminal.waitFor(/1\/4/);
    await say('tell a line of its own');
    await terminal.waitFor(/^line\na line of its own\n\[#+-+\] {2}1\/4 .*$/);
  });

  test('it is never wider than the terminal, whose size changes', async ({ start }) => {
    const { terminal, say } = await start('PROGRAM 4 files', { columns: 200 });
    await say('begin enwiki');
    await say('end 1');
    await terminal.waitFor('slowest enwiki');
    await terminal.resize(30, 20);
    await say('rows 5 5');
    await terminal.waitFor(/^1\/4 {2}.*5 rows.*$/m);
    const narrow = (await terminal.screen()).split('\n').at(-1) ?? '';
    expect(narrow.length).toBeLessThan(30);
    await terminal.resize(200, 20);
    await say('rows 1 1');
    await terminal.waitFor(/\[#+-+\] {2}1\/4 .*6 rows .*slowest enwiki/);
  });

  test('nothing is drawn where the rows go to it too', async ({ start }) => {
    const { terminal, say } = await start('PROGRAM 4 rows');
    await say('end 1');
    await say('out a row');
    await terminal.waitFor('a row');
    expect(terminal.rawOutput).toBe('nothing\r\na row\r\n');
  });

  test('a pipe draws nothing, since its reader may write to the terminal', async ({ start }) => {
    const { terminal } = await start('PROGRAM 4 rows | cat');
    await terminal.waitFor('nothing');
  });

  for (const output of ['file', '/dev/null']) {
    test(`with the rows in ${output} it is drawn`, async ({ start }) => {
      const { terminal, say } = await start(`PROGRAM 4 rows > ${output}`);
      await say('end 1');
      await terminal.waitFor(/^\[#+-+\] {2}1\/4/);
    });
  }

  test('in the background nothing is drawn', async ({ start }) => {
    const line =
      'set -m; PROGRAM 4 files > file & until [ -s file ]; do sleep 0.1; done; sleep 0.7; kill %1; wait; cat file; echo over; sleep 20';
    const { terminal } = await start(line);
    await terminal.waitFor('over');
    // What tmux tells of it may come later than what it shows.
    const whole = () => expect(terminal.rawOutput).toContain('line\r\nover\r\n');
    await vi.waitFor(whole, { timeout: 10_000 });
    expect(terminal.rawOutput).not.toContain('\x1b');
  });

  test.each(['dumb', ''])('one that cannot draw (TERM=%s) gets plain lines', async (TERM) => {
    const terminal = await Tmux.start([process.execPath, program, '4', 'files'], { env: { TERM } });
    try {
      await terminal.waitFor('plain-lines');
    } finally {
      await terminal.close();
    }
  });

  test('with -s there is nothing but what is told', async ({ start }) => {
    const { terminal, say } = await start('PROGRAM 4 files silent');
    await say('end 1');
    await say('tell a line');
    await terminal.waitFor('a line');
    expect(terminal.rawOutput).toBe('line\r\na line\r\n');
  });
});

describe('elsewhere', () => {
  test('plain lines are meant, and no timer keeps the process alive', () => {
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
