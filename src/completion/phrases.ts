import type { CursorContext } from './cursor-context.js';

/*
 * The phrases that commonly continue a statement at each position. They come before the other
 * keywords, and a phrase of several words is inserted as a whole.
 */

const parseList = (text: string): readonly string[] =>
  text
    .split(/[,\n]/)
    .map((phrase) => phrase.trim())
    .filter((phrase) => phrase !== '');

/** The most common beginnings of a statement on a replica, and the other ones. */
export const likelyStatements = parseList('select, show, desc, describe, explain, with');
export const otherStatements =
  parseList(`insert into, update, delete from, replace into, create table,
  create view, create index, create database, alter table, drop table, drop view, drop database,
  truncate table, set, begin, start transaction, commit, rollback, analyze table, call,
  load data local infile, lock tables, unlock tables, kill, grant, revoke, rename table, execute,
  prepare, values, flush, check table, optimize table, do`);

const afterTable = parseList('as, join, left join, where, group by, order by, limit');

const moreAfterTable =
  parseList(`right join, inner join, cross join, natural join, straight_join, having,
  union, union all, use index, force index, ignore index, for update, into outfile, partition`);

const operators =
  parseList(`and, or, xor, not, in, not in, is null, is not null, like, not like, between,
  not between, regexp, rlike, div, mod, collate`);

const queryEndings = parseList(
  `group by, order by, having, limit, union, union all, into outfile, for update`,
);

const operandStarts = parseList(
  `case, not, null, true, false, exists, interval, default, cast, binary`,
);

const definitions =
  parseList(`primary key, unique key, key, index, foreign key, constraint, references,
  not null, null, default, auto_increment, comment, character set, collate, unsigned, int, bigint,
  tinyint, smallint, mediumint, decimal, float, double, varchar, char, varbinary, binary, text, blob,
  mediumtext, mediumblob, longtext, longblob, date, datetime, timestamp, time, year, json, enum, set`);

const moreAfterShow =
  parseList(`full tables, create view, create database, table status, global status,
  session status, global variables, session variables, errors, engines, slave status,
  all slaves status, triggers, events, plugins, privileges, character set, collation, master status,
  engine innodb status, procedure status, function status, explain for`);

/** The likely phrases by what is expected and by clause. */
const phrases: Readonly<Record<string, readonly string[]>> = {
  'table explain': parseList(
    'select, update, delete from, insert into, extended, format=json, partitions',
  ),
  'table insert': parseList('into, ignore into'),
  'table replace': parseList('into'),
  'table delete': parseList('from'),
  'table into': parseList('outfile, dumpfile, table'),
  'table table': parseList('if exists'),
  'table truncate': parseList('table'),

  'after-table from': afterTable,
  'after-table join': parseList('on, using, as'),
  'after-table on': afterTable,
  'after-table using': afterTable,
  'after-table update': parseList('set, as, join, left join, inner join'),
  'after-table delete': parseList('from, using, where'),
  'after-table insert': parseList('values, select, set'),
  'after-table replace': parseList('values, select, set'),
  'after-table into': parseList(
    'values, select, set, with, fields terminated by, lines terminated by',
  ),
  'after-table table': parseList(`add, add column, add index, drop, drop column, drop index, modify,
    change, rename to, engine, convert to, order by, like, read, write`),
  'after-table show': parseList('from, like, where'),

  'operand select': [...operandStarts, ...parseList('distinct, sql_no_cache, sql_calc_found_rows')],
  'operand (': [...operandStarts, 'distinct'],

  'after-operand select': parseList('from, as, into outfile'),
  'after-operand where': [...operators, ...queryEndings],
  'after-operand on': [...operators, ...afterTable, ...moreAfterTable],
  'after-operand having': [...operators, ...queryEndings],
  'after-operand group': parseList(
    'having, order by, limit, with rollup, asc, desc, union, union all',
  ),
  'after-operand order': parseList('asc, desc, limit, for update, into outfile, union, union all'),
  'after-operand limit': parseList('offset, for update, into outfile, union, union all'),
  'after-operand set': parseList('where, order by, limit'),
  'after-operand values': parseList('on duplicate key update, returning'),
  'after-operand (': parseList('as, asc, desc, separator, order by, partition by, and, or'),
  'after-operand over': parseList('partition by, order by, rows between, range between'),
  'operand over': parseList('partition by, order by'),
  'after-operand convert': parseList('using'),
  'after-operand cast': parseList('as'),

  'anything show': parseList(`tables, databases, create table, columns from, full columns from,
    index from, processlist, full processlist, warnings, status, variables, grants`),
  'anything show create': parseList(
    'table, view, database, function, procedure, trigger, event, user',
  ),
  'anything show columns': parseList('from, in'),
  'anything show full': parseList('tables, columns from, processlist'),
  'anything show global': parseList('variables, status'),
  'anything show session': parseList('variables, status'),
  'anything show like': parseList('like, where, from, limit'),
  'anything create':
    parseList(`table, temporary table, or replace table, view, or replace view, index,
    unique index, database, user, function, procedure, trigger, event, if not exists`),
  'anything alter': parseList('table, view, database, user, event, procedure, function'),
  'anything drop':
    parseList(`table, view, index, database, user, function, procedure, trigger, event,
    temporary table, if exists`),
  'anything group': parseList('by'),
  'anything order': parseList('by'),
  'anything partition': parseList('by'),
  'anything set':
    parseList(`names, character set, global, session, statement, transaction, autocommit,
    sql_mode, password, role, default role, max_statement_time`),
  'anything start': parseList('transaction, slave'),
  'anything load': parseList('data local infile, data infile, xml, into table'),
  'anything lock': parseList('tables'),
  'anything unlock': parseList('tables'),
  'anything rename': parseList('table, user'),
  'anything analyze': parseList('table, select, format=json'),
  'anything kill': parseList('query, connection, soft, hard'),
  'anything flush': parseList('tables, privileges, status, logs, hosts'),
  'anything definition': definitions,
  'anything type':
    parseList(`signed, unsigned, char, binary, date, datetime, time, decimal, double, float,
    json, int`),
};

/** Returns the likely phrases at the cursor, in lower case. */
export function getLikelyPhrases({ expected, clause }: CursorContext): readonly string[] {
  return phrases[`${expected} ${clause}`] ?? defaults[expected] ?? [];
}

/** Returns the less likely phrases at the cursor, which come after the likely ones. */
export function getFurtherPhrases(context: CursorContext): readonly string[] {
  const { expected, clause } = context;
  if (expected === 'after-operand' && clause === 'select') return [...operators, ...afterTable];
  if (expected === 'after-operand' && clause === '(') return operators;
  if (expected === 'anything' && clause === 'show') return moreAfterShow;
  if (expected !== 'after-table') return [];
  if (clause === 'join') return [...afterTable, ...moreAfterTable];
  return getLikelyPhrases(context) === afterTable ? moreAfterTable : [];
}

/** The likely phrases by what is expected, for all other clauses. */
const defaults: Partial<Record<CursorContext['expected'], readonly string[]>> = {
  'after-table': afterTable,
  operand: operandStarts,
  'after-operand': operators,
};
