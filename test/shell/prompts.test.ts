import { describe, inject } from 'vitest';
import { test } from '../farm/on-terminal.js';
import { onServer } from './server.js';

/** Matches the end of the prompts in these tests. */
const promptEnd = />$/;

describe.concurrent('the prompt', () => {
  test('can show wiki, section, host and lag', async ({ ours, expect }) => {
    const prompt = '\\{wiki} \\{section} \\{host} \\{lag}>\\_';
    const terminal = await ours(['-A', `--prompt=${prompt}`, 'itwiki']);
    expect(await terminal.waitForPrompt(promptEnd)).toMatch(/\nitwiki s2 dbstore1007 \S.*>$/);
    expect(await terminal.run('use enwiki', promptEnd)).toMatch(/\nenwiki s1 dbstore1008 \S.*>$/);
    expect(await terminal.run('prompt \\{wiki}/\\{section}>\\_', promptEnd)).toMatch(
      /\nenwiki\/s1>$/,
    );
  });

  test('reads the lag without an effect on the session', async ({ ours, expect }) => {
    const terminal = await ours(['-A', '--prompt=\\{wiki} \\{lag}>\\_', 'itwiki']);
    await terminal.waitForPrompt(promptEnd);
    await terminal.run('select 1/0;', promptEnd);
    expect(await terminal.run('show warnings;', promptEnd)).toMatch(/\| 1365 \| Division by 0 \|/);
  });

  test('works with --section and no database', async ({ ours, expect }) => {
    const terminal = await ours(['-A', '--section=s3', '--prompt=\\{wiki} \\{section}>\\_']);
    expect(await terminal.waitForPrompt(promptEnd)).toMatch(/\n\(none\) s3>$/);
    expect(await terminal.run('use simplewiki', promptEnd)).toMatch(/\nsimplewiki s3>$/);
  });

  test('shows the wiki of a redacted database, which `use` chooses by the wiki', async ({
    ours,
    expect,
  }) => {
    const { host } = inject('farm').endpoints.s2;
    const redacted = ['--redacted', `--redacted-host=${host}`];
    const prompt = '--prompt=\\{wiki} \\{section}>\\_';
    const terminal = await ours(['-A', ...redacted, prompt, 'itwiki']);
    expect(await terminal.waitForPrompt(promptEnd)).toMatch(/\nitwiki s2>$/);
    expect(await terminal.run('use nlwiki', promptEnd)).toMatch(/\nnlwiki s2>$/);
    expect(await terminal.run('select database();', promptEnd)).toContain('| nlwiki_p');
    expect(await terminal.run('use centralauth', promptEnd)).toMatch(
      /no redacted copy of centralauth.*\nnlwiki s2>$/s,
    );
  });

  test('follows a banner with the section and the server', async ({ shell, expect }) => {
    const terminal = await shell(['-A', 'itwiki']);
    const screen = await terminal.screen();
    expect(screen).toMatch(/connection id is \d+\n/);
    expect(screen).toMatch(/\bs2\b.*dbstore1007/);
    expect(screen).toMatch(/Type 'help;' or '\\h' for help\./);
    const silent = await shell(['-A', '-s', 'itwiki']);
    expect(await silent.screen()).toBe('MariaDB [itwiki]>');
  });
});

describe.concurrent('a destructive statement', () => {
  const makeTable = (name: string) =>
    onServer(`create or replace table staging.${name} as select 1 as n union select 2`, 'staging');
  const question = /\(y\/N\)$/;

  test.for([
    ['delete without where', 'asked_delete', 'delete from asked_delete;'],
    ['update without where', 'asked_update', 'update asked_update set n = 3;'],
    ['drop', 'asked_drop', 'drop table asked_drop;'],
    ['truncate', 'asked_truncate', 'truncate asked_truncate;'],
  ] as const)('runs only after confirmation: %s', async ([, name, sql], { shell, expect }) => {
    await makeTable(name);
    const terminal = await shell(['-A', 'staging']);
    for (const answer of ['', 'n', 'what']) {
      await terminal.enter(sql);
      await terminal.waitForPrompt(question);
      await terminal.enter(answer);
      expect(await terminal.waitForPrompt()).not.toMatch(
        /Query OK[^\n]*\n[^+]*\(y\/N\)[\s\S]*Query OK/,
      );
    }
    await terminal.enter(`${sql} select 'rest';`);
    await terminal.waitForPrompt(question);
    await terminal.press('C-c');
    expect(await terminal.waitForPrompt()).not.toContain('| rest |');
    await terminal.enter(sql);
    await terminal.waitForPrompt(question);
    await terminal.typeAtOnce('y\r\x03');
    expect(await terminal.waitForPrompt()).toMatch(/\(y\/N\) y\nThe statement was not run/);
    expect(await terminal.run(`select sum(n) as total from ${name};`)).toMatch(/\| +3 \|/);
    await terminal.enter(sql);
    await terminal.waitForPrompt(question);
    await terminal.enter('y');
    expect(await terminal.waitForPrompt()).toMatch(/\(y\/N\) y\n(Query OK|[\s\S]*Query OK)/);
    const left = await terminal.run(`select sum(n) as total from ${name};`);
    expect(left).toMatch(/\| +6 \||\| +NULL \||doesn't exist/);
    await onServer(`drop table if exists staging.${name}`, 'staging');
  });

  test('runs at once if it has WHERE, or with --skip-destructive-warning', async ({
    shell,
    expect,
  }) => {
    const careful = await shell(['-A', 'staging']);
    await makeTable('asked_never');
    expect(await careful.run('delete from asked_never where n = 1;')).toContain('1 row affected');
    const terminal = await shell(['-A', '--skip-destructive-warning', 'staging']);
    expect(await terminal.run('delete from asked_never;')).toContain('1 row affected');
    expect(await terminal.run('drop table asked_never;')).not.toContain('(y/N)');
  });
});
