import { describe, expect, it } from 'vitest';
import { defaultSqlMode } from '../../src/protocol/sql-mode.js';
import { allCases } from './cases/index.js';
import {
  completeMarkedText,
  getCandidateKinds,
  getCandidates,
  insertFirstCandidate,
  names,
  options,
} from './complete-marked-text.js';

describe.each(Object.entries(allCases))(
  'complete offers the expected first candidate: %s',
  (_topic, cases) => {
    it.each(cases)('%s', (marked, expected) => {
      expect(insertFirstCandidate(marked)).toBe(expected);
    });
  },
);

/** A marked text, and all candidates for it. */
const allCandidates: [string, string][] = [
  ['select p.| from page p join revision r on 1', 'page_id page_namespace page_title'],
  ['select * from page p join revision r on r.|', 'rev_id rev_page rev_timestamp'],
  ['select nosuch.| from page p', ''],
  // An obvious word is the only candidate, so that Tab inserts it.
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
  ['show tables from |', 'enwiki_p information_schema itwiki nlwiki `odd-one`'],
  ['select `page_| from page', '`page_id` `page_namespace` `page_title`'],
  // Only tables that the statement reads, and their columns.
  ['select `re| from page', ''],
  ['select * from page where `user|', ''],
  ['select * from page order by `page_|', '`page_id` `page_namespace` `page_title`'],
  ['select itwiki.| from page', 'page.'],
  ['select itwiki.| from page p', ''],
  ['select `itw| from page', ''],
  ['select `itw| from itwiki.page', '`itwiki`.'],
  ['select itwiki.pa| from itwiki.page, nlwiki.page_view', 'page.'],
  // Databases of other servers.
  ['select * from enwiki.|', ''],
  ['select * from dewiki.p|', ''],
  ['select `page_| from enwiki.page', ''],
  // Aliases of the select list, where they are visible.
  ['select page_id `page_x` from page where `page_|', '`page_id` `page_namespace` `page_title`'],
  [
    'select page_id `page_x`, row_number() over (order by `page_|) from page',
    '`page_id` `page_namespace` `page_title`',
  ],
  ['select 1 as one, 2 two, `page_id`, page_id + 3 from actor order by `o|', '`one`'],
  // Variables.
  ['select @|', 'fifth first'],
  ['select @fi|', 'fifth first'],
  ['select @fir| + 1', 'first'],
  ['select @@|', 'max_connections max_statement_time sql_mode global. session.'],
  ['select @@max|', 'max_connections max_statement_time'],
  ['select @@mode|', 'sql_mode'],
  ['select @@global.sql|', 'sql_mode'],
  ['set @@session.max_s|', 'max_statement_time'],
  ['set @one := 1, @two = 2; select @|', 'fifth first one two'],
  ['select @three = 1, @four := 2 into @five; select @|', 'fifth first five four'],
  ['select 1, 2 into @five, @six; select @s|', 'six'],
  [
    'select * from |',
    'actor `odd-name` `order` page page_props page_view revision user enwiki_p. information_schema. itwiki. nlwiki. `odd-one`.',
  ],
  // Names that the statement defines.
  ['create table |', ''],
  ['create view |', ''],
  ['select page_id as | from page', ''],
  ['select * from page as |', ''],
  ['create database |', ''],
  // Strings, comments, numbers and variables.
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
  ["select @'fi|", ''],
];

describe('complete offers exactly these candidates in a statement', () => {
  it.each(allCandidates)('%s', (marked, expected) => {
    expect(getCandidates(marked)).toBe(expected);
  });
});

describe('complete sorts the candidates', () => {
  it.each([
    ['select p| from page', 'page_id page_namespace page_title page. password( percentile_cont('],
    ['select | from page', 'page_id page_namespace page_title page. abs('],
    ['select | from page p', 'page_id page_namespace page_title p. abs('],
    // First the texts that begin like it, then those with a part that does, then those that contain
    // it.
    ['select * from pa|', 'page page_props page_view'],
    ['select * from re|', 'revision'],
    ['select nam| from user join actor', 'name_const( actor_name user_name'],
    ['select page_id| from page join page_view', 'page_id'],
  ])('%s', (marked, expected) => {
    expect(getCandidates(marked).slice(0, expected.length)).toBe(expected);
  });
});

describe('complete reports the kinds of the candidates', () => {
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
    expect(getCandidateKinds(marked, expected)).toBe(expected);
  });
});

it('complete takes no host for a variable', () => {
  expect(getCandidates("grant select on page to 'x'@|")).not.toContain('first');
});

describe('complete works without known names', () => {
  const empty = { databases: [], wikis: [], tables: [], columns: new Map(), queries: [] };
  it.each([
    ['select * fr|', 'select * from|'],
    ['select a.b| from c a', 'select a.b| from c a'],
    ['select * from pa|', 'select * from package|'],
  ])('%s', (marked, expected) => {
    expect(insertFirstCandidate(marked, empty)).toBe(expected);
  });
});

describe('complete', () => {
  const texts = Object.values(allCases)
    .flat()
    .map(([marked]) => marked);
  const oddTexts = [
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
  it('returns a valid range at any position of any text', () => {
    // One expectation for all positions, because one per position would take most of the time.
    const invalid: [text: string, cursor: number, whole: boolean, truncated: boolean][] = [];
    for (const marked of [...texts, ...oddTexts]) {
      const text = marked.replace('|', '');
      // For a very long text only the last positions, because each one requires reading the whole
      // text.
      const positions = text.length > 1000 ? 20 : 200;
      for (let cursor = Math.max(0, text.length - positions); cursor <= text.length; cursor++) {
        const whole = isCompletionValid(text, cursor);
        const truncated = isCompletionValid(text.slice(0, cursor), cursor);
        if (!whole || !truncated) invalid.push([text, cursor, whole, truncated]);
      }
    }
    expect(invalid).toEqual([]);
  });
});

function isCompletionValid(text: string, cursor: number): boolean {
  const marked = `${text.slice(0, cursor)}|${text.slice(cursor)}`;
  const { start, end } = completeMarkedText(marked, names);
  return start <= cursor && cursor <= end && start >= 0 && end <= text.length;
}

describe('complete reads double-quoted text as names with ANSI_QUOTES', () => {
  const ansiQuotesOptions = { ...options, sqlMode: { ...defaultSqlMode, ansiQuotes: true } };
  it.each([
    ['select * from "pag|', '"page" "page_props" "page_view"'],
    ['select * from "pag|"', '"page" "page_props" "page_view"'],
    ['select "tic| from "odd-name"', '"tick`ed"'],
    ['select p.page_t| from page as "p"', 'page_title'],
    ["select 'pa| from page", ''],
  ])('%s', (marked, expected) => {
    const { candidates } = completeMarkedText(marked, names, ansiQuotesOptions);
    expect(candidates.map(({ text }) => text).join(' ')).toBe(expected);
  });
});
