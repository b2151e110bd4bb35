import { describe, expect, it } from 'vitest';
import { defaultSqlMode } from '../../src/protocol/sql-mode.js';
import { allCases } from './cases/index.js';
import { completeAt, kindsAt, names, options, putIn, textsAt } from './names.js';

describe.each(Object.entries(allCases))('the first candidate is put in: %s', (_axis, cases) => {
  it.each(cases)('%s', (marked, expected) => {
    expect(putIn(marked)).toBe(expected);
  });
});

/** The text, and all that is offered. */
const offered: [string, string][] = [
  ['select p.| from page p join revision r on 1', 'page_id page_namespace page_title'],
  ['select * from page p join revision r on r.|', 'rev_id rev_page rev_timestamp'],
  ['select nosuch.| from page p', ''],
  // What everybody means is alone, so that Tab puts it in.
  ['sel|', 'select'],
  ['us|', 'use'],
  ['select * fro|', 'from'],
  ['select * from page wh|', 'where'],
  ['select * from page ord|', 'order by'],
  ['select page_t| from page', 'page_title'],
  ['desc page |', 'page_id page_namespace page_title'],
  ['alter table page modify |', 'page_id page_namespace page_title'],
  ['select * from page use index (|', ''],
  ['insert into page (|', 'page_id page_namespace page_title'],
  [
    'update page p join revision r set |',
    'page_id page_namespace page_title rev_id rev_page rev_timestamp',
  ],
  ['select * from enwiki_p.|', ''],
  ['show tables from |', 'enwiki_p information_schema itwiki `odd-one`'],
  [
    'select `page_| from page',
    '`page_id` `page_namespace` `page_title` `page_props`. `page_view`.',
  ],
  [
    'select * from |',
    'actor `odd-name` `order` page page_props page_view revision user enwiki_p. information_schema. itwiki. `odd-one`.',
  ],
  // Names that there are not yet.
  ['create table |', ''],
  ['create view |', ''],
  ['select page_id as | from page', ''],
  ['select * from page as |', ''],
  ['create database |', ''],
  // Strings, comments, numbers, variables.
  ["select 'pa|' from page", ''],
  ["select 'pa|", ''],
  ['select "pa|" from page', ''],
  ["select 'it''s pa|' from page", ''],
  ['select /* pa| */ 1 from page', ''],
  ['select /* pa|', ''],
  ['select 1 -- pa|', ''],
  ['select 1 -- pa|\nfrom page', ''],
  ['select 1 # pa|', ''],
  ['select 1|', ''],
  ['select @pa|', ''],
  ['select @@pa|', ''],
];

describe('all that is offered', () => {
  it.each(offered)('%s', (marked, expected) => {
    expect(textsAt(marked)).toBe(expected);
  });
});

describe('the order', () => {
  it.each([
    ['select p| from page', 'page_id page_namespace page_title page. password( percentile_cont('],
    ['select | from page', 'page_id page_namespace page_title page. abs('],
    ['select | from page p', 'page_id page_namespace page_title p. abs('],
    // What begins so, then what has a part that does, then what holds it.
    ['select * from pa|', 'page page_props page_view'],
    ['select * from re|', 'revision'],
    ['select nam| from user join actor', 'name_const( actor_name user_name'],
    ['select page_id| from page join page_view', 'page_id'],
  ])('%s', (marked, expected) => {
    expect(textsAt(marked).slice(0, expected.length)).toBe(expected);
  });
});

describe('the kinds', () => {
  it.each([
    ['select p| from page p', 'page_id column, page_namespace column, page_title column, p. alias'],
    ['select * from page_|', 'page_props table, page_view view'],
    ['select * from itwi|', 'itwiki. database'],
    ['use |', 'dewiki wiki, enwiki wiki, enwiki_p database'],
    ['sel|', 'select keyword'],
    ['select concat_w|', 'concat_ws( function'],
    ['stat|', 'status command'],
    ['\\f sl|', 'slow query'],
    ['set names utf8mb4|', 'utf8mb4 charset'],
    ['select 1 as total from page group by tot|', 'total alias'],
  ])('%s', (marked, expected) => {
    expect(kindsAt(marked, expected)).toBe(expected);
  });
});

describe('without names', () => {
  const empty = { databases: [], wikis: [], tables: [], columns: new Map(), queries: [] };
  it.each([
    ['select * fr|', 'select * from|'],
    ['select a.b| from c a', 'select a.b| from c a'],
    ['select * from pa|', 'select * from package|'],
  ])('%s', (marked, expected) => {
    expect(putIn(marked, empty)).toBe(expected);
  });
});

describe('any text', () => {
  const texts = Object.values(allCases)
    .flat()
    .map(([marked]) => marked);
  const odd = [
    '((((',
    '))))',
    '`',
    '``',
    "'",
    '.',
    '..',
    'a..b',
    'with',
    'with x',
    'with x as',
    'with x (',
    'from',
    'from (',
    'use',
    '\\',
    '\\u',
    '$>',
    ', , ,',
    'select .',
    '😀 select 😀',
    `${'('.repeat(20_000)}select `,
  ];
  it('can be completed at any place', () => {
    // An expectation for each place would take most of the time.
    const misfits: [text: string, at: number, whole: boolean, cut: boolean][] = [];
    for (const marked of [...texts, ...odd]) {
      const text = marked.replace('|', '');
      // Of a very long text the end alone, since each place costs a reading of all of it.
      const places = text.length > 1000 ? 20 : 200;
      for (let at = Math.max(0, text.length - places); at <= text.length; at++) {
        const whole = completeFits(text, at);
        const cut = completeFits(text.slice(0, at), at);
        if (!whole || !cut) misfits.push([text, at, whole, cut]);
      }
    }
    expect(misfits).toEqual([]);
  });
});

function completeFits(text: string, cursor: number): boolean {
  const marked = `${text.slice(0, cursor)}|${text.slice(cursor)}`;
  const { start, end } = completeAt(marked, names);
  return start <= cursor && cursor <= end && start >= 0 && end <= text.length;
}

describe('with ANSI_QUOTES double quotes enclose names', () => {
  const how = { ...options, sqlMode: { ...defaultSqlMode, ansiQuotes: true } };
  it.each([
    ['select * from "pag|', '"page" "page_props" "page_view"'],
    ['select * from "pag|"', '"page" "page_props" "page_view"'],
    ['select "tic| from "odd-name"', '"tick`ed"'],
    ['select p.page_t| from page as "p"', 'page_title'],
    ["select 'pa| from page", ''],
  ])('%s', (marked, expected) => {
    const { candidates } = completeAt(marked, names, how);
    expect(candidates.map(({ text }) => text).join(' ')).toBe(expected);
  });
});
