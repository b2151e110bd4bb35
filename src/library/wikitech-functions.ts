/*
 * JavaScript versions of the two Python functions that Wikitech's page "MediaWiki replicas"
 * recommends and many scripts contain. Their names are in camel case.
 */
import { chooseMwConfigPath } from '../cli/target-defaults.js';
import { Failure } from '../failure.js';
import { printable } from '../text/printable.js';
import { Dblists } from '../wikis/dblists.js';
import {
  filterSectionFiles,
  findSectionByRule,
  inTwoSectionsError,
  noSectionsError,
} from '../wikis/section.js';
import type { TargetOptions } from './options.js';
import { resolveTarget, type Target } from './target.js';

/** A mapping from wikis to their sections. */
export type SectionMapping = Record<string, string>;

/**
 * Returns every wiki in the dblists with its section: `{ itwiki: 's2', … }`. With `useX1`, returns
 * every wiki in `all.dblist` with `x1`. (`get_mediawiki_section_dbname_mapping` in Python.)
 *
 * @param mwConfigPath the path of a checkout of mediawiki-config; the default is that of `sectionOf`
 * @throws Failure `no-mw-config`, `no-dblists`, `unreadable-dblist`, `bad-dblist`,
 *   `wiki-in-two-sections`
 */
export function getMediawikiSectionDbnameMapping(
  mwConfigPath?: string,
  useX1 = false,
): SectionMapping {
  const lists = new Dblists(chooseMwConfigPath(mwConfigPath, process.env));
  // The object has no prototype, so that `constructor` is not taken for a wiki.
  const mapping: SectionMapping = Object.create(null);
  if (useX1) {
    for (const wiki of lists.readFile('all.dblist')) mapping[wiki] = 'x1';
    return mapping;
  }
  const files = filterSectionFiles(lists.listFiles());
  if (files.length === 0) throw noSectionsError(lists.directory);
  for (const file of files) {
    const section = file.slice(0, -'.dblist'.length);
    for (const wiki of lists.readFile(file)) {
      const other = mapping[wiki];
      if (other !== undefined)
        throw inTwoSectionsError(wiki, `${other}.dblist`, file, lists.directory);
      mapping[wiki] = section;
    }
  }
  return mapping;
}

/**
 * Resolves to the host and port of a database, from DNS or from the port scheme. `staging` and
 * `centralauth` have fixed sections, `useX1` selects x1, and otherwise `dbMapping` names the section.
 * (`get_dbstore_host_port` in Python; asynchronous here, because it queries DNS.)
 *
 * @param dbMapping the result of `getMediawikiSectionDbnameMapping`
 * @param useRedactedHost return the redacted replicas' host, with the port of the section
 * @param options DNS servers, domain and redacted host, if they differ from the defaults
 * @throws (rejects with) Failure `unknown-database` if the mapping does not contain the database,
 *   `not-redacted`, and the Failures of `resolveTarget`
 */
export async function getDbstoreHostPort(
  dbMapping: Readonly<SectionMapping>,
  useX1: boolean,
  dbname: string,
  useRedactedHost = false,
  options: LookupOptions = {},
): Promise<[host: string, port: number]> {
  const target = await resolveMapped(dbMapping, useX1, dbname, useRedactedHost, options);
  const [first] = target.endpoints;
  if (first === undefined) throw new Failure('no-endpoint', `'${printable(dbname)}' has no server`);
  return [first.host, first.port];
}

/**
 * Resolves to the JDBC URL of a database, such as
 * `jdbc:mysql://host:port/itwiki?characterEncoding=UTF-8`. (`get_jdbc_string` in Python.)
 *
 * @param useRedactedHost use the redacted replicas, in which the database is `itwiki_p`
 * @param dbMapping the result of `getMediawikiSectionDbnameMapping`
 * @param options DNS servers, domain and redacted host, if they differ from the defaults
 * @throws (rejects with) Failure as `getDbstoreHostPort` does
 */
export async function getJdbcString(
  dbname: string,
  useRedactedHost: boolean,
  dbMapping: Readonly<SectionMapping>,
  options: LookupOptions = {},
): Promise<string> {
  const { jdbcUrl } = await resolveMapped(dbMapping, false, dbname, useRedactedHost, options);
  if (jdbcUrl === undefined) {
    throw new Failure('no-endpoint', `'${printable(dbname)}' has no server`);
  }
  return jdbcUrl;
}

/** The options for the look-up of a section's server. */
type LookupOptions = Pick<TargetOptions, 'nameservers' | 'domain' | 'redactedHost'>;

async function resolveMapped(
  dbMapping: Readonly<SectionMapping>,
  useX1: boolean,
  dbname: string,
  redacted: boolean,
  options: LookupOptions,
): Promise<Target> {
  const mapped = Object.hasOwn(dbMapping, dbname) ? dbMapping[dbname] : undefined;
  const section = findSectionByRule(dbname, useX1)?.section ?? mapped;
  if (section === undefined) {
    throw new Failure(
      'unknown-database',
      `The database '${printable(dbname)}' is not listed among the dblists of the sections.`,
    );
  }
  return resolveTarget(dbname, { ...options, section, redacted });
}
