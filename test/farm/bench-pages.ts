import type { FarmInfo } from './farm.js';
import { loadSql } from './load-sql.js';
import type { Section } from './sections.js';
import { pageTable } from './wiki-tables.js';

/*
 * Large tables for the benchmarks, in the shape of MediaWiki's page table.
 */

/**
 * Returns SQL that selects `rows` rows in the shape of the page table, about 110 bytes each as TSV; the
 * rows are the same each time. Titles are 5 to 40 bytes long; one in 16 contains a character to escape
 * or a non-ASCII one.
 */
function selectRows(rows: number): string {
  return `
SELECT
  seq,
  seq % 16,
  CONCAT(
    LEFT(CONCAT(SHA1(seq), SHA1(-seq)), 5 + seq % 32),
    CASE seq % 64 WHEN 0 THEN 'a\\tb' WHEN 16 THEN 'c\\nd' WHEN 32 THEN 'è' WHEN 48 THEN '\\\\' ELSE '' END
  ),
  seq % 7 = 0,
  seq % 11 = 0,
  (seq * 48271 % 2147483647) / 2147483647e0,
  DATE_FORMAT('2026-01-01' + INTERVAL seq SECOND, '%Y%m%d%H%i%s'),
  IF(seq % 5 = 0, NULL, DATE_FORMAT('2026-02-01' + INTERVAL seq SECOND, '%Y%m%d%H%i%s')),
  seq * 90,
  seq % 60000,
  'wikitext',
  NULL
FROM seq_1_to_${rows}`;
}

/**
 * Fills `itwiki.page_big` with such rows. Gives the server more memory, so that a benchmark does not
 * measure the server.
 */
export async function loadPages(farm: FarmInfo, rows: number): Promise<void> {
  const sql = `
SET GLOBAL innodb_buffer_pool_size = 512 * 1024 * 1024;
USE itwiki;
DROP TABLE IF EXISTS page_big;
CREATE TABLE page_big LIKE page;
ALTER TABLE page_big DROP INDEX page_name_title;
INSERT INTO page_big ${selectRows(rows)};
`;
  await loadSql(farm.endpoints.s2.socket, sql);
}

/** Creates `rowswiki.page` with such rows on the server of a section; all users can read it. */
export async function loadRowsWiki(farm: FarmInfo, section: Section, rows: number): Promise<void> {
  const sql = `
CREATE DATABASE rowswiki CHARACTER SET binary;
USE rowswiki;
${pageTable}
ALTER TABLE page DROP INDEX page_name_title;
INSERT INTO page ${selectRows(rows)};
`;
  await loadSql(farm.endpoints[section].socket, sql);
}
