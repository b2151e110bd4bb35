import type { ShellCommand } from '../../script/item.js';
import type { Outcome } from '../../session/commands/context.js';
import type { ShellContext } from '../context.js';
import { quoteIdentifier, quoteString } from '../quote-sql.js';

const decodeArgument = (word: Uint8Array | undefined) => Buffer.from(word ?? []).toString();

/** The name of a table, and of its database if it was given. */
interface TableName {
  database: string | undefined;
  table: string;
}

/** `\d table`: shows the columns of a table, and its keys and indexes. */
export function describeTable(
  { args, line }: ShellCommand,
  context: ShellContext,
): Outcome | Promise<Outcome> {
  const name = parseTableName(decodeArgument(args[0]));
  if (name === undefined) {
    return context.warn(
      `\\d: expected [DATABASE.]TABLE but found '${decodeArgument(args[0])}'`,
      line,
    );
  }
  const { database, table } = name;
  const qualified = [...(database === undefined ? [] : [database]), table];
  const columns = `show columns from ${qualified.map(quoteIdentifier).join('.')}`;
  return context.runOwnSql(`${columns};\n${indexQuery(name, context)}`, line);
}

function indexQuery({ database, table }: TableName, context: ShellContext): string {
  const quote = (text: string) => quoteString(text, context.reader.sqlMode);
  const schema = database === undefined ? 'database()' : quote(database);
  const isTable = `table_schema = ${schema} and table_name = ${quote(table)}`;
  return `select \`Index\`, Kind, Columns from (
  select index_name as \`Index\`,
    case when index_name = 'PRIMARY' then 'primary key' when non_unique = 0 then 'unique key'
      when index_type in ('FULLTEXT', 'SPATIAL') then concat(lower(index_type), ' index')
      else 'index' end as Kind,
    group_concat(column_name, if(sub_part is null, '', concat('(', sub_part, ')'))
      order by seq_in_index separator ', ') as Columns,
    if(index_name = 'PRIMARY', 0, 1 + min(non_unique)) as position
  from information_schema.statistics where ${isTable} group by index_name
  union all
  select constraint_name, 'foreign key',
    concat(group_concat(column_name order by ordinal_position separator ', '), ' references ',
      referenced_table_name, ' (',
      group_concat(referenced_column_name order by ordinal_position separator ', '), ')'), 3
  from information_schema.key_column_usage
  where ${isTable} and referenced_table_name is not null
  group by constraint_name, referenced_table_name
) as indexes order by position, \`Index\``;
}

/** `\dt [pattern]`: lists tables, of another database with `\dt database.pattern`. */
export function listTables(
  { args, line }: ShellCommand,
  context: ShellContext,
): Outcome | Promise<Outcome> {
  const text = decodeArgument(args[0]);
  const name = text === '' ? { database: undefined, table: '' } : parseTableName(text, true);
  if (args.length > 1 || name === undefined) return context.warn('Usage: \\dt [pattern]', line);
  const { database, table } = name;
  if (database === undefined && context.session.target.database === undefined) {
    return context.warn(
      'No database is selected; use `use DATABASE`, or `\\dt DATABASE.PATTERN`',
      line,
    );
  }
  const quote = (literal: string) => quoteString(literal, context.reader.sqlMode);
  const schema = database === undefined ? 'database()' : quote(database);
  return context.runOwnSql(
    `select table_name as \`Table\`, replace(lower(table_type), 'base table', 'table') as Kind,
  engine as Engine, table_rows as \`Rows (estimate)\`
from information_schema.tables
where table_schema = ${schema}${matchesPattern('table_name', table, quote)} order by table_name`,
    line,
  );
}

/** `\l [pattern]`: lists the databases of the server of this section. */
export function listDatabases(
  { args, line }: ShellCommand,
  context: ShellContext,
): Outcome | Promise<Outcome> {
  if (args.length > 1) return context.warn('Usage: \\l [pattern]', line);
  const quote = (literal: string) => quoteString(literal, context.reader.sqlMode);
  const condition = matchesPattern('schema_name', decodeArgument(args[0]), quote);
  return context.runOwnSql(
    `select schema_name as \`Database\` from information_schema.schemata
where true${condition} order by schema_name`,
    line,
  );
}

/** Returns a condition for a pattern with the wildcards of LIKE, or `*` and `?`. */
function matchesPattern(column: string, pattern: string, quote: (text: string) => string): string {
  if (pattern === '') return '';
  const like = pattern.replaceAll('*', '%').replaceAll('?', '_');
  return ` and ${column} like ${quote(like)}`;
}

/** Splits `database.table`, with or without backticks; undefined if the text is not such a name. */
function parseTableName(text: string, isPattern = false): TableName | undefined {
  const part = isPattern ? '((?:`(?:[^`]|``)*`|[^`.])*)' : '(`(?:[^`]|``)+`|[^`.\\s]+)';
  const match = new RegExp(`^(?:${part}\\.)?${part}$`).exec(text.replace(/\s*\.\s*/, '.'));
  if (match === null) return undefined;
  const [database, table = ''] = match.slice(1).map((name) => name && unquote(name));
  return { database, table };
}

function unquote(name: string): string {
  return name.startsWith('`') ? name.slice(1, -1).replaceAll('``', '`') : name;
}
