import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createCellCounter } from '../../src/output/cell-count.js';
import { ScreenLines } from '../../src/output/screen-lines.js';
import { bundleProgram } from '../bundle-program.js';

const program = await bundleProgram(fileURLToPath(new URL('paged-program.ts', import.meta.url)));
const env = { PATH: process.env.PATH, TERM: 'xterm', LC_ALL: 'C.UTF-8' };

interface PagerRun {
  output: string;
  events: string[];
}

/** The number of lines, the bytes per line, and the screen's lines and columns. */
type Size = [lines: number, bytes: number, rows?: number, columns?: number];

/** Runs the program with a pager; standard output is a pipe, which the pager inherits. */
async function page(command: string, ...size: Size): Promise<PagerRun> {
  const words = [program, command, ...size.map(String)];
  const child = spawn(process.execPath, words, { env });
  const output = collectText(child.stdout);
  const errors = collectText(child.stderr);
  await once(child, 'close');
  return { output: output.text, events: errors.text.trimEnd().split('\n') };
}

function collectText(stream: ChildProcess['stdout']): { text: string } {
  const collected = { text: '' };
  stream?.on('data', (data: Buffer) => {
    collected.text += data.toString('latin1');
  });
  return collected;
}

function lines(count: number, bytes: number): string {
  return Array.from({ length: count }, (_, i) => `${i + 1} ${'x'.repeat(bytes)}\n`).join('');
}

describe('output that fits on the screen is printed without the pager', () => {
  it.each<[string, Size, boolean]>([
    ['direct: as many lines as are free', [21, 5], true],
    ['paged: one line more', [22, 5], false],
    ['direct: long lines that fit when wrapped', [7, 3 * 80 - 2], true],
    ['paged: long lines that wrap once more', [7, 3 * 80 - 1], false],
    ['direct: one long line that fits when wrapped', [1, 21 * 80 - 2], true],
    ['paged: one line that is a cell too long', [1, 21 * 80 - 1], false],
    ['direct: as many lines as are free on a small screen', [2, 5, 5, 20], true],
    ['paged: a long output', [20_000, 50], false],
    ['direct: an empty output', [0, 0], true],
  ])('%s', async (_name, size, isDirect) => {
    const { output, events } = await page('sed s/x/-/', ...size);
    const text = lines(size[0], size[1]);
    const expected = isDirect ? text : text.replaceAll(/^(\d+ )x/gm, '$1-');
    expect(output === expected).toBe(true);
    expect(events).toEqual(isDirect ? ['end direct'] : ['start', 'exit', 'end paged']);
  });

  it('prints everything directly if there is no pager', async () => {
    const { output, events } = await page('', 3000, 50);
    expect(output === lines(3000, 50)).toBe(true);
    expect(events).toEqual(['end direct']);
  });
});

describe('a pager', () => {
  it.each<[string, number, string, string[]]>([
    ['that reads everything receives everything', 200_000, 'cat', ['start', 'exit', 'end paged']],
    ['can be a shell pipeline', 200_000, 'cat | cat', ['start', 'exit', 'end paged']],
    [
      'that reads slowly receives everything',
      20_000,
      'sleep 0.3; cat',
      ['start', 'exit', 'end paged'],
    ],
  ])('%s', async (_name, count, command, expected) => {
    const { output, events } = await page(command, count, 50);
    expect(output === lines(count, 50)).toBe(true);
    expect(events).toEqual(expected);
  });

  it.each<[string, string, string]>([
    ['that exits after one line', 'head -1', lines(1, 50)],
    ['that never reads', 'false', ''],
    ['that fails in the middle', 'head -2; exit 3', lines(2, 50)],
    ['that is killed', 'head -1; kill -9 $$', lines(1, 50)],
    ['that closes its input before it exits', 'exec <&-; sleep 0.3', ''],
  ])('%s is not an error, and calls onQuit', async (_name, command, expected) => {
    const { output, events } = await page(command, 200_000, 50);
    expect({ output, events }).toEqual({
      output: expected,
      events: ['start', 'exit', 'quit', 'end quit'],
    });
  });

  it.each<[string, number]>([
    ['./no-such-pager', 100],
    ['./no-such-pager', 200_000],
    ['/etc/passwd -R', 20_000],
  ])('that does not exist (%s) does not lose any of %i lines', async (command, count) => {
    const { output, events } = await page(command, count, 50);
    expect(output === lines(count, 50)).toBe(true);
    const ownEvents = events.filter((line) => !/^sh: /.test(line));
    expect(ownEvents).toEqual(['start', 'exit', `missing ${command}`, 'end direct']);
  });

  it('has LESSCHARSET and LESS in its environment by default', async () => {
    const command = 'cat >/dev/null; echo $LESSCHARSET $LESS';
    expect((await page(command, 100, 5)).output).toBe('utf-8 -R\n');
  });
});

