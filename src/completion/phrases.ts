import type { CursorContext } from './cursor-context.js';

/*
 * What people go on with. These come before the other keywords, and those of two words are
 * put in whole.
 */

const list = (text: string): readonly string[] =>
  text
    .split(/[,\n]/)
    .map((phrase) => phrase.trim())
    .filter((phrase) => phrase !== '');

/** What a statement on a replica begins with most often, and the others. */
export const statements = list('select, show, desc, describe, explain, with');
export const otherStatements = list(`insert into, update, delete from, replace into, create table,
  create view, create index, create database, alter table, drop table, drop view, drop database,
  truncate table, set, begin, start transaction, commit, rollback, analyze table, call,
  load data local infile, lock tables, unlock tables, kill, grant, revoke, rename table, execute,
  prepare, values, flush, check table, optimize table, do`);

const behindTable = list('as, join, left join, where, group by, order by, limit');

const moreBehindTable =
  list(`right join, inner join, cross join, natural join, straight_join, having,
  union, union all, use index, force index, ignore index, for update, into outfile, partition`);

const operators =
  list(`and, or, xor, not, in, not in, is null, is not null, like, not like, between,
  not between, regexp, rlike, div, mod, collate`);

const endings = list(
  `group by, order by, having, limit, union, union all, into outfile, for update`,
);

const operands = list(`case, not, null, true, false, exists, interval, default, cast, binary`);

const definitions = list(`primary key, unique key, key, index, foreign key, constraint, references,
  not null, null, default, auto_increment, comment, character set, collate, unsigned, int, bigint,
  tinyint, smallint, mediumint, decimal, float, double, varchar, char, varbinary, binary, text, blob,
  mediumtext, mediumblob, longtext, longblob, date, datetime, timestamp, time, year, json, enum, set`);

const moreToShow = list(`full tables, create view, create database, table status, global status,
  session status, global variables, session variables, errors, engines, slave status,
  all slaves status, triggers, events, plugins, privileges, character set, collation, master status,
  engine innodb status, procedure status, function status, explain for`);

const phrases: Readonly<Record<string, readonly string[]>> = {
  'table explain': list(
    'select, update, delete from, insert into, extended, format=json, partitions',
  ),
  'table insert': list('into, ignore into'),
  'table replace': list('into'),
  'table delete': list('from'),
  'table into': list('outfile, dumpfile, table'),
  'table table': list('if exists'),
  'table truncate': list('table'),

  'behind-table from': behindTable,
  'behind-table join': list('on, using, as'),
  'behind-table on': behindTable,
  'behind-table using': behindTable,
  'behind-table update': list('set, as, join, left join, inner join'),
  'behind-table delete': list('from, using, where'),
  'behind-table insert': list('values, select, set'),
  'behind-table replace': list('values, select, set'),
  'behind-table into': list('values, select, set, with, fields terminated by, lines terminated by'),
  'behind-table table': list(`add, add column, add index, drop, drop column, drop index, modify,
    change, rename to, engine, convert to, order by, like, read, write`),
  'behind-table show': list('from, like, where'),

  'operand select': [...operands, ...list('distinct, sql_no_cache, sql_calc_found_rows')],
  'operand (': [...operands, 'distinct'],

  'behind-operand select': list('from, as, into outfile'),
  'behind-operand where': [...operators, ...endings],
  'behind-operand on': [...operators, ...behindTable, ...moreBehindTable],
  'behind-operand having': [...operators, ...endings],
  'behind-operand group': list('having, order by, limit, with rollup, asc, desc, union, union all'),
  'behind-operand order': list('asc, desc, limit, for update, into outfile, union, union all'),
  'behind-operand limit': list('offset, for update, into outfile, union, union all'),
  'behind-operand set': list('where, order by, limit'),
  'behind-operand values': list('on duplicate key update, returning'),
  'behind-operand (': list('as, asc, desc, separator, order by, partition by, and, or'),
  'behind-operand over': list('partition by, order by, rows between, range between'),
  'operand over': list('partition by, order by'),
  'behind-operand convert': list('using'),
  'behind-operand cast': list('as'),

  'anything show': list(`tables, databases, create table, columns from, full columns from,
    index from, processlist, full processlist, warnings, status, variables, grants`),
  'anything show create': list('table, view, database, function, procedure, trigger, event, user'),
  'anything show columns': list('from, in'),
  'anything show full': list('tables, columns from, processlist'),
  'anything show global': list('variables, status'),
  'anything show session': list('variables, status'),
  'anything show like': list('like, where, from, limit'),
  'anything create': list(`table, temporary table, or replace table, view, or replace view, index,
    unique index, database, user, function, procedure, trigger, event, if not exists`),
  'anything alter': list('table, view, database, user, event, procedure, function'),
  'anything drop': list(`table, view, index, database, user, function, procedure, trigger, event,
    temporary table, if exists`),
  'anything group': list('by'),
  'anything order': list('by'),
  'anything partition': list('by'),
  'anything set': list(`names, character set, global, session, statement, transaction, autocommit,
    sql_mode, password, role, default role, max_statement_time`),
  'anything start': list('transaction, slave'),
  'anything load': list('data local infile, data infile, xml, into table'),
  'anything lock': list('tables'),
  'anything unlock': list('tables'),
  'anything rename': list('table, user'),
  'anything analyze': list('table, select, format=json'),
  'anything kill': list('query, connection, soft, hard'),
  'anything flush': list('tables, privileges, status, logs, hosts'),
  'anything definition': definitions,
  'anything type':
    list(`signed, unsigned, char, binary, date, datetime, time, decimal, double, float,
    json, int`),
};

/** What is likely to follow, in lower case; of several words, some. */
export function phrasesAt({ expected, clause }: CursorContext): readonly string[] {
  return phrases[`${expected} ${clause}`] ?? defaults[expected] ?? [];
}

/** What may follow too, and comes second. */
export function secondPhrasesAt(place: CursorContext): readonly string[] {
  const { expected, clause } = place;
  if (expected === 'behind-operand' && clause === 'select') return [...operators, ...behindTable];
  if (expected === 'behind-operand' && clause === '(') return operators;
  if (expected === 'anything' && clause === 'show') return moreToShow;
  if (expected !== 'behind-table') return [];
  if (clause === 'join') return [...behindTable, ...moreBehindTable];
  return phrasesAt(place) === behindTable ? moreBehindTable : [];
}

const defaults: Partial<Record<CursorContext['expected'], readonly string[]>> = {
  'behind-table': behindTable,
  operand: operands,
  'behind-operand': operators,
};
