import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { cellCount } from '../../src/output/cell-count.js';
import { ScreenLines } from '../../src/output/screen-lines.js';
import { bundled } from '../bundled.js';

const program = await bundled(fileURLToPath(new URL('paged-program.ts', import.meta.url)));
const env = { PATH: process.env.PATH, TERM: 'xterm', LC_ALL: 'C.UTF-8' };

interface Told {
  output: string;
  events: string[];
}

/** Lines, bytes of each, lines and columns of the screen. */
type Size = [lines: number, bytes: number, rows?: number, columns?: number];

/** Standard output is a pipe, which the pager inherits. */
async function page(command: string, ...size: Size): Promise<Told> {
  const words = [program, command, ...size.map(String)];
  const child = spawn(process.execPath, words, { env });
  const output = gather(child.stdout);
  const errors = gather(child.stderr);
  await once(child, 'close');
  return { output: output.text, events: errors.text.trimEnd().split('\n') };
}

function gather(stream: ChildProcess['stdout']): { text: string } {
  const wikiResult = { text: '' };
  stream?.on('data', (data: Buffer) => {
    wikiResult.text += data.toString('latin1');
  });
  return wikiResult;
}

function lines(count: number, bytes: number): string {
  return Array.from({ length: count }, (_, i) => `${i + 1} ${'x'.repeat(bytes)}\n`).join('');
}

describe('what fits on the screen is printed straight', () => {
  it.each<[string, Size, boolean]>([
    ['as many lines as are left', [21, 5], true],
    ['one more', [22, 5], false],
    ['lines that wrap', [7, 3 * 80 - 2], true],
    ['lines that wrap once more', [7, 3 * 80 - 1], false],
    ['one long line', [1, 21 * 80 - 2], true],
    ['a longer one', [1, 21 * 80 - 1], false],
    ['of a small screen', [2, 5, 5, 20], true],
    ['a long output', [20_000, 50], false],
    ['nothing', [0, 0], true],
  ])('%s', async (_name, size, straight) => {
    const { output, events } = await page('sed s/x/-/', ...size);
    const text = lines(size[0], size[1]);
    const expected = straight ? text : text.replaceAll(/^(\d+ )x/gm, '$1-');
    expect(output === expected).toBe(true);
    expect(events).toEqual(straight ? ['end direct'] : ['before', 'after', 'end paged']);
  });

  it('all of it without a pager', async () => {
    const { output, events } = await page('', 3000, 50);
    expect(output === lines(3000, 50)).toBe(true);
    expect(events).toEqual(['end direct']);
  });
});

describe('a pager', () => {
  it.each<[string, number, string, string[]]>([
    ['that takes all', 200_000, 'cat', ['before', 'after', 'end paged']],
    ['of several programs', 200_000, 'cat | cat', ['before', 'after', 'end paged']],
    ['that reads slowly', 20_000, 'sleep 0.3; cat', ['before', 'after', 'end paged']],
  ])('%s', async (_name, count, command, expected) => {
    const { output, events } = await page(command, count, 50);
    expect(output === lines(count, 50)).toBe(true);
    expect(events).toEqual(expected);
  });

  it.each<[string, string, string]>([
    ['that leaves after a line', 'head -1', lines(1, 50)],
    ['that never reads', 'false', ''],
    ['that fails in the middle', 'head -2; exit 3', lines(2, 50)],
    ['that is killed', 'head -1; kill -9 $$', lines(1, 50)],
    ['that closes its input and stays a while', 'exec <&-; sleep 0.3', ''],
  ])('%s is no mistake, and the owner hears of it', async (_name, command, expected) => {
    const { output, events } = await page(command, 200_000, 50);
    expect({ output, events }).toEqual({
      output: expected,
      events: ['before', 'after', 'quit', 'end quit'],
    });
  });

  it.each<[string, number]>([
    ['./no-such-pager', 100],
    ['./no-such-pager', 200_000],
    ['/etc/passwd -R', 20_000],
  ])('that is missing (%s) loses nothing of %i lines', async (command, count) => {
    const { output, events } = await page(command, count, 50);
    expect(output === lines(count, 50)).toBe(true);
    const told = events.filter((line) => !/^sh: /.test(line));
    expect(told).toEqual(['before', 'after', `missing ${command}`, 'end direct']);
  });

  it('is told the character set and that colours are meant, unless it was told', async () => {
    const command = 'cat >/dev/null; echo $LESSCHARSET $LESS';
    expect((await page(command, 100, 5)).output).toBe('utf-8 -R\n');
  });
});

describe('less on a terminal of its own', () => {
  /**
   * Presses `keys`, one after another, each when its text has come; then `q` until all has ended.
   * Gives what was shown.
   */
  async function onTerminal(command: string, keys: [text: string, key: string][], ...size: Size) {
    const words = [process.execPath, program, command, ...size.map(String)];
    const line = `stty rows 24 cols 80; ${words.map((word) => `'${word}'`).join(' ')}`;
    const child = spawn('script', ['-qec', line, '/dev/null'], { env });
    const shown = gather(child.stdout);
    let from = 0;
    let leaving: NodeJS.Timeout | undefined;
    child.stdin?.on('error', () => {});
    child.stdout?.on('data', () => {
      const [text, key] = keys[0] ?? [];
      if (text === undefined || key === undefined || !shown.text.slice(from).includes(text)) return;
      from = shown.text.length;
      keys.shift();
      child.stdin?.write(key);
      // Once may be too early: less forgets what is typed while it deals with Ctrl-C.
      if (keys.length === 0) leaving = setInterval(() => child.stdin?.write('q'), 100);
    });
    await once(child, 'close');
    clearInterval(leaving);
    return shown.text.replaceAll('\r\n', '\n');
  }

  it('shows the first page, goes to the end, and is left', async () => {
    const keys: [string, string][] = [
      ['23 xxxxx', 'G'],
      ['5000 xxxxx', 'q'],
    ];
    const shown = await onTerminal('less -RXFS', keys, 5000, 5);
    expect(shown).toContain('after\nend paged\n');
  });

  it('is left on its first page of 10 MB', async () => {
    const shown = await onTerminal('less -RXFS', [['23 xxxxx', 'q']], 180_000, 50);
    // What is pressed behind the end is echoed.
    expect(shown).toMatch(/after\n(quit\nq*end quit|q*end paged)\n/);
    expect(shown).not.toContain('\n100 xxx');
  });

  it('takes Ctrl-C without ending us', async () => {
    const shown = await onTerminal('less -RXFS', [['23 xxxxx', '\x03']], 5000, 5);
    expect(shown).toMatch(/end (paged|quit)\n/);
  });
});

describe('ScreenLines', () => {
  const screen = new ScreenLines(10, cellCount('utf8mb4', undefined));
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
  ])('%j: %i', (text, count) => {
    const bytes = Buffer.from(text);
    expect(screen.exceed(bytes, count)).toBe(false);
    if (count > 0) expect(screen.exceed(bytes, count - 1)).toBe(true);
  });
});
