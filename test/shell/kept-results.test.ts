import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from 'vitest';
import { test } from '../farm/on-terminal.js';
import type { Tmux } from '../farm/tmux.js';

/** A result that differs each time that the server is asked. */
const random = 'select seq, uuid() as id from seq_1_to_3';

const idsOf = (text: string) => text.match(/[0-9a-f]{8}-[0-9a-f-]{27}/g);

async function statementCount(terminal: Tmux): Promise<string | undefined> {
  const text = await terminal.run("show session status like 'Questions';");
  return /\| Questions +\| (\d+)/.exec(text)?.[1];
}

describe.concurrent('\\again', () => {
  test.for([
    [80, 24],
    [200, 50],
  ] as const)(
    'shows and writes the last result, on %i × %i',
    async ([columns, rows], { shell, expect }) => {
      const terminal = await shell(['-A', 'itwiki'], { columns, rows });
      const file = (name: string) => readFileSync(join(terminal.home, name), 'utf8');
      expect(await terminal.run('\\again')).toContain('ERROR: There is no result to show again');
      const ids = idsOf(await terminal.run(`${random};`));
      expect(ids).toHaveLength(3);
      await terminal.press('C-l');
      const again = await terminal.run('\\again');
      expect(idsOf(again)).toEqual(ids);
      expect(again).toMatch(/\| seq \| id +\|[\s\S]*3 rows in set/);
      await terminal.press('C-l');
      const vertical = await terminal.run('\\again \\G');
      expect(vertical).toMatch(/\*+ 3\. row \*+\nseq: 3\n id: /);
      expect(idsOf(vertical)).toEqual(ids);
      expect(await terminal.run('\\again $> all.csv')).toMatch(/3 rows in set/);
      expect(file('all.csv')).toBe(`seq,id\n${ids?.map((id, n) => `${n + 1},${id}\n`).join('')}`);
      await terminal.run('\\again $>> all.csv;');
      expect(idsOf(file('all.csv'))).toEqual([...(ids ?? []), ...(ids ?? [])]);
      await terminal.press('C-l');
      expect(await terminal.run('\\again $| wc -l')).toMatch(/\n4\n/);
      // Statements without rows, failing ones and commands about the schema leave it alone.
      await terminal.run('set @a = 1;');
      await terminal.run('select nosuch;');
      await terminal.run('use staging');
      await terminal.run('\\l');
      await terminal.run('\\again $> last.json;');
      expect(idsOf(file('last.json'))).toEqual(ids);
      await terminal.press('C-l');
      expect(await terminal.run('\\again x.csv')).toContain('ERROR: Usage: \\again');
      expect(await terminal.run('\\again $> /no/such/x.csv')).toContain(
        "Cannot write '/no/such/x.csv': ENOENT. The result is still kept",
      );
    },
  );

  test('does not ask the server', async ({ shell, expect }) => {
    const terminal = await shell(['-A', 'itwiki']);
    const before = Number(await statementCount(terminal));
    await terminal.press('C-l');
    for (let round = 0; round < 3; round++) await terminal.run('\\again $> count.tsv');
    expect(Number(await statementCount(terminal))).toBe(before + 1);
  });

  test('keeps what was written to a file, a program, or a full disk', async ({ shell, expect }) => {
    const terminal = await shell(['-A', 'itwiki'], { columns: 200, rows: 50 });
    await terminal.run(`${random} $> first.csv`);
    await terminal.run('\\again $> second.csv');
    const read = (name: string) => readFileSync(join(terminal.home, name), 'utf8');
    expect(read('second.csv')).toBe(read('first.csv'));
    const many = 'select seq from seq_1_to_300000';
    expect(await terminal.run(`${many} $>> /dev/full`)).toContain(
      "Cannot write '/dev/full': ENOSPC. Use \\again $> FILE to write the result elsewhere",
    );
    expect(await terminal.run('\\again $>> /dev/full')).toContain("'/dev/full': ENOSPC");
    await terminal.run('\\again $> many.tsv');
    expect(read('many.tsv').trimEnd().split('\n')).toHaveLength(300_001);
  });

  test('keeps large results in a file without a name', async ({ shell, expect }) => {
    const terminal = await shell(['-A', 'itwiki'], { columns: 80, rows: 24 });
    // 60 MB.
    const sql = "select seq, repeat('x', 1000) as x from seq_1_to_60000";
    expect(await terminal.run(`${sql} $> large.tsv`)).toContain('60000 rows in set (');
    await terminal.run('\\again $> again.tsv');
    execFileSync('cmp', [join(terminal.home, 'large.tsv'), join(terminal.home, 'again.tsv')]);
    // Quitting the pager, or a program that does not read it all, leaves it complete.
    await terminal.enter('\\again');
    await terminal.waitForLess(/^\| seq +\| x/m);
    await terminal.press('q');
    await terminal.waitForPromptAgain();
    await terminal.run('\\again $| head -1');
    await terminal.enter('\\again $| (echo it began >&2; sleep 60)');
    await terminal.waitFor(/^it began$/m);
    await terminal.press('C-c');
    await terminal.waitForPromptAgain();
    expect(await terminal.run('\\again $| wc -l')).toMatch(/\n60001\n/);
  });

  test('the summary says that a result is not kept', async ({ shell, expect }) => {
    const terminal = await shell(['-A', 'itwiki'], {
      columns: 200,
      rows: 50,
      env: { TMPDIR: '/no/such' },
    });
    await terminal.run('select 1;');
    const sql = "select repeat('x', 1000) as x from seq_1_to_40000";
    const note = "not kept for \\again: there is no room for it in '/no/such'; set TMPDIR";
    expect(await terminal.run(`${sql} $| wc -l`)).toMatch(
      new RegExp(`40001\\n40000 rows in set, ${note.replace('\\', '\\\\')} \\(`),
    );
    expect(await terminal.run('\\again $> x.tsv')).toContain(
      `ERROR: The last result was not kept: ${note.slice('not kept for \\again: '.length)}`,
    );
    expect(existsSync(join(terminal.home, 'x.tsv'))).toBe(false);
    await terminal.run('select 7;');
    expect(await terminal.run('\\again')).toMatch(/\| 7 \|[\s\S]*\| 7 \|/);
  });

  test('the sandbox refuses files', async ({ shell, expect }) => {
    const terminal = await shell(['-A', '--sandbox', 'itwiki']);
    await terminal.run('select 1;');
    expect(await terminal.run('\\again $> x')).toContain('Not allowed in the sandbox mode');
  });
});

