import { execFileSync } from 'node:child_process';
import { closeSync, constants, existsSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, vi } from 'vitest';
import { test } from '../farm/on-terminal.js';
import { findRendition, parseRenditions } from '../farm/renditions.js';

describe.concurrent('results on the screen', () => {
  test('a table that is wider than the screen is shown vertically', async ({ shell, expect }) => {
    const terminal = await shell(['-A', 'itwiki'], { columns: 80 });
    const screen = await terminal.run('select * from page where page_id = 1;');
    expect(screen).toMatch(/\*+ 1\. row \*+\n[\s\S]* page_title: Main_Page\n[\s\S]*1 row in set/);
    expect(await terminal.run('select page_id, page_len from page where page_id = 1;')).toMatch(
      /\| +1 \| +37 \|/,
    );
  });

  test('--skip-auto-vertical-output keeps a wide result a table', async ({ shell, expect }) => {
    const terminal = await shell(['-A', '--skip-auto-vertical-output', 'itwiki'], { columns: 80 });
    await terminal.run('nopager');
    const screen = await terminal.run('select * from page where page_id = 1;');
    expect(screen).not.toContain('1. row');
    expect(screen).toContain('| page_id | page_namespace |');
  });

  test('numbers are aligned to the right', async ({ shell, expect }) => {
    const terminal = await shell(['-A', 'itwiki']);
    const screen = await terminal.run("select 7 as number, 'a' as word union select 123, 'bcd';");
    expect(screen).toContain('|      7 | a    |\n|    123 | bcd  |');
  });

  test("NULL looks different from the string 'NULL'", async ({ shell, expect }) => {
    const terminal = await shell(['-A', 'itwiki']);
    await terminal.run("select null as n, 'NULL' as word;");
    const row = parseRenditions(await terminal.screenWithColors()).find(
      (runs) =>
        runs
          .map(({ text }) => text)
          .join('')
          .replaceAll(/[ |]+/g, ' ') === ' NULL NULL ',
    );
    expect(row?.map(({ text, dim }) => dim && text.trim()).filter(Boolean)).toEqual(['NULL']);

    const colourless = await shell(['-A', 'itwiki'], { env: { NO_COLOR: '1' } });
    const screen = await colourless.run("select null as n, 'NULL' as word;");
    expect(screen).toMatch(/\| <NULL> \| NULL \|/);
  });

  test('binary columns show text as text, and other bytes in hexadecimal', async ({
    shell,
    expect,
  }) => {
    const terminal = await shell(['-A', 'itwiki']);
    const sql =
      'select page_id as id, page_title from page where page_id in (23, 25, 36) order by 1;';
    const screen = await terminal.run(sql);
    expect(screen).toMatch(/\| 23 \| emoji 🦉 +\|/);
    expect(screen).toMatch(/\| 25 \| C漢字とカナ +\|/);
    expect(screen).toMatch(/\| 36 \| .*FF.?.?FE.*\|/i);
  });

  test('control characters in the data do not reach the terminal', async ({ shell, expect }) => {
    const terminal = await shell(['-A', 'itwiki'], { columns: 200 });
    const title = await terminal.format('#{pane_title}');
    await terminal.run('nopager');
    for (const sql of [
      "select concat(char(27), ']0;owned', char(7)) as t;",
      "select concat('a', char(27), '[31mred', char(27), '[0m') as t;",
      "select concat('hidden', char(27), '[2J', char(27), '[1;1H') as t\\G",
      "select concat('over', char(13), 'written', char(8), char(8)) as t;",
      'select 1 as `a\x7fb`;',
      'select _latin1 0x9b33316d as c1;',
      "select unhex('c29b33316d') as c1;",
      'select page_title from page where page_id <= 42;',
      'select * from page where page_id <= 42\\G',
      "select concat(char(27), '[31m') from nosuch;",
    ]) {
      await terminal.run(sql);
    }
    expect(await terminal.format('#{pane_title}')).toBe(title);
    const all = terminal.rawOutput;
    expect(all).not.toMatch(/\]0;owned\x07|\x1b\[31m|\x1b\[2J|written\x08|\xc2\x9b|\x9b31m/);
    expect(all).not.toContain('over\rwritten');
    const screen = await terminal.allLines();
    for (const shown of ['owned', 'red', 'hidden', 'written', 'combining'])
      expect(screen).toContain(shown);
    const red = findRendition(await terminal.screenWithColors(), 'red');
    expect(red?.color).toBeUndefined();
  });

  test('the shell uses utf8mb4', async ({ shell, expect }) => {
    const terminal = await shell(['-A', 'itwiki']);
    const sql = "select '🦉' as owl, char_length('🦉') as n, @@character_set_client as c;";
    expect(await terminal.run(sql)).toMatch(/\| 🦉 +\| +1 \| utf8mb4 \|/);
  });
});

describe.concurrent('the pager', () => {
  test('is less, and is not started if the result fits on the screen', async ({
    shell,
    expect,
  }) => {
    const terminal = await shell(['-A', 'itwiki'], { rows: 24 });
    await terminal.run('select page_id from page where page_id < 5;');
    await terminal.enter('select page_id from page where page_id <= 200 order by page_id;');
    const paged = await terminal.waitForLess();
    expect(paged).not.toContain('rows in set');
    await terminal.press('Space');
    await terminal.waitForLess(/\| +40 \|/);
    await terminal.press('q');
    expect(await terminal.waitForPrompt()).toContain('200 rows in set');
    expect(await terminal.run('select 1;')).toMatch(/\| 1 \|[\s\S]*1 row in set/);
  });

  test.for([
    ['PAGER', [], { PAGER: 'sed s/pear/apple/' }, true],
    ['--pager', ['--pager=sed s/pear/apple/'], { PAGER: 'cat' }, true],
    ['--skip-pager', ['--skip-pager'], { PAGER: 'sed s/pear/apple/' }, false],
  ] as const)('is chosen by %s', async ([, args, env, changes], { shell, expect }) => {
    const terminal = await shell(['-A', ...args, 'itwiki'], { rows: 20, env });
    const sql = "select 'pear' from page where page_id <= 100;";
    const screen = await terminal.run(sql);
    expect(screen).toContain('100 rows in set');
    expect(screen).toMatch(changes ? /\| apple \|/ : /\| pear \|/);
    expect(screen).not.toMatch(changes ? /\| pear \|/ : /\| apple \|/);
  });

  test('loses no rows if it cannot be started', async ({ shell, expect }) => {
    const terminal = await shell(['-A', '--pager=no-such-pager', 'itwiki']);
    const screen = await terminal.run('select 5;');
    expect(screen).toMatch(/no-such-pager: not found\n\+-+\+\n\| 5 \|[\s\S]*1 row in set/);
  });

  test('can be quit early, and Ctrl-C in it does not end the shell', async ({ shell, expect }) => {
    const terminal = await shell(['-A', 'itwiki'], { rows: 24 });
    await terminal.enter('select a.page_id from page a, page b;');
    await terminal.waitForLess();
    await terminal.press('C-c');
    // less may drop a key that is typed right after Ctrl-C, which may be visible after its colon.
    // After Ctrl-C, less may treat the input that it has read so far as complete.
    const quit = async () => {
      if (/\n(:|\(END\))[^\n]*$/.test(await terminal.screen())) await terminal.press('q');
      // An extra q may appear at the prompt.
      return /MariaDB \[itwiki\]>( q+)?$/.test(await terminal.screen());
    };
    await terminal.waitUntil('the end of the pager', quit);
    expect(await terminal.screen()).toContain('40000 rows in set');
    await terminal.press('C-u');
    expect(await terminal.run('select 7;')).toMatch(/\| 7 \|[\s\S]*1 row in set/);
  });
});

describe.concurrent('a redirect', () => {
  test('uses the format that the extension of the file implies', async ({ shell, expect }) => {
    const terminal = await shell(['-A', 'itwiki']);
    const file = (name: string) => readFileSync(join(terminal.home, name));
    await terminal.run("select 1 a, null b, 'x,y' c $> x.csv;");
    await terminal.run('select 2 a, 3 b, 4 c $>> x.csv;');
    expect(file('x.csv').toString()).toBe('a,b,c\n1,,"x,y"\n2,3,4\n');
    await terminal.run("select '|' a $> x.wiki;");
    await terminal.run('select 2 a $>> x.wiki;');
    const wikitable = (cell: string) => `{| class="wikitable"\n! a\n|-\n| ${cell}\n|}\n`;
    expect(file('x.wiki').toString()).toBe(wikitable('&#124;') + wikitable('2'));
    await terminal.run("select 1 a, 'x' b $> x.json.gz;");
    expect(JSON.parse(gunzipSync(file('x.json.gz')).toString())).toEqual([{ a: 1, b: 'x' }]);
    await terminal.run('select 1 a $> x.parquet;');
    expect(file('x.parquet').subarray(-4).toString()).toBe('PAR1');
    expect(await terminal.run('select 1 a, 2 a $> y.jsonl;')).toContain(
      "two columns are called 'a'",
    );
    expect(existsSync(join(terminal.home, 'y.jsonl'))).toBe(false);
    expect(await terminal.run('select 1 a $>> x.parquet;')).toContain('cannot be appended to');
    expect(await terminal.run('select 12 * 12;')).toContain('144');
  });

  test('$> and $>> write the result to a file', async ({ shell, expect }) => {
    const terminal = await shell(['-A', 'itwiki']);
    const sql = 'select page_id, page_title from page where page_id in (1, 23)';
    await terminal.run(`${sql} order by 1 $> out.tsv;`);
    const file = join(terminal.home, 'out.tsv');
    expect(readFileSync(file, 'utf8')).toBe('page_id\tpage_title\n1\tMain_Page\n23\temoji 🦉\n');
    await terminal.run('select 3 as three $>> out.tsv;');
    expect(readFileSync(file, 'utf8')).toMatch(/🦉\nthree\n3\n$/);
    expect(await terminal.run('select 4;')).toMatch(/\| 4 \|/);
  });

  test.for(['$>', '$>>'])(
    '%s writes the result to a named pipe, and closes it after the result',
    async (redirect, { shell, expect }) => {
      const terminal = await shell(['-A', 'itwiki']);
      const pipe = join(terminal.home, 'pipe');
      execFileSync('mkfifo', [pipe]);
      const reader = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
      for (const [sql, expectedScreen, expected] of [
        ["select 1 a, 'x' b", '1 row in set', 'a\tb\n1\tx\n'],
        ['select page_id from page where page_id <= 2', '2 rows in set', 'page_id\n1\n2\n'],
        ['select 3 from nowhere', 'ERROR 1146', ''],
      ] as const) {
        expect(await terminal.run(`${sql} ${redirect} ${pipe};`)).toContain(expectedScreen);
        expect(await readToEnd(reader)).toBe(expected);
      }
      closeSync(reader);
      // A pipe without a reader is an error; the shell does not wait for one.
      const unread = await terminal.run(`select 4 ${redirect} ${pipe};`);
      expect(unread).toMatch(/Cannot write '[^']*pipe': ENXIO/);
      expect(await terminal.run('select 5;')).toMatch(/\| 5 \|/);
    },
  );

  test('$| pipes the result to a command', async ({ shell, expect }) => {
    const terminal = await shell(['-A', 'itwiki']);
    const screen = await terminal.run('select page_id from page where page_id <= 3 $| wc -l;');
    expect(screen).toMatch(/\n4\n/);
    expect(await terminal.run('select 5;')).toMatch(/\| 5 \|/);
  });

  // The result is much larger than pipes and buffers.
  const many = 'select seq from seq_1_to_5000000';
  test.for([
    ['ignores that a command closes its input early', `${many} $| head -1;`, /head -1;\nseq\nM/],
    [
      'reports a full disk',
      `${many} $>> /dev/full;`,
      /full;\n5000000 rows[^\n]*\n\nERROR: Cannot write '\/dev\/full': ENOSPC\. Use /,
    ],
  ] as const)(
    '%s, and keeps the connection',
    async ([, sql, expectedScreen], { shell, expect }) => {
      const terminal = await shell(['-A', 'itwiki']);
      const id = await terminal.run('select connection_id() as id;');
      const number = /\| +(\d+) \|/.exec(id)?.[1];
      expect(await terminal.run(sql)).toMatch(expectedScreen);
      expect(await terminal.run('select connection_id();')).toMatch(
        new RegExp(`\\(\\) \\|\\n\\+-+\\+\\n\\| +${number} \\|`),
      );
    },
  );

  test('to a file that cannot be written fails before the statement runs', async ({
    shell,
    expect,
  }) => {
    const terminal = await shell(['-A', 'itwiki']);
    const screen = await terminal.run('select 1 $> /no/such/directory/file;');
    expect(screen).toMatch(/ENOENT|No such file/);
    expect(await terminal.run('select 6;')).toMatch(/\| 6 \|/);
  });
});

/** Reads from a pipe until no process has it open for writing. */
async function readToEnd(reader: number): Promise<string> {
  const bytes = Buffer.alloc(4096);
  let text = '';
  const hasEnded = () => {
    try {
      for (;;) {
        const length = readSync(reader, bytes);
        if (length === 0) return true;
        text += bytes.subarray(0, length);
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      return false;
    }
  };
  await vi.waitUntil(hasEnded, { timeout: 10_000 });
  return text;
}
