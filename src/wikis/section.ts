import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createOptionFailure, Failure } from '../failure.js';
import { joinWithOr } from '../text/join-with-or.js';
import { printable } from '../text/printable.js';
import {
  containsName,
  getDblistsDirectory,
  isDbname,
  listDblists,
  parseDblist,
  readDblistText,
} from './dblist.js';
import { suggestNames } from './suggest-names.js';

/* Finds the section of a database: the group of wikis that share a server. */

/** The section of a database, and how it was found. */
export interface Section {
  /** `s1` … `s8`, `x1`, `staging`, or another sN with an sN.dblist. */
  section: string;
  /**
   * rule: staging and centralauth have fixed sections. use-x1: the user gave --use-x1. x1-only:
   * wikishared and some others exist only on x1. dblist: an sN.dblist contains the database.
   */
  source: 'rule' | 'use-x1' | 'x1-only' | 'dblist';
  /** The path of the file, or the rule as text. */
  detail: string;
}

/** Options of findSection. */
export interface SectionRequest {
  /** The path of a checkout of mediawiki-config. */
  mwConfigPath: string;
  /** Use x1 for all wikis. */
  useX1: boolean;
}

const FIXED_SECTIONS = new Map([
  ['staging', 'staging'],
  ['centralauth', 's7'],
]);
const X1_ONLY = new Set(['wikishared', 'cognate_wiktionary', 'flowdb']);
const SECTION_FILE = /^s(\d+)\.dblist$/;

/**
 * Returns the section of a database. The rules in their order: staging and centralauth have fixed
 * sections; with --use-x1 every other database is on x1; some databases are only on x1; any other
 * database must be in an sN.dblist.
 * @throws Failure `log-moved`, `unknown-database`, `wiki-without-section` (all.dblist contains it,
 * but no sN.dblist), `wiki-in-two-sections`, `no-dblists`, and the errors of reading the directory
 */
export function findSection(database: string, request: SectionRequest): Section {
  return (
    findSectionByRule(database, request.useX1) ?? findInDblists(database, request.mwConfigPath)
  );
}

/** Databases that have a section although no sN.dblist contains them. */
export const databasesWithFixedSection: readonly string[] = [...FIXED_SECTIONS.keys(), ...X1_ONLY];

/**
 * Returns the section of a database if it does not depend on dblists, else undefined.
 * @throws Failure `log-moved`
 */
export function findSectionByRule(database: string, useX1: boolean): Section | undefined {
  const fixed = FIXED_SECTIONS.get(database);
  if (fixed !== undefined) {
    return { section: fixed, source: 'rule', detail: `${database} is always on ${fixed}` };
  }
  if (useX1) return { section: 'x1', source: 'use-x1', detail: '--use-x1' };
  if (X1_ONLY.has(database)) {
    return { section: 'x1', source: 'x1-only', detail: `${database} is only on x1` };
  }
  if (database === 'log') {
    throw new Failure(
      'log-moved',
      "EventLogging's database 'log' is no longer on the replicas: its data is in Hive, in the databases event and event_sanitized.",
    );
  }
  return undefined;
}

function findInDblists(database: string, mwConfigPath: string): Section {
  const directory = getDblistsDirectory(mwConfigPath);
  const files = filterSectionFiles(listDblists(mwConfigPath));
  if (files.length === 0) throw noSectionsError(directory);
  // Read all files even if the first contains the database, to detect a wiki in two sections.
  const texts = files.map((file) => readDblistText(join(directory, file)));
  const matches = isDbname(database)
    ? files.filter((_, index) => containsName(texts[index] ?? '', database))
    : [];
  const [file, second] = matches;
  if (file === undefined) throw createUnknownError(database, directory, texts);
  if (second !== undefined) {
    throw inTwoSectionsError(database, file, second, directory);
  }
  return {
    section: file.slice(0, -'.dblist'.length),
    source: 'dblist',
    detail: join(directory, file),
  };
}

/** Returns all wikis in the sN.dblist files; none if the directory cannot be read. */
export function listKnownWikis(mwConfigPath: string): string[] {
  const directory = getDblistsDirectory(mwConfigPath);
  const files = readOrUndefined(() => filterSectionFiles(listDblists(mwConfigPath))) ?? [];
  const namesIn = (path: string) =>
    readOrUndefined(() => parseDblist(readDblistText(path), path)) ?? [];
  return files.flatMap((file) => namesIn(join(directory, file))).sort();
}

