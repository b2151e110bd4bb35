import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findSection } from '../../src/wikis/section.js';
import { temporaryDirectory } from '../temporary-directory.js';
import { catchFailure, createCheckout } from './checkout.js';

const HEADER = '# NOTE: generated.\n';
const mwConfigPath = createCheckout({
  's1.dblist': `${HEADER}enwiki\n`,
  's2.dblist': `${HEADER}enwiktionary\nitwiki\n`,
  's3.dblist': 'aawiki\ntestwiki\nzh_min_nanwikisource\narbcom_itwiki\n',
  's10.dblist': 'newwiki\n',
  's1.dbexpr': 'frwiki\n',
  'small.dblist': 'frwiki\n',
  'group-one.dblist': 'frwiki\n',
  'open.dbexpr': 'small\n',
  'all.dblist': 'enwiki\nenwiktionary\nitwiki\nhomelesswiki\n',
});
const directory = join(mwConfigPath, 'dblists');

describe('findSection', () => {
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
    ['wikishared', false, 'x1', 'x1-only', 'wikishared is only on x1'],
    ['cognate_wiktionary', false, 'x1', 'x1-only', 'cognate_wiktionary is only on x1'],
    ['flowdb', false, 'x1', 'x1-only', 'flowdb is only on x1'],
    ['flowdb', true, 'x1', 'use-x1', '--use-x1'],
  ])('finds %s with --use-x1 %s in %s by %s', (database, useX1, section, source, detail) => {
    expect(findSection(database, { mwConfigPath, useX1 })).toEqual({ section, source, detail });
  });

  test('needs no checkout for fixed sections and x1', () => {
    const nowhere = { mwConfigPath: '/no/such/directory', useX1: false };
    expect(findSection('staging', nowhere).section).toBe('staging');
    expect(findSection('wikishared', nowhere).section).toBe('x1');
    expect(findSection('itwiki', { ...nowhere, useX1: true }).section).toBe('x1');
  });
});

describe('findSection finds a database in a dblist', () => {
  test.each([
    ['on a last line without a newline', 'aawiki\nitwiki', true],
    ['on a line that ends with CRLF', 'aawiki\r\nitwiki\r\nzuwiki\r\n', true],
    ['after a BOM', '\uFEFFitwiki\n', true],
    ['after a BOM and a comment', '\uFEFF# x\nitwiki\n', true],
    ['before spaces', 'itwiki \t \n', true],
    ['after spaces', '  itwiki\n', true],
    ['before a comment', 'itwiki # moved\n', true],
    ['directly before a comment', 'itwiki#moved\r\n', true],
    ['but not in a comment', '# itwiki\n#itwiki\n', false],
    ['but not in a comment after another name', 'aawiki # itwiki\n', false],
    ['but not as a part of a longer name', 'arbcom_itwiki\nitwikinews\n', false],
    ['but not split over two lines', 'it\nwiki\n', false],
  ])('%s', (_, content, found) => {
    const path = createCheckout({ 's2.dblist': content, 's3.dblist': 'abwiki\n' });
    const findItwiki = () => findSection('itwiki', { mwConfigPath: path, useX1: false });
    if (found) expect(findItwiki().section).toBe('s2');
    else expect(catchFailure(findItwiki)).toMatch(/^unknown-database: /);
  });
});

