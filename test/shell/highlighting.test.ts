import { describe } from 'vitest';
import { test } from '../farm/on-terminal.js';
import { type Run, renditions } from '../farm/renditions.js';

const typed = "select count(*), 'x', 12 from `page` where @v /* c */";

/** The runs of the line that is being edited, behind the prompt. */
function lineRuns(screen: string): Run[] {
  const line = renditions(screen).findLast((runs) =>
    runs
      .map(({ text }) => text)
      .join('')
      .startsWith('MariaDB ['),
  );
  return line ?? [];
}

function colourOf(screen: string, text: string): number | undefined {
  return lineRuns(screen).find((run) => run.text.includes(text))?.colour;
}

describe.concurrent('highlighting', () => {
  test('tells the parts of a statement apart while it is typed', async ({ shell, expect }) => {
    const terminal = await shell(['-A', 'itwiki']);
    await terminal.type(typed);
    await terminal.waitFor('/* c */');
    const screen = await terminal.screenWithColours();
    const words = ['select', 'count', "'x'", '12', '@v', '/* c */'];
    const colours = words.map((word) => colourOf(screen, word));
    expect(colours).not.toContain(undefined);
    expect(new Set(colours).size).toBeGreaterThanOrEqual(4);
    expect(colourOf(screen, 'from')).toBe(colourOf(screen, 'select'));
    expect(colourOf(screen, 'MariaDB')).toBeUndefined();
  });

  test('follows what is opened and closed', async ({ shell, expect }) => {
    const terminal = await shell(['-A', 'itwiki']);
    await terminal.type("select 'from");
    await terminal.waitFor("'from");
    const string = colourOf(await terminal.screenWithColours(), "'from");
    expect(string).toBeDefined();
    await terminal.press('Home', 'Right', 'Right', 'Right', 'Right', 'Right', 'Right', "'");
    await terminal.waitFor("select' 'from");
    expect(colourOf(await terminal.screenWithColours(), 'from')).not.toBe(string);
  });

  test.for([
    ['NO_COLOR', { NO_COLOR: '1' }],
    ['a terminal that is dumb', { TERM: 'dumb' }],
    ['a terminal without a name', { TERM: undefined }],
  ] as const)('is not there for %s', async ([, env], { shell, expect }) => {
    const terminal = await shell(['-A', 'itwiki'], { env });
    await terminal.type(`${typed};\n`);
    await terminal.waitForPrompt();
    await terminal.type("select 'NULL', null;\n");
    await terminal.waitFor(/NULL[\s\S]*row in set/);
    await terminal.waitForPrompt();
    const coloured = renditions(await terminal.screenWithColours())
      .flat()
      .filter((run) => run.colour !== undefined || run.background !== undefined);
    expect(coloured).toEqual([]);
    if (!('NO_COLOR' in env)) expect(terminal.rawOutput).not.toContain('\x1b');
  });
});
