import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { MenuLine } from '../../src/terminal/completion-menu.js';
import type { Span } from '../../src/terminal/editor-client.js';
import { type EditorView, Layout } from '../../src/terminal/layout.js';
import { Painter } from '../../src/terminal/painter.js';
import { Tmux } from '../farm/tmux.js';

const columns = 30;
const rows = 12;
const options = { columns, rows, rules: 'characters', colors: true } as const;

/** Returns a generator of numbers that depend only on the seed. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return (state >> 8) % below;
  };
}

const pieces = [
  ...[
    'a',
    ' ',
    'SELECT',
    'abc def',
    '\n',
    '\n\n',
    '日本',
    'e\u0301',
    '👍',
    '\t',
    '\x1b[2J',
    '\u202e',
  ],
  ...['x'.repeat(columns - 5), 'y'.repeat(70), '日'.repeat(20), `${'z'.repeat(columns - 6)}日`],
];
const menus: MenuLine[][] = [
  [],
  [{ text: 'one  two', spans: [{ start: 0, end: 3, style: 'selected' }] }],
  [
    { text: 'x'.repeat(columns), spans: [] },
    { text: '1–2 of 3', spans: [] },
  ],
];

function viewOf(text: string, cursor: number, next: (below: number) => number): EditorView {
  const spans: Span[] = Array.from(text.matchAll(/SELECT|y+/g), ({ index, 0: word }) => ({
    start: index,
    end: index + word.length,
    style: word === 'SELECT' ? 'keyword' : 'string',
  }));
  return {
    text,
    cursor,
    prompts: text.split('\n').map((_, index) => (index === 0 ? 'sql> ' : '  -> ')),
    spans,
    mark: { start: 0, end: next(3) },
    suggestion: cursor === text.length && next(2) > 0 ? 'suggested\nmore' : '',
    menu: menus[next(9)] ?? [],
    search: undefined,
  };
}

/** Yields views of a text with one change after the other. */
function* views(seed: number): Generator<EditorView> {
  const next = random(seed);
  let text = '';
  for (let step = 0; step < 40; step++) {
    const start = next(text.length + 1);
    const deleted = next(3) === 0 ? next(40) : 0;
    const inserted = next(3) > 0 ? (pieces[next(pieces.length)] ?? '') : '';
    text = text.slice(0, start) + inserted + text.slice(start + deleted);
    yield viewOf(text, next(4) === 0 ? text.length : start + inserted.length, next);
  }
}

/** Returns the output that paints the views one over the other. */
function paintAll(shown: readonly EditorView[]): string {
  let output = '';
  const painter = new Painter((sequence) => {
    output += sequence;
  });
  const layout = new Layout();
  for (const view of shown) painter.paint(layout.layOut(view, options), { columns, rows });
  return output;
}

describe('painting only the differences gives the same screen as painting the last view', () => {
  const directory = mkdtempSync(join(tmpdir(), 'painter-'));
  let terminal: Tmux;
  let shows = 0;

  beforeAll(async () => {
    const script = 'stty -echo -onlcr; while read -r file; do cat "$file"; done';
    terminal = await Tmux.start(['bash', '-c', script], { columns, rows });
  });
  afterAll(async () => {
    await terminal.close();
    rmSync(directory, { recursive: true, force: true });
  });

  /** Clears the screen and writes `output` to it; returns false if tmux lost some of it. */
  async function show(output: string): Promise<boolean> {
    const file = join(directory, 'output');
    const title = `shown ${++shows}`;
    const whole = `\x1b[H\x1b[J\x1b[3J${output}\x1b]2;${title}\x07`;
    writeFileSync(file, whole);
    await terminal.enter(file);
    await terminal.waitUntil(title, async () => (await terminal.format('#{pane_title}')) === title);
    return terminal.rawOutput.endsWith(Buffer.from(whole).toString('latin1'));
  }

  /** Returns the screen and the cursor after `output` was written. */
  async function screenOf(output: string): Promise<string> {
    // On a busy machine tmux 3.3 sometimes loses the beginning of a program's output.
    let tries = 0;
    while (!(await show(output))) expect(++tries, 'tmux lost some of it').toBeLessThan(5);
    const { row, column } = await terminal.cursor();
    return `${await terminal.screen()}\n${row},${column}`;
  }

  const seeds = Array.from({ length: 25 }, (_, index) => index + 1);
  test.each(seeds)('seed %i', async (seed) => {
    // Skips tall frames: which part of them is visible depends on the earlier views.
    const all = [...views(seed)].filter(({ text }) => text.length < 120 && lineCount(text) < 5);
    expect(all.length).toBeGreaterThan(3);
    expect(await screenOf(paintAll(all))).toBe(await screenOf(paintAll(all.slice(-1))));
  });
});

function lineCount(text: string): number {
  return text.split('\n').length;
}