describe('findSection reports an unknown database on one line', () => {
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
  ])('%s, with the hint: %s', (database, hint) => {
    expect(catchFailure(() => findSection(database, { mwConfigPath, useX1: false }))).toBe(
      `unknown-database: Unknown database '${database}': it is in no sN.dblist of '${directory}'; ${hint} (Use --use-x1 for a database that is only on x1.)`,
    );
  });

  test.each([
    ['', ''],
    ['quite_another_thing', 'quite_another_thing'],
    ['x\x1b[31m\u202e', 'x\\x1b[31m\\u{202e}'],
    ['.*', '.*'],
    ['../s1', '../s1'],
  ])('%j, without a hint', (database, shown) => {
    expect(catchFailure(() => findSection(database, { mwConfigPath, useX1: false }))).toBe(
      `unknown-database: Unknown database '${shown}': it is in no sN.dblist of '${directory}'. (Use --use-x1 for a database that is only on x1.)`,
    );
  });

  const expression = (text: string) =>
    `'${text}' is not a database: use --wikis '${text}' for several wikis.`;
  test.each([
    [
      'x1',
      "'x1' is not a database but a section with tables of all wikis: use itwiki --use-x1 for one wiki, or --section x1.",
    ],
    [
      's2',
      "'s2' is not a database but a section: use --wikis s2 for all its wikis, or --section s2.",
    ],
    ['group-one', "'group-one' is not a database but a list of wikis: use --wikis group-one."],
    ['open.dbexpr', "'open.dbexpr' is not a database but a list of wikis: use --wikis open."],
    ['itwiki,enwiki', expression('itwiki,enwiki')],
    ['itwiki, enwiki', expression('itwiki, enwiki')],
    ['*wiktionary', expression('*wiktionary')],
    ['@mine.txt', expression('@mine.txt')],
    ['wikipedia - closed,private', expression('wikipedia - closed,private')],
    [
      "select 'secret' from page",
      "'select …' is not a database: name a wiki, and write SQL in quotes after -e.",
    ],
    [
      'select a,b from page',
      "'select …' is not a database: name a wiki, and write SQL in quotes after -e.",
    ],
    [
      'select * from page',
      "'select …' is not a database: name a wiki, and write SQL in quotes after -e.",
    ],
    [
      'dir/q.sql',
      "'dir/q.sql' is not a database: name a wiki, and give a file of SQL on standard input (< dir/q.sql).",
    ],
  ])('%s, with how to ask it', (database, text) => {
    expect(catchFailure(() => findSection(database, { mwConfigPath, useX1: false }))).toBe(
      `unknown-database: ${text}`,
    );
  });

  test('a wiki that is only in all.dblist, with its own message', () => {
    expect(catchFailure(() => findSection('homelesswiki', { mwConfigPath, useX1: false }))).toBe(
      `wiki-without-section: 'homelesswiki' is in all.dblist but in no sN.dblist of '${directory}': use --section to name its section, or --use-x1 for its tables on x1.`,
    );
  });

  test('log, with the new location of its data', () => {
    expect(catchFailure(() => findSection('log', { mwConfigPath, useX1: false }))).toMatch(
      /^log-moved: .*Hive.* event and event_sanitized\.$/,
    );
  });
});

describe('findSection reports an unusable checkout on one line', () => {
  const findItwiki = (path: string) =>
    catchFailure(() => findSection('itwiki', { mwConfigPath: path, useX1: false }));

  test('a missing checkout', () => {
    expect(findItwiki('/no/such/directory')).toBe(
      "no-mw-config: No directory '/no/such/directory/dblists': use --mw-config-path or ANALYTICS_MYSQL_MW_CONFIG_PATH to name a checkout of mediawiki-config.",
    );
  });

  test('a file in place of the checkout', () => {
    const path = join(temporaryDirectory(), 'file');
    writeFileSync(path, '');
    expect(findItwiki(path)).toMatch(/^no-mw-config: /);
  });

  test('an empty directory', () => {
    expect(findItwiki(createCheckout({}))).toMatch(/^no-dblists: '.*\/dblists' has no sN\.dblist/);
  });

  test('a directory with only other lists', () => {
    expect(
      findItwiki(createCheckout({ 'all.dblist': 'itwiki\n', 's1-old.dblist': 'itwiki\n' })),
    ).toMatch(/^no-dblists: /);
  });

  test('a wiki in two sections', () => {
    const path = createCheckout({ 's10.dblist': 'itwiki\n', 's2.dblist': 'itwiki\n' });
    expect(findItwiki(path)).toBe(
      `wiki-in-two-sections: 'itwiki' is in s2.dblist and in s10.dblist of '${path}/dblists': use --section to choose one.`,
    );
  });

  test('a directory in place of a list, even after the list that contains the wiki', () => {
    const path = createCheckout({ 's2.dblist': 'itwiki\n' });
    mkdirSync(join(path, 'dblists', 's3.dblist'));
    expect(findItwiki(path)).toBe(
      `unreadable-dblist: Cannot read '${path}/dblists/s3.dblist': it is a directory.`,
    );
  });

  // root can read everything.
  test.skipIf(process.getuid?.() === 0)('a list and a directory without read permission', () => {
    const path = createCheckout({ 's2.dblist': 'itwiki\n' });
    chmodSync(join(path, 'dblists', 's2.dblist'), 0);
    expect(findItwiki(path)).toMatch(/^unreadable-dblist: .*: permission denied\.$/);
    chmodSync(join(path, 'dblists'), 0);
    expect(findItwiki(path)).toMatch(/^unreadable-mw-config: .*: permission denied\.$/);
    chmodSync(join(path, 'dblists'), 0o700);
  });

  test('a path with control characters', () => {
    expect(findItwiki('/no\n\x1b[2J')).toMatch(
      /^no-mw-config: No directory '\/no\\x0a\\x1b\[2J\/dblists': /,
    );
  });
});