/** Returns all wikis, and the databases that belong to no wiki. */
export function listKnownDatabases(mwConfigPath: string): string[] {
  return [...listKnownWikis(mwConfigPath), ...databasesWithFixedSection];
}

/** Returns the files named sN.dblist, in the order of their numbers. */
export function filterSectionFiles(files: Iterable<string>): string[] {
  const number = (file: string) => Number(SECTION_FILE.exec(file)?.[1]);
  return [...files]
    .filter((file) => SECTION_FILE.test(file))
    .sort((a, b) => number(a) - number(b) || (a < b ? -1 : 1));
}

/** Returns the error for a directory without any sN.dblist. */
export function noSectionsError(directory: string): Failure {
  return createOptionFailure(
    'no-dblists',
    `'${printable(directory)}' has no sN.dblist: use --mw-config-path or ANALYTICS_MYSQL_MW_CONFIG_PATH to name a complete checkout.`,
    'mw-config-path',
  );
}

/** Returns the error for a database in two sN.dblist files. */
export function inTwoSectionsError(
  database: string,
  file: string,
  second: string,
  directory: string,
): Failure {
  return new Failure(
    'wiki-in-two-sections',
    `'${database}' is in ${file} and in ${second} of '${printable(directory)}': use --section to choose one.`,
  );
}

function createUnknownError(database: string, directory: string, texts: string[]): Failure {
  const allDblist = readOrUndefined(() => readDblistText(join(directory, 'all.dblist'))) ?? '';
  if (isDbname(database) && containsName(allDblist, database)) {
    return new Failure(
      'wiki-without-section',
      `'${database}' is in all.dblist but in no sN.dblist of '${printable(directory)}': use --section to name its section, or --use-x1 for its tables on x1.`,
    );
  }
  const knownNames = texts.flatMap(
    (text) => readOrUndefined(() => parseDblist(text, directory)) ?? [],
  );
  const several = explainSeveralWikis(database, directory);
  if (several !== undefined) return new Failure('unknown-database', several);
  const suggestions = suggestNames(database, [...knownNames, ...databasesWithFixedSection]);
  const hint = suggestions.length > 0 ? `; did you mean ${joinWithOr(suggestions)}?` : '';
  return new Failure(
    'unknown-database',
    `Unknown database '${printable(database)}': it is in no sN.dblist of '${printable(directory)}'${hint || '.'} (Use --use-x1 for a database that is only on x1.)`,
  );
}

/** Matches an expression of --wikis: a glob, `@FILE`, or several terms. */
const severalWikis =
  /^(?:\w*[*?][\w*?]*|@[^\s,]+|[\w*?-]+(?:\s*,\s*[\w*?-]+)+|[\w*?,-]+(?:\s[-+&]\s[\w*?,-]+)+)$/;

/**
 * Explains a name in place of a database that means several wikis, or that is no name at all.
 * Returns undefined for other names.
 */
export function explainSeveralWikis(name: string, directory: string): string | undefined {
  const text = `'${printable(name)}' is not a database`;
  if (name === 'x1') {
    return `${text} but a section with tables of all wikis: use itwiki --use-x1 for one wiki, or --section x1.`;
  }
  if (SECTION_FILE.test(`${name}.dblist`) && existsSync(join(directory, `${name}.dblist`))) {
    return `${text} but a section: use --wikis ${name} for all its wikis, or --section ${name}.`;
  }
  const list = name.replace(/\.(dblist|dbexpr)$/, '');
  const isList =
    isDbname(list.replaceAll('-', '_')) &&
    ['dblist', 'dbexpr'].some((suffix) => existsSync(join(directory, `${list}.${suffix}`)));
  if (isList) return `${text} but a list of wikis: use --wikis ${list}.`;
  if (severalWikis.test(name)) {
    return `${text}: use --wikis '${printable(name)}' for several wikis.`;
  }
  if (/\s/.test(name.trim())) {
    // The rest of a statement may be confidential.
    const [first = ''] = name.trim().split(/\s/);
    return `'${printable(first)} …' is not a database: name a wiki, and write SQL in quotes after -e.`;
  }
  if (/\.sql$/i.test(name)) {
    return `${text}: name a wiki, and give a file of SQL on standard input (< ${printable(name)}).`;
  }
  return undefined;
}

/** Reads a file that is needed only for a hint: its error must not replace the actual error. */
function readOrUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
