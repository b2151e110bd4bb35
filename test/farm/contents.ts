import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot, type Section } from './places.js';
import { typesTable } from './types-table.js';
import { usersSql } from './users.js';
import { wikiRows } from './wiki-rows.js';
import { extensionTables, sharedDatabases, wikiTables } from './wiki-tables.js';

/** What a farm's wikis are, and what stands on its servers. */
export interface Contents {
  /** Gives a checkout of mediawiki-config; what it makes for that, it makes in `directory`. */
  lists(directory: string): string;
  /** The SQL that fills a section's empty server, users included. */
  sql(section: Section): string;
}

/** The names in one of the sample's lists, `all` or `s2`. */
export function readList(name: string): string[] {
  const path = join(projectRoot, 'dblists', `${name}.dblist`);
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
}

/** The databases that stand on a section's server; x1 has one for each wiki, too. */
export function databasesOn(section: Section): string[] {
  const shared = sharedDatabases.filter((one) => one.section === section).map((one) => one.name);
  if (section === 'staging') return shared;
  return [...readList(section === 'x1' ? 'all' : section), ...shared];
}

/** Pages in itwiki, which most tests read; the other wikis have fewer. */
const ITWIKI_PAGES = 200;
const OTHER_PAGES = 20;

function tablesOf(section: Section, database: string): string {
  const shared = sharedDatabases.find((one) => one.name === database);
  if (shared !== undefined) return shared.sql;
  if (section === 'x1') return extensionTables;
  if (database !== 'itwiki') return wikiTables + wikiRows(database, OTHER_PAGES);
  return wikiTables + wikiRows(database, ITWIKI_PAGES) + typesTable();
}

/** The SQL that makes a database with its tables and rows. */
function databaseSql(section: Section, database: string): string {
  return `CREATE DATABASE ${database} CHARACTER SET binary; USE ${database};\n${tablesOf(section, database)}`;
}

/** The project's own sample of wikis, each with many of MediaWiki's tables. */
export const sample: Contents = {
  lists: () => projectRoot,
  sql: (section) => {
    const databases = databasesOn(section);
    const contents = databases.map((database) => databaseSql(section, database));
    return [usersSql(databases), ...contents].join('\n');
  },
};
