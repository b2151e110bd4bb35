import { join } from 'node:path';
import { Failure } from '../failure.js';
import { printable } from '../text/printable.js';
import {
  dblistsDirectory,
  isDbname,
  listDblists,
  namesIt,
  parseDblist,
  readDblistText,
} from './dblist.js';
import { nearestNames } from './nearest.js';

/** The section that a database is in, and how that was found. */
export interface Section {
  /** `s1` … `s8`, `x1`, `staging`, or whatever sN.dblist names it. */
  section: string;
  /**
   * rule: staging and centralauth have fixed places. use-x1: the user said so. x1-only: wikishared
   * and its like live on x1 alone. dblist: an sN.dblist names it.
   */
  source: 'rule' | 'use-x1' | 'x1-only' | 'dblist';
  /** The file's path, or the rule in words. */
  detail: string;
}

/** Where to look. */
export interface SectionRequest {
  /** A checkout of mediawiki-config. */
  mwConfigPath: string;
  /** Ask x1, whatever wiki is named. */
  useX1: boolean;
}

const FIXED = new Map([
  ['staging', 'staging'],
  ['centralauth', 's7'],
]);
const X1_ONLY = new Set(['wikishared', 'cognate_wiktionary', 'flowdb']);
const SECTION_FILE = /^s(\d+)\.dblist$/;

/**
 * The section of a database. In this order: staging and centralauth have fixed ones, --use-x1
 * sends every other name to x1, some databases live on x1 alone, else an sN.dblist must name it.
 * @throws Failure `log-moved`, `unknown-database`, `wiki-without-section` (all.dblist names it and
 * no section does), `wiki-in-two-sections`, `no-dblists`, and what reading the directory throws
 */
export function findSection(database: string, request: SectionRequest): Section {
  return sectionByRule(database, request.useX1) ?? findInDblists(database, request.mwConfigPath);
}

/** Databases that have a section though no sN.dblist names them. */
export const namedByRule: readonly string[] = [...FIXED.keys(), ...X1_ONLY];

/**
 * The section of a database where no dblist is asked; undefined: an sN.dblist must name it.
 * @throws Failure `log-moved`
 */
export function sectionByRule(database: string, useX1: boolean): Section | undefined {
  const fixed = FIXED.get(database);
  if (fixed !== undefined) {
    return { section: fixed, source: 'rule', detail: `${database} is always on ${fixed}` };
  }
  if (useX1) return { section: 'x1', source: 'use-x1', detail: '--use-x1' };
  if (X1_ONLY.has(database)) {
    return { section: 'x1', source: 'x1-only', detail: `${database} is on x1 alone` };
  }
  if (database === 'log') {
    throw new Failure(
      'log-moved',
      "EventLogging's database 'log' is not on the replicas any more: its data is in Hive, in the databases event and event_sanitized.",
    );
  }
  return undefined;
}

function findInDblists(database: string, mwConfigPath: string): Section {
  const directory = dblistsDirectory(mwConfigPath);
  const files = sectionFiles(listDblists(mwConfigPath));
  if (files.length === 0) throw noSections(directory);
  // All files are read even when the first names it, so that a wiki in two sections is noticed.
  const texts = files.map((file) => readDblistText(join(directory, file)));
  const named = isDbname(database)
    ? files.filter((_, index) => namesIt(texts[index] ?? '', database))
    : [];
  const [file, second] = named;
  if (file === undefined) throw unknown(database, directory, texts);
  if (second !== undefined) {
    throw inTwoSections(database, file, second, directory);
  }
  return {
    section: file.slice(0, -'.dblist'.length),
    source: 'dblist',
    detail: join(directory, file),
  };
}

/** All wikis that some section's dblist names; none where the directory cannot be read. */
export function knownWikis(mwConfigPath: string): string[] {
  const directory = dblistsDirectory(mwConfigPath);
  const files = readOrUndefined(() => sectionFiles(listDblists(mwConfigPath))) ?? [];
  const namesIn = (path: string) =>
    readOrUndefined(() => parseDblist(readDblistText(path), path)) ?? [];
  return files.flatMap((file) => namesIn(join(directory, file))).sort();
}

/** Of a checkout's files those that say what is in a section, in the order of their numbers. */
export function sectionFiles(files: Iterable<string>): string[] {
  const number = (file: string) => Number(SECTION_FILE.exec(file)?.[1]);
  return [...files]
    .filter((file) => SECTION_FILE.test(file))
    .sort((a, b) => number(a) - number(b) || (a < b ? -1 : 1));
}

/** No file of the directory says what is in a section. */
export function noSections(directory: string): Failure {
  return new Failure(
    'no-dblists',
    `${printable(directory)} has no s1.dblist or its like: name a complete checkout with --mw-config-path or ANALYTICS_MYSQL_MW_CONFIG_PATH.`,
  );
}

/** Two files name it. */
export function inTwoSections(
  database: string,
  file: string,
  second: string,
  directory: string,
): Failure {
  return new Failure(
    'wiki-in-two-sections',
    `'${database}' is named by ${file} and by ${second} in ${printable(directory)}: say which with --section.`,
  );
}

function unknown(database: string, directory: string, texts: string[]): Failure {
  const everywhere = readOrUndefined(() => readDblistText(join(directory, 'all.dblist'))) ?? '';
  if (isDbname(database) && namesIt(everywhere, database)) {
    return new Failure(
      'wiki-without-section',
      `'${database}' is in all.dblist, but no sN.dblist in ${printable(directory)} says where: say it with --section, or ask for its tables on x1 with --use-x1.`,
    );
  }
  const known = texts.flatMap((text) => readOrUndefined(() => parseDblist(text, directory)) ?? []);
  const near = nearestNames(database, [...known, ...namedByRule]);
  const hint = near.length > 0 ? `; did you mean ${oneOf(near)}?` : '';
  return new Failure(
    'unknown-database',
    `Unknown database '${printable(database)}': no sN.dblist in ${printable(directory)} names it${hint || '.'} (For a database that is on x1 alone, add --use-x1.)`,
  );
}

/** A file that only serves to give a hint must not replace the message that it would adorn. */
function readOrUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** `a, b or c` */
export function oneOf(names: string[]): string {
  const last = names.at(-1) ?? '';
  return names.length > 1 ? `${names.slice(0, -1).join(', ')} or ${last}` : last;
}
