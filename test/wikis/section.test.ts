import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findSection } from '../../src/wikis/section.js';
import { temporaryDirectory } from '../temporary.js';
import { checkout, failureOf } from './checkout.js';

const HEADER = '# NOTE: generated.\n';
const mwConfigPath = checkout({
  's1.dblist': `${HEADER}enwiki\n`,
  's2.dblist': `${HEADER}enwiktionary\nitwiki\n`,
  's3.dblist': 'aawiki\ntestwiki\nzh_min_nanwikisource\narbcom_itwiki\n',
  's10.dblist': 'newwiki\n',
  's1.dbexpr': 'frwiki\n',
  'small.dblist': 'frwiki\n',
  'all.dblist': 'enwiki\nenwiktionary\nitwiki\nhomelesswiki\n',
});
const directory = join(mwConfigPath, 'dblists');

describe('A database is found in its section', () => {
  const file = (name: string) => join(directory, name);
  test.each([
    ['enwiki', false, 's1', 'dblist', file('s1.dblist')],
    ['itwiki', false, 's2', 'dblist', file('s2.dblist')],
    ['aawiki', false, 's3', 'dblist', file('s3.dblist')],
    ['zh_min_nanwikisource', false, 's3', 'dblist', file('s3.dblist')],
    ['newwiki', false, 's10', 'dblist', file('s10.dblist')],
    ['staging', false, 'staging', 'rule', 'staging is always on staging'],
    ['staging', true, 'staging', 'rule', 'staging is always on staging'],
    ['centralauth', false, 's7', 'rule', 'centralauth is always on s7'],
    ['centralauth', true, 's7', 'rule', 'centralauth is always on s7'],
    ['itwiki', true, 'x1', 'use-x1', '--use-x1'],
    ['no such name', true, 'x1', 'use-x1', '--use-x1'],
    ['log', true, 'x1', 'use-x1', '--use-x1'],
    ['wikishared', false, 'x1', 'x1-only', 'wikishared is on x1 alone'],
    ['cognate_wiktionary', false, 'x1', 'x1-only', 'cognate_wiktionary is on x1 alone'],
    ['flowdb', false, 'x1', 'x1-only', 'flowdb is on x1 alone'],
    ['flowdb', true, 'x1', 'use-x1', '--use-x1'],
  ])('%s, --use-x1 %s: %s by %s', (database, useX1, section, source, detail) => {
    expect(findSection(database, { mwConfigPath, useX1 })).toEqual({ section, source, detail });
  });

  test('fixed names and x1 need no checkout', () => {
    const nowhere = { mwConfigPath: '/no/such/directory', useX1: false };
    expect(findSection('staging', nowhere).section).toBe('staging');
    expect(findSection('wikishared', nowhere).section).toBe('x1');
    expect(findSection('itwiki', { ...nowhere, useX1: true }).section).toBe('x1');
  });
});

describe('A line of a dblist names a database whatever surrounds it', () => {
  test.each([
    ['the last line has no newline', 'aawiki\nitwiki', true],
    ['CRLF', 'aawiki\r\nitwiki\r\nzuwiki\r\n', true],
    ['a BOM', '\uFEFFitwiki\n', true],
    ['a BOM before a comment', '\uFEFF# x\nitwiki\n', true],
    ['blanks behind', 'itwiki \t \n', true],
    ['blanks before', '  itwiki\n', true],
    ['a comment behind', 'itwiki # moved\n', true],
    ['a comment at once', 'itwiki#moved\r\n', true],
    ['only a comment names it', '# itwiki\n#itwiki\n', false],
    ['only a comment behind another names it', 'aawiki # itwiki\n', false],
    ['a longer name', 'arbcom_itwiki\nitwikinews\n', false],
    ['in pieces', 'it\nwiki\n', false],
  ])('%s', (_, content, found) => {
    const path = checkout({ 's2.dblist': content, 's3.dblist': 'abwiki\n' });
    const look = () => findSection('itwiki', { mwConfigPath: path, useX1: false });
    if (found) expect(look().section).toBe('s2');
    else expect(failureOf(look)).toMatch(/^unknown-database: /);
  });
});