describe.concurrent('the format of results', () => {
  test('is set by \\format', async ({ shell, expect }) => {
    const terminal = await shell(['-A', 'itwiki'], { columns: 80, rows: 24 });
    const sql = "select 1 as a, 'x,y' as b";
    for (const [name, shown] of [
      ['csv', /\na,b\n1,"x,y"\n1 row in set/],
      ['json', /\n\[\n? *\{"a": ?1, ?"b": ?"x,y"\}\n?\]\n1 row in set/],
      ['jsonl', /\n\{"a":1,"b":"x,y"\}\n1 row in set/],
      ['tsv', /\na\tb\n1\tx,y\n|\na +b\n1 +x,y\n1 row in set/],
      ['markdown', /\n\| a \| b +\|\n\|[ :-]+\|[ :-]+\|\n\| 1 \| x,y \|\n1 row/],
      ['wikitable', /\n\{\| class="wikitable"\n/],
      ['html', /<TABLE BORDER=1><TR><TH>a<\/TH>/],
      ['xml', /<field name="b">x,y<\/field>/],
      ['vertical', /\*+ 1\. row \*+\na: 1\nb: x,y\n1 row/],
      ['table', /\n\| a \| b +\|\n\+---\+-----\+\n\| 1 \| x,y \|/],
    ] as const) {
      await terminal.press('C-l');
      expect(await terminal.run(`\\format ${name}`)).toContain(`The format is ${name}.`);
      expect(await terminal.run(`${sql};`)).toMatch(shown);
    }
    // As a file it is what the file's name says, else the format.
    await terminal.run('\\format json');
    await terminal.run(`${sql} $> x.csv`);
    await terminal.run(`${sql} $> plain`);
    const read = (name: string) => readFileSync(join(terminal.home, name), 'utf8');
    expect(read('x.csv')).toBe('a,b\n1,"x,y"\n');
    expect(JSON.parse(read('plain'))).toEqual([{ a: 1, b: 'x,y' }]);
    await terminal.press('C-l');
    expect(await terminal.run(`${sql} $>> plain`)).toContain('cannot be appended to');
    expect(await terminal.run(`${sql} $| tr a-z A-Z`)).toMatch(/\{"A": ?1, ?"B": ?"X,Y"\}/);
    // A format that cannot write a result says so, and the connection stays usable.
    expect(await terminal.run('select 1 as a, 2 as a;')).toContain("two columns are called 'a'");
    await terminal.press('C-l');
    expect(await terminal.run('\\format parquet')).toContain('The format is parquet.');
    expect(await terminal.run('select 1;')).toContain(
      'parquet is not text; end the statement with $> F',
    );
    await terminal.run('select 1 $| cat > piped.parquet');
    expect(read('piped.parquet').slice(-4)).toBe('PAR1');
    expect(await terminal.run('\\format nosuch')).toContain(
      'ERROR: \\format: expected tsv, csv, json, jsonl, parquet, table, vertical, html,',
    );
    expect(await terminal.run('\\format')).toContain('The format is table.');
    expect(await terminal.run('select 8;')).toMatch(/\| 8 \|/);
    await terminal.press('C-l');
    expect(await terminal.run('select 9\\G')).toMatch(/\*+ 1\. row \*+\n9: 9/);
  });

  test('a long one goes through the pager', async ({ shell, expect }) => {
    const terminal = await shell(['-A', '--format=csv', 'itwiki'], { columns: 80, rows: 24 });
    await terminal.enter('select seq from seq_1_to_100;');
    expect(await terminal.waitForLess(/^seq\n1\n2\n/)).not.toContain('100');
    await terminal.press('q');
    await terminal.waitForPromptAgain();
  });

  test('starts from --format', async ({ shell, expect }) => {
    const csv = await shell(['-A', '--format=csv', 'itwiki']);
    expect(await csv.run("select 1 as a, 'é' as b;")).toMatch(/\na,b\n1,é\n1 row in set/);
    await csv.run('\\x auto');
    expect(await csv.run('select 1;')).toMatch(/\| 1 \|/);
    expect(await csv.run('\\format')).toContain('The format is csv.');
    const table = await shell(['-A', '--format=table', 'itwiki']);
    expect(await table.run('select 1\\G')).toMatch(/1\. row/);
  });
});
