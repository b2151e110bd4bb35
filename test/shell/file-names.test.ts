import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { describe } from 'vitest';
import { test } from '../farm/on-terminal.js';

describe.concurrent('the name of a file', () => {
  test('after $> and $>> may be quoted, begin with ~/, and have a comment after it', async ({
    shell,
    expect,
  }) => {
    const terminal = await shell(['-A', 'itwiki'], { columns: 80, rows: 24 });
    const { home } = terminal;
    mkdirSync(join(home, 'other dir'));
    for (const [typed, name] of [
      ['~/home.csv', 'home.csv'],
      ['"two words.csv"', 'two words.csv'],
      ["'a;b -- c.csv';", 'a;b -- c.csv'],
      ['~/"other dir/x.csv" ;', 'other dir/x.csv'],
      ['"~/in quotes.csv"', 'in quotes.csv'],
      ['two words 2.csv', 'two words 2.csv'],
      ["it's.csv", "it's.csv"],
      ['"a \\"quote\\".csv"', 'a "quote".csv'],
      ['comment.csv -- of the line', 'comment.csv'],
      ['comment2.csv; -- of the line', 'comment2.csv'],
      ['a--b -- c.csv', 'a--b'],
    ] as const) {
      const first = await terminal.run(`select 1 as a $> ${typed}`);
      expect(first).toMatch(/1 row in set[^\n]*\n\n[^\n]*>$/);
      await terminal.run(`select 2 as a $>> ${typed}`);
      const expected = name.endsWith('.csv') ? 'a\n1\n2\n' : 'a\n1\na\n2\n';
      expect([name, readFileSync(join(home, name), 'utf8')]).toEqual([name, expected]);
      await terminal.press('C-l');
    }
    const { username, homedir } = userInfo();
    const message = await terminal.run(`select 1 $> ~${username}/no-such/x.csv`);
    // The terminal may break the line anywhere.
    const withoutSpaces = (text: string) => text.replaceAll(/\s/g, '');
    expect(withoutSpaces(message)).toContain(
      withoutSpaces(
        `ERROR: Cannot write '${homedir}/no-such/x.csv': ENOENT. The statement was not run`,
      ),
    );
    // An unknown user's name stays as it is.
    expect(await terminal.run('select 1 $> ~nosuchuser/x.csv')).toContain(
      "Cannot write '~nosuchuser/x.csv': ENOENT",
    );
    expect(await terminal.run('select 1 $> -- x')).toContain('$> must be followed by a file name');
    // A program gets its arguments unchanged.
    expect(await terminal.run('select 1 as a $| cat -- -')).toMatch(/cat -- -\na\n1\n/);
  });

  test('with an unknown extension is an error', async ({ shell, expect }) => {
    const terminal = await shell(['-A', 'itwiki'], { columns: 200, rows: 50 });
    for (const [typed, extension] of [
      ['x.cvs', '.cvs'],
      ['x.json2.gz', '.json2'],
      ['x.csv; select 2;', '.csv; select 2'],
    ] as const) {
      const name = typed.replace(/;$/, '');
      await terminal.press('C-l');
      expect(await terminal.run(`select 1 $> ${typed}`)).toContain(
        `ERROR: Cannot write '${name}': '${extension}' implies no format; use .tsv .csv .json .jsonl .parquet ` +
          '.txt .html .xml .md .wiki, or a name without an extension. The statement was not run',
      );
      expect(existsSync(join(terminal.home, name))).toBe(false);
    }
    for (const name of ['plain', '.hidden', 'plain.gz', '/dev/null']) {
      expect(await terminal.run(`select 1 $> ${name};`)).toMatch(/1 row in set[^\n]*\n\n[^\n]*>$/);
    }
    expect(readFileSync(join(terminal.home, '.hidden'), 'utf8')).toBe('1\n1\n');
  });

  test('after tee and source is read in the same way', async ({ shell, expect }) => {
    const terminal = await shell(['-A', 'itwiki'], { columns: 80, rows: 24 });
    const { home } = terminal;
    writeFileSync(join(home, 'a script.sql'), "select 'sourced' as word;\n");
    for (const [index, line] of [
      'source "a script.sql"',
      'source ~/a script.sql',
      'source ~/"a script.sql" -- a comment',
      "source 'a script.sql';",
      '\\. "~/a script.sql" -- a comment',
    ].entries()) {
      await terminal.press('C-l');
      expect([index, await terminal.run(line)]).toEqual([
        index,
        expect.stringMatching(/\| sourced \|/),
      ]);
    }
    expect(await terminal.run('source "no such.sql"')).toContain(
      "Failed to open file 'no such.sql', error: 2",
    );
    expect(await terminal.run('source -- nothing')).toContain('Usage: \\. <filename>');
    expect(await terminal.run('tee ~/"a log" -- a comment')).toContain(
      `Logging to file '${home}/a log'`.slice(0, 60),
    );
    await terminal.run('select 12 * 12;');
    await terminal.run('notee');
    expect(readFileSync(join(home, 'a log'), 'utf8')).toContain(' 144 |');
    expect((await terminal.run('tee ~/no such/log;')).replaceAll('\n', '')).toContain(
      `Can't create/write to file '${home}/no such/log'`,
    );
  });
});
