import { describe } from 'vitest';
import { test } from '../farm/on-terminal.js';
import { onServer } from './server.js';

const parent = 'owner';
const child = 'owned';

describe.concurrent('commands about the schema', () => {
  test.for([
    [80, 24],
    [200, 50],
  ] as const)('\\d shows a table, on %i × %i', async ([columns, rows], { shell, expect }) => {
    const suffix = `${columns}`;
    await onServer(
      `drop table if exists staging.${child}${suffix}, staging.${parent}${suffix}`,
      'staging',
    );
    await onServer(`create table staging.${parent}${suffix} (id int primary key)`, 'staging');
    await onServer(
      `create table staging.${child}${suffix} (
        id int unsigned auto_increment, name varbinary(255) not null default 'x', text longtext character set utf8mb4,
        parent int, primary key (id), unique key name_id (name(10), id), fulltext key text (text),
        foreign key by_parent${suffix} (parent) references staging.${parent}${suffix} (id))`,
      'staging',
    );
    const terminal = await shell(['-A', 'staging'], { columns, rows: Math.max(rows, 30) });
    const screen = await terminal.run(`\\d ${child}${suffix}`);
    expect(screen).toMatch(/\| Field +\| Type +\| Null \| Key \| Default \| Extra +\|/);
    expect(screen).toMatch(
      /\| id +\| int\(10\) unsigned +\| NO +\| PRI \| NULL +\| auto_increment \|/,
    );
    expect(screen).toMatch(/\| name +\| varbinary\(255\) +\| NO +\| MUL \| (x|x'78') +\|/);
    expect(screen).toMatch(/\| PRIMARY +\| primary key +\| id +\|/);
    expect(screen).toMatch(/\| name_id +\| unique key +\| name\(10\), id +\|/);
    expect(screen).toMatch(/\| text +\| fulltext index \| text +\|/);
    expect(screen).toMatch(/\| by_parent\d+ +\| index +\| parent +\|/);
    expect(screen).toMatch(
      new RegExp(`\\| foreign key +\\| parent references ${parent}${suffix} \\(id\\) +\\|`),
    );
    await terminal.press('C-l');
    // In other words, and with the name of its database.
    for (const name of [
      `\`${child}${suffix}\``,
      `staging.${child}${suffix};`,
      `\`staging\`.\`${parent}${suffix}\`;`,
    ]) {
      await terminal.press('C-l');
      expect(await terminal.run(`\\d ${name}`)).toMatch(/\| PRIMARY +\| primary key +\| id +\|/);
    }
    await terminal.press('C-l');
    expect(await terminal.run('\\d nosuchtable')).toMatch(
      /ERROR 1146 \(42S02\): Table 'staging\.nosuchtable' doesn't exist\n[^\n]*>$/,
    );
    // Other words set the delimiter, as in the client.
    await terminal.run('\\d //');
    expect(await terminal.run(`select 5//`)).toMatch(/\| 5 \|/);
    expect(await terminal.run(`\\d ${parent}${suffix}//`)).toMatch(/\| PRIMARY /);
    await terminal.run('delimiter page');
    expect(await terminal.run('select 6 page')).toMatch(/\| 6 \|/);
    await terminal.run('delimiter ;');
    await onServer(`drop table staging.${child}${suffix}, staging.${parent}${suffix}`, 'staging');
  });

  test('\\dt lists tables', async ({ shell, expect }) => {
    const terminal = await shell(['-A', 'itwiki'], { columns: 80, rows: 24 });
    const all = await terminal.run('\\dt');
    expect(all).toMatch(/\| Table +\| Kind +\| Engine \| Rows \(estimate\) \|/);
    expect(all).toMatch(/\| page +\| table +\| \w+ +\| +\d+ \|/);
    for (const pattern of ['pag_', 'pa%', 'PA*', '"pag?";', 'itwiki.pa*', 'page']) {
      await terminal.press('C-l');
      const some = await terminal.run(`\\dt ${pattern}`);
      expect(some).toMatch(/\| page +\| table /);
      expect(some).not.toMatch(/\| user /);
    }
    await terminal.press('C-l');
    expect(await terminal.run('\\dt information_schema.schemata')).toMatch(
      /\| SCHEMATA +\| system view +\| MEMORY +\|/,
    );
    await terminal.press('C-l');
    expect(await terminal.run('\\dt nosuch')).toContain('Empty set');
    expect(await terminal.run('\\dt a b')).toContain('ERROR: Usage: \\dt [pattern]');
  });

  test('\\dt needs a database', async ({ shell, expect }) => {
    const terminal = await shell(['-A', '--section', 's2'], { columns: 80, rows: 24 });
    expect(await terminal.run('\\dt')).toContain('ERROR: No database is selected; use `use');
    expect(await terminal.run('\\dt itwiki.page')).toMatch(/\| page +\| table /);
  });

  test('\\l lists databases', async ({ shell, expect }) => {
    const terminal = await shell(['-A', 'itwiki'], { columns: 80, rows: 24 });
    expect(await terminal.run('\\l')).toMatch(/\| Database +\|[\s\S]*\| itwiki +\|/);
    await terminal.press('C-l');
    const some = await terminal.run('\\l it*');
    expect(some).toMatch(/\| itwiki +\|/);
    expect(some).not.toContain('information_schema');
    // The commands are no statements: `edit` and `\watch` do not see them, and one in a statement
    // leaves it to be edited.
    await terminal.enter('select 1 \\l itwiki');
    await terminal.waitFor(/\| itwiki +\|[\s\S]*> select 1\n +->$/);
    await terminal.press('C-c');
    await terminal.run('select 42;');
    await terminal.run('\\dt page');
    await terminal.press('C-l');
    await terminal.enter('\\watch 60');
    await terminal.waitFor(/every 60 s[\s\S]*\| 42 \|/);
    await terminal.press('C-c');
    await terminal.waitForPromptAgain();
  });

  test('complete their arguments', async ({ shell }) => {
    const terminal = await shell(['itwiki'], { columns: 80, rows: 24 });
    await terminal.waitUntil('the names', async () => {
      await terminal.press('C-e', 'C-u');
      await terminal.waitForPromptAgain();
      await terminal.type('\\d pag');
      await terminal.press('Tab');
      return terminal.waitFor('\\d page', { timeout: 300 }).then(
        () => true,
        () => false,
      );
    });
  });
});

