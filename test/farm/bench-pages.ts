import type { FarmInfo } from './farm.js';
import { loadSql } from './load-sql.js';
import type { Section } from './places.js';
import { pageTable } from './wiki-tables.js';

/**
 * Selects `rows` rows in the shape of MediaWiki's page table, about 110 bytes each as TSV; the same
 * rows each time. Titles are 5 to 40 bytes long, one in 64 has something to escape.
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
 * Fills `itwiki.page_big` with such rows. Gives the server more memory, so that it is not the server
 * that is measured.
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
  await loadSql(farm.places.s2.socket, sql);
}

/** Makes `rowswiki.page` with such rows on the server of a section, where all users may read it. */
export async function loadRowsWiki(farm: FarmInfo, section: Section, rows: number): Promise<void> {
  const sql = `
CREATE DATABASE rowswiki CHARACTER SET binary;
USE rowswiki;
${pageTable}
ALTER TABLE page DROP INDEX page_name_title;
INSERT INTO page ${selectRows(rows)};
`;
  await loadSql(farm.places[section].socket, sql);
}
