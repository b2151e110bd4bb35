import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { hasFlaggedPages, oddWiki, pageCount } from '../farm/many-contents.js';
import { manyNames, realSizes, smallSizes } from '../farm/many-names.js';
import { runClient, runOurs } from '../farm/run.js';
import type { Section } from '../farm/sections.js';

const farm = inject('farm');
const names = manyNames(smallSizes);

const queryLines = async (section: Section, sql: string) =>
  (await runClient(section, ['-BN', '-e', sql])).stdout.toString().split('\n').slice(0, -1);

test.each([
  ['a test', smallSizes, 300],
  ['the benchmark', realSizes, 1072],
] as const)(
  'the farm of %s has the expected number of wikis, with unique names',
  (_, sizes, total) => {
    const lists = Object.entries(manyNames(sizes));
    expect(lists.map(([section, wikis]) => [section, wikis.length])).toEqual(Object.entries(sizes));
    expect(new Set(lists.flatMap(([, wikis]) => wikis)).size).toBe(total);
  },
);

test.each(Object.entries(names))(
  '%s has exactly the wikis of its dblist',
  async (section, wikis) => {
    const sql =
      "select schema_name from information_schema.schemata where schema_name like '%wik%'";
    expect((await queryLines(section as Section, sql)).sort()).toEqual(wikis);
    const list = readFileSync(join(farm.mwConfigPath, 'dblists', `${section}.dblist`), 'utf8');
    expect(list.split('\n').slice(1, -1)).toEqual(wikis);
  },
);

test('x1 has all wikis', async () => {
  const sql = 'select count(*) from information_schema.tables where table_name = "echo_event"';
  expect(await queryLines('x1', sql)).toEqual(['300']);
});

test('the wikis have the pages and tables that other tests expect', async () => {
  for (const wiki of [...names.s2.slice(0, 5), ...names.s7]) {
    const section = names.s2.includes(wiki) ? 's2' : 's7';
    const sql = `select count(*), min(page_title) from ${wiki}.page; show tables from ${wiki}`;
    const tables = hasFlaggedPages(wiki) ? ['flaggedpages', 'page'] : ['page'];
    expect(await queryLines(section, sql)).toEqual([`${pageCount(wiki)}\t${wiki}\\t1`, ...tables]);
  }
  expect(names.s5).toContain(oddWiki);
});

test.each([
  ['itwiki', 'dbstore1007.eqiad.wmnet:3312\n'],
  ['zh_min_nanwikisource', 'dbstore1007.eqiad.wmnet:3313\n'],
  ['aawiktionary', expect.stringMatching(/^dbstore100\d\.eqiad\.wmnet:331\d\n$/)],
])('the built program resolves %s', async (wiki, target) => {
  const { stdout, stderr } = await runOurs([wiki, '--print-target']);
  expect([stdout.toString(), stderr]).toEqual([target, '']);
});
