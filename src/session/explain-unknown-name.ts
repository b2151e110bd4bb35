import { Failure } from '../failure.js';
import { clientErrors, type SqlError } from '../protocol/sql-error.js';
import { defaultRedactedHost, getWikiOfRedactedDatabase } from '../target/redacted.js';
import type { Target } from '../target/target.js';
import { joinWithOr } from '../text/join-with-or.js';
import { printable } from '../text/printable.js';
import { getDblistsDirectory } from '../wikis/dblist.js';
import {
  databasesWithFixedSection,
  explainSeveralWikis,
  findSection,
  listKnownDatabases,
  type Section,
} from '../wikis/section.js';
import { suggestNames } from '../wikis/suggest-names.js';
import { findTableLocation } from '../wikis/table-locations.js';

/*
 * Explains errors about names that the server of a section does not know: where the table, the
 * database or the server is.
 */

/** A kind of unknown name; a run explains each of them once. */
export type UnknownNameKind = 'table' | 'database' | 'host';

/** The part of an SqlError from which the explanation is made. */
export type ExplainedError = Pick<SqlError, 'errno'> & { text: string };

/** What a run knows about the name that is unknown. */
export interface UnknownNameContext {
  /** The server that sent the error. */
  target: Target;
  /** The path of a checkout of mediawiki-config. */
  mwConfigPath: string;
  /** The run is one of --wikis. */
  isMany?: boolean;
  /** In the shell a database that is no wiki is explained even if no name is similar. */
  isInteractive?: boolean;
  /**
   * Resolves to names of tables of a database that are similar to an unknown one. undefined: a table
   * may well be missing, so it is explained only if it is known to be elsewhere.
   */
  findClosestTables?: (table: string, database: string) => Promise<readonly string[]>;
}

/** The server's errors: unknown database, no access to a database, to a table, unknown table. */
const serverErrors = { unknownDatabase: 1049, noDatabase: 1044, noTable: 1142, unknownTable: 1146 };

/** Databases of every server, which only administrators may use. */
const systemSchemas: ReadonlySet<string> = new Set([
  'information_schema',
  'mysql',
  'performance_schema',
  'sys',
]);

/**
 * Returns which kind of unknown name an error is about; undefined for other errors, and on a server
 * that the user named.
 */
export function findUnknownNameKind(
  { errno }: Pick<SqlError, 'errno'>,
  target: Target,
): UnknownNameKind | undefined {
  if (target.endpointSource === 'user') return undefined;
  switch (errno) {
    case serverErrors.unknownTable:
    case serverErrors.noTable:
      return 'table';
    case serverErrors.unknownDatabase:
    case serverErrors.noDatabase:
      return 'database';
    case clientErrors.unknownHost:
      return 'host';
    default:
      return undefined;
  }
}

/**
 * Resolves to one line that says where a table, a database or a server is, or which existing table
 * or database has a similar name. Resolves to undefined if nothing is known about it. Never rejects.
 */
export async function explainUnknownName(
  error: ExplainedError,
  context: UnknownNameContext,
): Promise<string | undefined> {
  switch (findUnknownNameKind(error, context.target)) {
    case 'host':
      return explainHost(context.target);
    case 'database':
      return explainDatabase(error, context);
    case 'table':
      return explainTable(error, context);
    case undefined:
      return undefined;
  }
}

function explainHost({ address, endpointSource }: Target): string | undefined {
  const first = address.kind === 'tcp' ? address.endpoints[0].host : undefined;
  if (endpointSource === 'redacted' && first !== defaultRedactedHost) return undefined;
  return 'the replicas can be reached only from the analytics clients, such as stat1008: is this one of them?';
}

function explainDatabase(
  { text }: ExplainedError,
  context: UnknownNameContext,
): string | undefined {
  // "Unknown database 'x'", and "Access denied for user 'u'@'%' to database 'x'". Observed: messages
  // in other languages quote the name last, too.
  const name = [...text.matchAll(/'([^']*)'/g)].at(-1)?.[1];
  if (name === undefined || name === '') return undefined;
  const elsewhere = explainOtherSection(name, context);
  if (elsewhere !== undefined) return elsewhere;
  const several = explainSeveralWikis(name, getDblistsDirectory(context.mwConfigPath));
  if (several !== undefined) return several;
  const known = listKnownDatabases(context.mwConfigPath);
  const knowsNoWikis = known.length === databasesWithFixedSection.length;
  if (knowsNoWikis || known.includes(name) || systemSchemas.has(name)) return undefined;
  const similar = suggestNames(name, known);
  if (similar.length === 0 && context.isInteractive !== true) return undefined;
  const question = similar.length === 0 ? '' : `: did you mean ${joinWithOr(similar)}?`;
  return `there is no wiki '${printable(name)}'${question}`;
}

