import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Contents } from './contents.js';
import { manyNames, type Sizes } from './many-names.js';
import type { Section } from './sections.js';
import { usersSql } from './users.js';
import { pageTable } from './wiki-tables.js';

/*
 * The data of a farm with hundreds of small wikis.
 */

/** The wiki whose table `page` has one more column, one fewer, and one of a different type. */
export const oddWiki = 'cebwiki';

const oddColumns = `
ALTER TABLE page DROP COLUMN page_lang, ADD COLUMN page_odd INT NOT NULL DEFAULT 7,
  MODIFY COLUMN page_latest BIGINT UNSIGNED NOT NULL;`;

/** Returns the number of rows in the table `page` of a wiki: 1 to 17. */
export function pageCount(wiki: string): number {
  let sum = 0;
  for (const letter of wiki) sum = (sum * 31 + letter.charCodeAt(0)) % 10_007;
  return 1 + (sum % 17);
}

/** True if a wiki has the table `flaggedpages`; about a third do. */
export function hasFlaggedPages(wiki: string): boolean {
  return pageCount(wiki) % 3 === 0;
}

/** Returns the SQL for a wiki's database. The titles in `page` show to which wiki a row belongs. */
function wikiSql(wiki: string): string {
  const flagged = hasFlaggedPages(wiki)
    ? 'CREATE TABLE flaggedpages (fp_page_id INT UNSIGNED NOT NULL PRIMARY KEY); INSERT INTO flaggedpages SELECT page_id FROM page;'
    : '';
  return `CREATE DATABASE ${wiki} CHARACTER SET binary; USE ${wiki}; ${pageTable}
INSERT INTO page SELECT seq, seq % 16, CONCAT('${wiki}\\t', seq), seq % 2, 0, 1 / seq,
  20260801000000 + seq, IF(seq % 3, NULL, 20260802000000 + seq), seq * 10, seq * 37, 'wikitext', NULL
FROM seq_1_to_${pageCount(wiki)};
${flagged}${wiki === oddWiki ? oddColumns : ''}
`;
}

/** Returns the SQL for a wiki's database on x1: one table, with a row for each page. */
function extensionSql(wiki: string): string {
  return `CREATE DATABASE ${wiki} CHARACTER SET binary; USE ${wiki};
CREATE TABLE echo_event (event_id INT UNSIGNED NOT NULL PRIMARY KEY);
INSERT INTO echo_event SELECT seq FROM seq_1_to_${pageCount(wiki)};
`;
}

/**
 * Returns the contents of a farm with hundreds of small wikis. Rights are granted for a pattern of
 * names, since a grant for each wiki would take longer than creating the wiki.
 */
export function manyWikis(sizes: Sizes): Contents {
  const names = manyNames(sizes);
  const all = Object.values(names).flat().sort();
  const lists: Record<string, string[]> = {
    ...names,
    all,
    closed: all.filter((_, index) => index % 8 === 5),
    private: all.filter((name) => name.startsWith('arbcom_')),
    wikipedia: all.filter((name) => name.endsWith('wiki')),
    wiktionary: all.filter((name) => name.endsWith('wiktionary')),
  };
  return {
    lists: (directory) => {
      const path = join(directory, 'mediawiki-config');
      mkdirSync(join(path, 'dblists'), { recursive: true });
      const write = (file: string, lines: string[]) =>
        writeFileSync(join(path, 'dblists', file), `${lines.join('\n')}\n`);
      for (const [name, wikis] of Object.entries(lists)) {
        write(`${name}.dblist`, ['# NOTE: Invented names.', ...wikis]);
      }
      write('open.dbexpr', ['%% all.dblist - closed.dblist']);
      return path;
    },
    sql: (section: Section) => {
      const users = usersSql(['%wik%', ...(section === 'staging' ? ['staging'] : [])]);
      if (section === 'staging') return `${users}\nCREATE DATABASE staging CHARACTER SET binary;`;
      const wikis = section === 'x1' ? all : names[section];
      return [users, ...wikis.map(section === 'x1' ? extensionSql : wikiSql)].join('\n');
    },
  };
}
