import { createOptionFailure, type Failure } from '../failure.js';
import { printable } from '../text/printable.js';

/*
 * The redacted replicas: one host that has the wikis without their private data, each section at its
 * usual port. The database of a wiki is a set of views there, `itwiki_p`.
 */

/** The host of the redacted replicas, without --redacted-host. */
export const defaultRedactedHost = 'an-redacteddb1001.eqiad.wmnet';

const suffix = '_p';

/**
 * Returns the database of a wiki on the redacted replicas.
 * @throws Failure `not-redacted` for staging and centralauth, which have no redacted copy
 */
export function getRedactedDatabase(wiki: string): string {
  if (wiki === 'staging' || wiki === 'centralauth') throw createNotRedactedError(wiki);
  return wiki.endsWith(suffix) ? wiki : `${wiki}${suffix}`;
}

/** Returns the wiki of a database on the redacted replicas; any other name is returned unchanged. */
export function getWikiOfRedactedDatabase(database: string): string {
  return database.endsWith(suffix) ? database.slice(0, -suffix.length) : database;
}

/**
 * Checks that a section has redacted replicas.
 * @throws Failure `not-redacted` for x1 and staging
 */
export function checkRedactedSection(section: string): void {
  if (section === 'x1' || section === 'staging') throw createNotRedactedError(`section ${section}`);
}

function createNotRedactedError(name: string): Failure {
  return createOptionFailure(
    'not-redacted',
    `There is no redacted copy of ${printable(name)}: leave out --redacted.`,
    'redacted',
    'section',
  );
}
