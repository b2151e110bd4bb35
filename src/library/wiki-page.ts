/*
 * The two functions of the wiki page on these databases (wikitech, "MediaWiki replicas"), which
 * scripts in Python carry about with them, under their JavaScript names.
 */
import { mwConfigPathOf } from '../cli/target-defaults.js';
import { Failure } from '../failure.js';
import { printable } from '../text/printable.js';
import { Dblists } from '../wikis/dblists.js';
import { inTwoSections, noSections, sectionByRule, sectionFiles } from '../wikis/section.js';
import type { TargetOptions } from './options.js';
import { resolveTarget } from './target.js';

/** Wiki → section. */
export type SectionMapping = Record<string, string>;

/**
 * Every wiki that the dblists name, with its section: `{ itwiki: 's2', … }`. With `useX1` every wiki
 * of `all.dblist`, with `x1`. (`get_mediawiki_section_dbname_mapping` in Python.)
 *
 * @param mwConfigPath a checkout of mediawiki-config; if it is not given, as `sectionOf` finds it
 * @throws Failure `no-mw-config`, `no-dblists`, `unreadable-dblist`, `bad-dblist`,
 * `wiki-in-two-sections`
 */
export function getMediawikiSectionDbnameMapping(
  mwConfigPath?: string,
  useX1 = false,
): SectionMapping {
  const lists = new Dblists(mwConfigPathOf(mwConfigPath, process.env));
  // No prototype: `constructor` is no wiki.
  const mapping: SectionMapping = Object.create(null);
  if (useX1) {
    for (const wiki of lists.readFile('all.dblist')) mapping[wiki] = 'x1';
    return mapping;
  }
  const files = sectionFiles(lists.files());
  if (files.length === 0) throw noSections(lists.directory);
  for (const file of files) {
    const section = file.slice(0, -'.dblist'.length);
    for (const wiki of lists.readFile(file)) {
      const other = mapping[wiki];
      if (other !== undefined) throw inTwoSections(wiki, `${other}.dblist`, file, lists.directory);
      mapping[wiki] = section;
    }
  }
  return mapping;
}

/**
 * Host and port of a database, from DNS or by the scheme of ports. `staging` and `centralauth` have
 * places of their own, `useX1` means x1, and else `dbMapping` decides, which
 * `getMediawikiSectionDbnameMapping` made. (`get_dbstore_host_port` in Python; asynchronous here,
 * since DNS is asked.)
 *
 * @param options name servers and domain, where they are not the usual ones
 * Rejects with a Failure: `unknown-database` where the mapping does not have it, and as resolveTarget
 */
export async function getDbstoreHostPort(
  dbMapping: Readonly<SectionMapping>,
  useX1: boolean,
  dbname: string,
  options: Pick<TargetOptions, 'nameservers' | 'domain'> = {},
): Promise<[host: string, port: number]> {
  const mapped = Object.hasOwn(dbMapping, dbname) ? dbMapping[dbname] : undefined;
  const section = sectionByRule(dbname, useX1)?.section ?? mapped;
  if (section === undefined) {
    throw new Failure(
      'unknown-database',
      `The database '${printable(dbname)}' is not listed among the dblists of the sections.`,
    );
  }
  const { endpoints } = await resolveTarget(undefined, { ...options, section });
  const [first] = endpoints;
  if (first === undefined) throw new Failure('no-endpoint', `section ${section} has no server`);
  return [first.host, first.port];
}