describe.concurrent('\\x', () => {
  test('switches vertical output', async ({ shell, expect }) => {
    const terminal = await shell(['-A', 'itwiki'], { columns: 80, rows: 24 });
    const wide = "select repeat('w', 100) as w;";
    const vertical = /\*+ 1\. row \*+\nw: w{77}/;
    for (const [command, notice, narrow, isWideVertical] of [
      ['\\x', 'on', /\*+ 1\. row \*+\n1: 1\n/, true],
      ['\\x', 'automatic', /\| 1 \|/, true],
      ['\\x off', 'off', /\| 1 \|/, false],
      ['\\x on', 'on', /\*+ 1\. row \*+\n1: 1\n/, true],
      ['\\x auto', 'automatic', /\| 1 \|/, true],
    ] as const) {
      await terminal.press('C-l');
      expect(await terminal.run(command)).toContain(`Vertical output is ${notice}.`);
      expect(await terminal.run('select 1;')).toMatch(narrow);
      await terminal.press('C-l');
      await terminal.enter(wide);
      if (isWideVertical) {
        await terminal.waitFor(vertical);
      } else {
        await terminal.waitForLess(/^\| w/m);
        await terminal.press('q');
      }
      await terminal.waitForPromptAgain();
    }
    await terminal.run('\\x off');
    expect(await terminal.run('select 1\\G')).toMatch(/\*+ 1\. row \*+\n1: 1\n/);
    expect(await terminal.run('\\x maybe')).toContain(
      "ERROR: \\x: expected on, off or auto but found 'maybe'",
    );
  });

  test('starts from --skip-auto-vertical-output and -E', async ({ shell, expect }) => {
    const off = await shell(['-A', '--skip-auto-vertical-output', 'itwiki']);
    await off.run('\\x');
    expect(await off.run('\\x')).toContain('Vertical output is off.');
    const on = await shell(['-A', '-E', 'itwiki']);
    expect(await on.run('\\x')).toContain('Vertical output is automatic.');
    expect(await on.run('select 1;')).toMatch(/\| 1 \|/);
  });
});
