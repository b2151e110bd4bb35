import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot, type Section } from './sections.js';
import { typesTable } from './types-table.js';
import { usersSql } from './users.js';
import { wikiRows } from './wiki-rows.js';
import { extensionTables, flaggedPages, sharedDatabases, wikiTables } from './wiki-tables.js';

/** The wikis of a farm and the data on its servers. */
export interface Contents {
  /** Returns the path of a checkout of mediawiki-config, which it may create in `directory`. */
  lists(directory: string): string;
  /** Returns the SQL that fills a section's empty server, users included. */
  sql(section: Section): string;
}

/** Returns the names in one of the sample's dblists, such as `all` or `s2`. */
export function readList(name: string): string[] {
  const path = join(projectRoot, 'dblists', `${name}.dblist`);
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
}

/**
 * The wikis of section s2 that also have a redacted database, which is a database of views. In
 * production it is on another host, but at the same port.
 */
const redactedWikis = ['itwiki', 'nlwiki'];

/** Returns the databases on a section's server; x1 also has one for each wiki. */
export function databasesOn(section: Section): string[] {
  const shared = sharedDatabases.filter((one) => one.section === section).map((one) => one.name);
  if (section === 'staging') return shared;
  const redacted = section === 's2' ? redactedWikis.map((wiki) => `${wiki}_p`) : [];
  return [...readList(section === 'x1' ? 'all' : section), ...redacted, ...shared];
}

/** The number of pages of itwiki, which most tests read; the other wikis have fewer. */
const ITWIKI_PAGES = 200;
const OTHER_PAGES = 20;

function tablesOf(section: Section, database: string): string {
  const shared = sharedDatabases.find((one) => one.name === database);
  if (shared !== undefined) return shared.sql;
  if (section === 'x1') return extensionTables;
  const wiki = redactedWikis.find((one) => `${one}_p` === database);
  if (wiki !== undefined)
    return `CREATE VIEW page AS SELECT page_id, page_title FROM ${wiki}.page;\n`;
  if (database !== 'itwiki') {
    const flagged = flaggedPages.wikis.includes(database) ? flaggedPages.sql : '';
    return wikiTables + wikiRows(database, OTHER_PAGES) + flagged;
  }
  return wikiTables + wikiRows(database, ITWIKI_PAGES) + typesTable();
}

/** Returns the SQL that creates a database with its tables and rows. */
function databaseSql(section: Section, database: string): string {
  return `CREATE DATABASE ${database} CHARACTER SET binary; USE ${database};\n${tablesOf(section, database)}`;
}

/** The wikis in the project's `dblists` directory, each with many of MediaWiki's tables. */
export const sample: Contents = {
  lists: () => projectRoot,
  sql: (section) => {
    const databases = databasesOn(section);
    const contents = databases.map((database) => databaseSql(section, database));
    return [usersSql(databases), ...contents].join('\n');
  },
};