/** Explains that a database is in another section than that of the target. */
function explainOtherSection(database: string, context: UnknownNameContext): string | undefined {
  const { target, isMany } = context;
  const wiki = target.redacted ? getWikiOfRedactedDatabase(database) : database;
  const section = findKnownSection(wiki, context)?.section;
  if (section === undefined || target.section === undefined || section === target.section) {
    return undefined;
  }
  const place = `${printable(wiki)} is on ${section}, not on ${target.section}`;
  if (target.wiki === wiki && target.sectionSource === 'section-option') {
    return `${place}: leave out --section`;
  }
  if (isMany) return `${place}: a statement of --wikis can use only databases of the same section`;
  return `${place}, and a session has one section: run analytics-mysql ${printable(wiki)}`;
}

async function explainTable(
  { errno, text }: ExplainedError,
  context: UnknownNameContext,
): Promise<string | undefined> {
  const name = parseTableName(errno, text);
  if (name === undefined) return undefined;
  const { target } = context;
  const { table } = name;
  const database = name.database ?? target.database;
  if (database === undefined) return undefined;
  // The server denies access to a table that exists only if the database is another one.
  const isUnknown = errno === serverErrors.unknownTable;
  const location = isUnknown ? findTableLocation(table) : undefined;
  const shown = printable(table);
  if (location === 'x1' && target.section !== 'x1') {
    const hint = target.redacted ? ' and has no redacted copy: leave out --redacted, and' : ':';
    const option = target.sectionSource === 'section-option' ? ' in place of --section' : '';
    return `${shown} is on x1${hint} use --use-x1${option}`;
  }
  if (location !== undefined && location !== 'x1' && location.database !== database) {
    const section = findKnownSection(location.database, context)?.section;
    const place = section === undefined ? '' : ` on ${section}`;
    return `${shown} is in the database ${location.database}${place}: run analytics-mysql ${location.database}`;
  }
  // On x1 every wiki has a database.
  const isHere =
    target.section === 'x1' && findKnownSection(database, context)?.source === 'dblist';
  const elsewhere = isHere ? undefined : explainOtherSection(database, context);
  if (elsewhere !== undefined || !isUnknown || context.findClosestTables === undefined) {
    return elsewhere;
  }
  const closest = await context.findClosestTables(table, database);
  if (closest.length > 0) return `did you mean ${joinWithOr(closest)}?`;
  if (!isHere) return undefined;
  const option = target.sectionSource === 'section-option' ? '--section x1' : '--use-x1';
  return `x1 has only tables of extensions: leave out ${option} for the other tables of ${printable(database)}`;
}

/**
 * Parses the message of an unknown table, "Table 'itwiki.page' doesn't exist", or of a denied one,
 * "SELECT command denied to user 'u'@'%' for table `itwiki`.`page`". Observed: messages in other
 * languages quote the names alike.
 */
function parseTableName(
  errno: number,
  text: string,
): { table: string; database: string | undefined } | undefined {
  if (errno === serverErrors.unknownTable) {
    const [, name = ''] = /'(.+?)'/s.exec(text) ?? [];
    const dot = name.indexOf('.');
    if (name === '') return undefined;
    return { table: name.slice(dot + 1), database: dot < 0 ? undefined : name.slice(0, dot) };
  }
  const [, database, table] = /`([^`]+)`\.`([^`]+)`/.exec(text) ?? [];
  return table === undefined ? undefined : { table, database };
}

/** Returns the section of a database; undefined if it is unknown. */
function findKnownSection(
  database: string,
  { mwConfigPath }: UnknownNameContext,
): Section | undefined {
  try {
    return findSection(database, { mwConfigPath, useX1: false });
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}