describe('less on a pseudo-terminal', () => {
  /**
   * Types each of `keys` when its text is displayed, and then `q` until the program exits. Returns
   * the screen output.
   */
  async function onTerminal(command: string, keys: [text: string, key: string][], ...size: Size) {
    const words = [process.execPath, program, command, ...size.map(String)];
    const line = `stty rows 24 cols 80; ${words.map((word) => `'${word}'`).join(' ')}`;
    const child = spawn('script', ['-qec', line, '/dev/null'], { env });
    const shown = collectText(child.stdout);
    let searchStart = 0;
    let quitTimer: NodeJS.Timeout | undefined;
    child.stdin?.on('error', () => {});
    child.stdout?.on('data', () => {
      const [text, key] = keys[0] ?? [];
      if (text === undefined || key === undefined || !shown.text.slice(searchStart).includes(text))
        return;
      searchStart = shown.text.length;
      keys.shift();
      child.stdin?.write(key);
      // A single q can be too early: less discards input while it handles Ctrl-C.
      if (keys.length === 0) quitTimer = setInterval(() => child.stdin?.write('q'), 100);
    });
    await once(child, 'close');
    clearInterval(quitTimer);
    return shown.text.replaceAll('\r\n', '\n');
  }

  it('displays the first page, moves to the end, and quits', async () => {
    const keys: [string, string][] = [
      ['23 xxxxx', 'G'],
      ['5000 xxxxx', 'q'],
    ];
    const shown = await onTerminal('less -RXFS', keys, 5000, 5);
    expect(shown).toContain('exit\nend paged\n');
  });

  it('can quit on the first page of 10 MB of output', async () => {
    const shown = await onTerminal('less -RXFS', [['23 xxxxx', 'q']], 180_000, 50);
    // Keys that are typed after the exit are echoed.
    expect(shown).toMatch(/exit\n(quit\nq*end quit|q*end paged)\n/);
    expect(shown).not.toContain('\n100 xxx');
  });

  it('handles Ctrl-C without ending the program', async () => {
    const shown = await onTerminal('less -RXFS', [['23 xxxxx', '\x03']], 5000, 5);
    expect(shown).toMatch(/end (paged|quit)\n/);
  });
});

describe('ScreenLines', () => {
  const screen = new ScreenLines(10, createCellCounter('utf8mb4', undefined));
  it.each<[string, number]>([
    ['', 0],
    ['\n', 1],
    ['a', 1],
    ['a\nb\n', 2],
    ['0123456789\n', 1],
    ['0123456789a\n', 2],
    ['日本日本日\n', 1],
    ['日本日本日本\n', 2],
    ['\x1b[2mNULL\x1b[22m7890123\n', 2],
    ['\x1b[2mNULL\x1b[22m789012\n', 1],
    ['\t\ta\n', 2],
    ['a'.repeat(100_000), 10_000],
  ])('counts the lines of %j: %i', (text, count) => {
    const bytes = Buffer.from(text);
    expect(screen.exceeds(bytes, count)).toBe(false);
    if (count > 0) expect(screen.exceeds(bytes, count - 1)).toBe(true);
  });
});
