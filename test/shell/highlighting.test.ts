import { describe } from 'vitest';
import { test } from '../farm/on-terminal.js';
import { parseRenditions, type TextRun } from '../farm/renditions.js';

const typed = "select count(*), 'x', 12 from `page` where @v /* c */";

/** Returns the runs of equal style in the line that is being edited. */
function lineRuns(screen: string): TextRun[] {
  const line = parseRenditions(screen).findLast((runs) =>
    runs
      .map(({ text }) => text)
      .join('')
      .startsWith('MariaDB ['),
  );
  return line ?? [];
}

function colorOf(screen: string, text: string): number | undefined {
  return lineRuns(screen).find((run) => run.text.includes(text))?.color;
}

describe.concurrent('highlighting', () => {
  test('colors the parts of a statement while it is typed', async ({ shell, expect }) => {
    const terminal = await shell(['-A', 'itwiki']);
    await terminal.type(typed);
    await terminal.waitFor('/* c */');
    const screen = await terminal.screenWithColors();
    const words = ['select', 'count', "'x'", '12', '@v', '/* c */'];
    const colors = words.map((word) => colorOf(screen, word));
    expect(colors).not.toContain(undefined);
    expect(new Set(colors).size).toBeGreaterThanOrEqual(4);
    expect(colorOf(screen, 'from')).toBe(colorOf(screen, 'select'));
    expect(colorOf(screen, 'MariaDB')).toBeUndefined();
  });

  test('changes when a string is opened or closed', async ({ shell, expect }) => {
    const terminal = await shell(['-A', 'itwiki']);
    await terminal.type("select 'from");
    await terminal.waitFor("'from");
    const string = colorOf(await terminal.screenWithColors(), "'from");
    expect(string).toBeDefined();
    await terminal.press('Home', 'Right', 'Right', 'Right', 'Right', 'Right', 'Right', "'");
    await terminal.waitFor("select' 'from");
    expect(colorOf(await terminal.screenWithColors(), 'from')).not.toBe(string);
  });

  test.for([
    ['NO_COLOR', { NO_COLOR: '1' }],
    ['a dumb terminal', { TERM: 'dumb' }],
    ['a terminal without TERM', { TERM: undefined }],
  ] as const)('is off with %s', async ([, env], { shell, expect }) => {
    const terminal = await shell(['-A', 'itwiki'], { env });
    await terminal.type(`${typed};\n`);
    await terminal.waitForPrompt();
    await terminal.type("select 'NULL', null;\n");
    await terminal.waitFor(/NULL[\s\S]*row in set/);
    await terminal.waitForPrompt();
    const colored = parseRenditions(await terminal.screenWithColors())
      .flat()
      .filter((run) => run.color !== undefined || run.background !== undefined);
    expect(colored).toEqual([]);
    if (!('NO_COLOR' in env)) expect(terminal.rawOutput).not.toContain('\x1b');
  });
});
