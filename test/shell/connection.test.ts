import { describe, inject } from 'vitest';
import { test } from '../farm/on-terminal.js';
import { onServer } from './server.js';

/** Returns the number in the last result of one row and one column. */
function getLastNumber(screen: string): string | undefined {
  return [...screen.matchAll(/^\| +(\d+) \|$/gm)].at(-1)?.[1];
}

describe.concurrent('a lost connection', () => {
  test('is replaced by one to the same section and database, with a notice', async ({
    shell,
    expect,
  }) => {
    const terminal = await shell(['-A', 'itwiki']);
    const id = getLastNumber(await terminal.run('select connection_id();'));
    await onServer(`kill ${id}`);
    await terminal.run('do 0;');
    const screen = await terminal.run('select database(), @@port;');
    expect(screen).toMatch(/\| itwiki +\| +3312 \|/);
    expect(screen).toContain('Trying to reconnect...');
    expect(screen).toMatch(/Connection id: +\d+\nCurrent database: itwiki\n/);
    expect(getLastNumber(await terminal.run('select connection_id();'))).not.toBe(id);
  });

  test('is not replaced with --skip-reconnect, until connect', async ({ shell, expect }) => {
    const terminal = await shell(['-A', '--skip-reconnect', 'itwiki']);
    const id = getLastNumber(await terminal.run('select connection_id();'));
    await onServer(`kill ${id}`);
    await terminal.run('do 0;');
    expect(await terminal.run('select 7;')).toMatch(/ERROR 20\d\d[\s\S]*ERROR 20\d\d/);
    expect(await terminal.screen()).not.toContain('| 7 |');
    await terminal.run('connect');
    expect(await terminal.run('select database();')).toMatch(/\| itwiki +\|/);
  });
});

describe.concurrent('use', () => {
  test('connects to the section of the wiki, and prints a notice of one line', async ({
    shell,
    expect,
  }) => {
    const terminal = await shell(['-A', 'itwiki']);
    const screen = await terminal.run('use enwiki');
    expect(screen).toMatch(/> use enwiki\n[^\n]*\bs1\b[^\n]*\nMariaDB \[enwiki\]>$/);
    expect(await terminal.run('select database(), @@port;')).toMatch(/\| enwiki +\| +3311 \|/);
    expect(await terminal.run('use simplewiki;')).toMatch(/\bs3\b.*\nMariaDB \[simplewiki\]>$/);
    expect(await terminal.run('\\u itwiki')).toMatch(/\bs2\b.*\nMariaDB \[itwiki\]>$/);
    expect(await terminal.run('select database(), @@port;')).toMatch(/\| itwiki +\| +3312 \|/);
  });

  test('keeps the connection for a wiki of the same section', async ({ shell, expect }) => {
    const terminal = await shell(['-A', 'itwiki']);
    const id = getLastNumber(await terminal.run('select connection_id();'));
    expect(await terminal.run('use nlwiki')).toMatch(
      /> use nlwiki\nDatabase changed\nMariaDB \[nlwiki\]>$/,
    );
    expect(getLastNumber(await terminal.run('select connection_id();'))).toBe(id);
  });

  test('fails for an unknown database, and keeps the connection', async ({ shell, expect }) => {
    const terminal = await shell(['-A', 'itwiki']);
    const id = getLastNumber(await terminal.run('select connection_id();'));
    expect(await terminal.run('use nosuchwiki')).toMatch(
      /ERROR 1044.*\nanalytics-mysql: there is no wiki 'nosuchwiki'\nMariaDB \[itwiki\]>$/,
    );
    expect(getLastNumber(await terminal.run('select connection_id();'))).toBe(id);
  });

  test('suggests similar names, and reports that a transaction was rolled back', async ({
    shell,
    expect,
  }) => {
    const terminal = await shell(['-A', 'itwiki']);
    expect(await terminal.run('use enwik')).toMatch(
      /ERROR 1044.*\nanalytics-mysql: there is no wiki 'enwik': did you mean enwiki\?\n/,
    );
    expect(await terminal.run('use de.wikipedia.org')).toMatch(
      /there is no wiki 'de\.wikipedia\.org': did you mean dewiki\?\n/,
    );
    await terminal.run('start transaction;');
    expect(await terminal.run('use enwiki')).toMatch(
      /\bs1\b.*\nThe open transaction was rolled back\.\n/,
    );
    expect(await terminal.run('use itwiki')).toMatch(/\bs2\b.*\nMariaDB \[itwiki\]>$/);
  });

  test('knows the sections of databases that are not wikis', async ({ shell, expect }) => {
    const terminal = await shell(['-A', 'itwiki']);
    expect(await terminal.run('use staging')).toMatch(/\bstaging\b.*\nMariaDB \[staging\]>$/);
    expect(await terminal.run('use centralauth')).toMatch(/\bs7\b.*\nMariaDB \[centralauth\]>$/);
    expect(await terminal.run('select @@port;')).toMatch(/\| +3317 \|/);
  });

  test('never leaves a host that the user named', async ({ both, expect }) => {
    const { ours } = await both(['-A', 'itwiki']);
    await ours.waitForPrompt();
    expect(await ours.run('use enwiki')).toMatch(/ERROR 1044.*\nMariaDB \[itwiki\]>$/);
  });

  test('is the only statement that switches the section', async ({ shell, expect }) => {
    const terminal = await shell(['-A', 'itwiki']);
    expect(await terminal.run('select * from enwiki.page;')).toMatch(/ERROR 1142|ERROR 1044/);
    expect(await terminal.run('select @@port;')).toMatch(/\| +3312 \|/);
  });

  test('says where an unknown table or database is', async ({ shell, expect }) => {
    const terminal = await shell(['-A', 'itwiki'], { columns: 120 });
    const echo = 'analytics-mysql: echo_event is on x1: use --use-x1';
    const enwiki =
      'analytics-mysql: enwiki is on s1, not on s2, and a session has one section: run analytics-mysql enwiki';
    const first = await terminal.run('select 1 from echo_event; select 1 from globaluser;');
    expect(first.split('\n').filter((line) => line.startsWith('analytics-mysql'))).toEqual([echo]);
    expect(await terminal.run('select 1 from enwiki.page;')).toContain(enwiki);
    expect(await terminal.run('use wikipedia')).toContain(
      "'wikipedia' is not a database but a list of wikis: use --wikis wikipedia.",
    );
  });

  test('says nothing about a host that the user named later', async ({ shell, expect }) => {
    const terminal = await shell(['-A', 'itwiki']);
    const { address, port } = inject('farm').endpoints.s2;
    expect(port).toBe(3312);
    expect(await terminal.run(`connect itwiki ${address}`)).toContain('Connection id');
    const screen = await terminal.run('select 1 from echo_event;');
    expect(screen).toMatch(/ERROR 1146.*\nMariaDB \[itwiki\]>$/);
  });

  test('determines the section after a lost connection', async ({ shell, expect }) => {
    const terminal = await shell(['-A', 'itwiki']);
    await terminal.run('use enwiki');
    const id = getLastNumber(await terminal.run('select connection_id();'));
    await onServer(`kill ${id}`, 's1');
    await terminal.run('do 0;');
    expect(await terminal.run('select database(), @@port;')).toMatch(/\| enwiki +\| +3311 \|/);
  });
});