describe('An unknown database is one line that helps', () => {
  test.each([
    ['itwik', 'did you mean itwiki?'],
    ['iwtiki', 'did you mean itwiki?'],
    ['ITWIKI', 'did you mean itwiki?'],
    ['it.wikipedia', 'did you mean itwiki?'],
    ['https://it.m.wikipedia.org/wiki/Roma', 'did you mean itwiki?'],
    ['itwikipedia', 'did you mean itwiki?'],
    ['it', 'did you mean itwiki?'],
    ['enwiki_p', 'did you mean enwiki?'],
    ['en.wiktionary.org', 'did you mean enwiktionary?'],
    ['zh-min-nan.wikisource', 'did you mean zh_min_nanwikisource?'],
    ['stagin', 'did you mean staging?'],
    ['wikishard', 'did you mean wikishared?'],
  ])('%s: %s', (database, hint) => {
    expect(failureOf(() => findSection(database, { mwConfigPath, useX1: false }))).toBe(
      `unknown-database: Unknown database '${database}': no sN.dblist in ${directory} names it; ${hint} (For a database that is on x1 alone, add --use-x1.)`,
    );
  });

  test.each([
    ['select 1', 'select 1'],
    ['', ''],
    ['quite_another_thing', 'quite_another_thing'],
    ['x\ny\x1b[31m\u202e', 'x\\x0ay\\x1b[31m\\u{202e}'],
    ['.*', '.*'],
    ['../s1', '../s1'],
  ])('nothing is near %j', (database, shown) => {
    expect(failureOf(() => findSection(database, { mwConfigPath, useX1: false }))).toBe(
      `unknown-database: Unknown database '${shown}': no sN.dblist in ${directory} names it. (For a database that is on x1 alone, add --use-x1.)`,
    );
  });

  test('a name in all.dblist alone is told apart', () => {
    expect(failureOf(() => findSection('homelesswiki', { mwConfigPath, useX1: false }))).toBe(
      `wiki-without-section: 'homelesswiki' is in all.dblist, but no sN.dblist in ${directory} says where: say it with --section, or ask for its tables on x1 with --use-x1.`,
    );
  });

  test('log names where its data went', () => {
    expect(failureOf(() => findSection('log', { mwConfigPath, useX1: false }))).toMatch(
      /^log-moved: .*Hive.* event and event_sanitized\.$/,
    );
  });
});

describe('A checkout that cannot serve is one clear line', () => {
  const look = (path: string) =>
    failureOf(() => findSection('itwiki', { mwConfigPath: path, useX1: false }));

  test('no checkout', () => {
    expect(look('/no/such/directory')).toBe(
      'no-mw-config: No directory /no/such/directory/dblists: name a checkout of mediawiki-config with --mw-config-path or ANALYTICS_MYSQL_MW_CONFIG_PATH.',
    );
  });

  test('a file in its place', () => {
    const path = join(temporaryDirectory(), 'file');
    writeFileSync(path, '');
    expect(look(path)).toMatch(/^no-mw-config: /);
  });

  test('an empty directory', () => {
    expect(look(checkout({}))).toMatch(/^no-dblists: .*\/dblists has no s1\.dblist/);
  });

  test('a directory with other lists only', () => {
    expect(look(checkout({ 'all.dblist': 'itwiki\n', 's1-old.dblist': 'itwiki\n' }))).toMatch(
      /^no-dblists: /,
    );
  });

  test('a wiki in two sections', () => {
    const path = checkout({ 's10.dblist': 'itwiki\n', 's2.dblist': 'itwiki\n' });
    expect(look(path)).toBe(
      `wiki-in-two-sections: 'itwiki' is named by s2.dblist and by s10.dblist in ${path}/dblists: say which with --section.`,
    );
  });

  test('a directory in the place of a list, even behind the one that names it', () => {
    const path = checkout({ 's2.dblist': 'itwiki\n' });
    mkdirSync(join(path, 'dblists', 's3.dblist'));
    expect(look(path)).toBe(
      `unreadable-dblist: Cannot read ${path}/dblists/s3.dblist: it is a directory.`,
    );
  });

  // root reads everything
  test.skipIf(process.getuid?.() === 0)('a list and a directory that may not be read', () => {
    const path = checkout({ 's2.dblist': 'itwiki\n' });
    chmodSync(join(path, 'dblists', 's2.dblist'), 0);
    expect(look(path)).toMatch(/^unreadable-dblist: .*: permission denied\.$/);
    chmodSync(join(path, 'dblists'), 0);
    expect(look(path)).toMatch(/^unreadable-mw-config: .*: permission denied\.$/);
    chmodSync(join(path, 'dblists'), 0o700);
  });

  test('a path with odd bytes stays on one line', () => {
    expect(look('/no\n\x1b[2J')).toMatch(
      /^no-mw-config: No directory \/no\\x0a\\x1b\[2J\/dblists: /,
    );
  });
});
