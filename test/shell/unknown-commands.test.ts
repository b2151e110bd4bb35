import { describe } from 'vitest';
import { test } from '../farm/on-terminal.js';

const sizes = [
  [80, 24],
  [200, 50],
] as const;

const countErrors = (screen: string) => screen.split('\n').filter((line) => /^ERROR/.test(line));

describe.concurrent('errors in a typed line', () => {
  test.for(sizes)(
    'follow the summaries of the results before them, on %i × %i',
    async ([columns, rows], { shell }) => {
      const terminal = await shell(['-A', 'itwiki'], { columns, rows });
      for (const [text, error] of [
        ['select 1;;', 'No query specified'],
        ['select 1;\\y', "Unknown command '\\\\y'\\."],
        ['select 1;\ndelimiter', "DELIMITER must be followed by a 'delimiter' character or string"],
      ] as const) {
        await terminal.paste(text);
        await terminal.press('Enter');
        await terminal.waitFor(
          new RegExp(`\\| 1 \\|\\n\\+---\\+\\n1 row in set[^\\n]*\\n\\nERROR: ${error}\\n`),
        );
        await terminal.waitForPrompt();
        await terminal.press('C-l');
      }
    },
  );
});

describe.concurrent('an unknown command', () => {
  test('in a statement is reported once, and stays in it', async ({ shell, expect }) => {
    const terminal = await shell(['-A', 'itwiki'], { columns: 80, rows: 24 });
    await terminal.enter('select 1 \\y');
    await terminal.waitFor(/ERROR: Unknown command '\\y'\.\n.*> select 1 \\y\n +->( …)?$/);
    await terminal.press('Enter');
    await terminal.waitFor(/> select 1 \\y\n +->\n +->$/);
    await terminal.type(', 2 \\y');
    await terminal.press('Enter');
    await terminal.waitFor(/, 2 \\y\nERROR.*\n.*> select 1 \\y\n +->\n +-> , 2 \\y\n +->$/);
    await terminal.press('Enter');
    await terminal.waitFor(/ -> , 2 \\y\n +->\n +->$/);
    expect(countErrors(await terminal.screen())).toHaveLength(2);
    // The server rejects it, as in the client, so that nothing else than the typed text runs.
    await terminal.type(';\n');
    await terminal.waitFor(/ERROR 1064 [^"]* near '\\y/);
    await terminal.waitForPromptAgain();
    // A discarded text is forgotten.
    for (const discard of ['\x03', ';\r\x03', '\x03']) {
      await terminal.press('C-l');
      await terminal.enter('select 1 \\y');
      // After the cursor, the rest of an earlier text is suggested.
      await terminal.waitFor(
        /\\y\nERROR: Unknown command '\\y'\.\n.*> select 1 \\y\n +->( [;…])?$/,
      );
      await terminal.typeAtOnce(discard);
      await terminal.waitForPromptAgain();
    }
  });

  test('at the start changes nothing', async ({ shell, expect }) => {
    const terminal = await shell(['-A', 'itwiki'], { columns: 80, rows: 24 });
    for (const name of ['dx', 'tables', 'clip', 'help', 'watchx', 'edit', 'zoo']) {
      await terminal.press('C-l');
      expect(await terminal.run(`\\${name} page`)).toMatch(
        new RegExp(`ERROR: Unknown command '\\\\${name}'\\. Type 'help' for a list\\.\\n[^\\n]*>$`),
      );
    }
    await terminal.run('tee said');
    await terminal.run('warnings');
    await terminal.press('C-l');
    await terminal.run('\\tx');
    await terminal.run('\\wx');
    const screen = await terminal.run('select 1/0; select 2;');
    expect(screen).toMatch(/Warning \(Code 1365\): Division by 0[\s\S]*\| 2 \|/);
    expect(await terminal.run('status')).toMatch(/Using outfile:\t*\s*'said'/);
  });

  test('is not read into words that the client reads as a letter and text', async ({
    shell,
    expect,
  }) => {
    const terminal = await shell(['-A', 'itwiki'], { columns: 80, rows: 24 });
    expect(await terminal.run('select 1\\gselect 2;')).toMatch(/\| 1 \|[\s\S]*\| 2 \|/);
    expect(await terminal.run('\\uitwiki')).toContain('Database changed');
    expect(await terminal.run('\\d//')).not.toContain('ERROR');
    expect(await terminal.run('select 3//')).toMatch(/\| 3 \|/);
  });
});
