import { programVersion } from '../../cli/version.js';
import type { Cell } from '../../protocol/row.js';
import { goneAwayError, SqlError } from '../../protocol/sql-error.js';
import type { ReplicaConnection } from '../../replica/connection.js';
import { formatAddress } from '../../target/address.js';
import { fetchRows } from '../fetch-rows.js';
import { formatElapsed } from '../format-elapsed.js';
import type { Command, CommandContext } from './context.js';

const rule = '--------------\n';
const sql =
  'select database(), user(), @@version, @@version_comment, @@protocol_version, ' +
  '@@character_set_server, @@character_set_database, ' +
  '@@character_set_client, @@character_set_connection';

/** The statement that the client shows above the error if the connection is lost. */
const statementOnError = Buffer.from('select DATABASE(), USER() limit 1');

/**
 * `status`: prints the state of the connection and the server, line by line, as the client does.
 */
export const status: Command = async ({ line }, context) => {
  const { connection } = context.session;
  if (connection === undefined) return context.serverError(goneAwayError(), line, statementOnError);
  try {
    const [row = []] = await fetchRows(connection, Buffer.from(sql));
    const statistics = Buffer.from(await connection.statistics()).toString('latin1');
    writeStatus(context, connection, row, statistics);
    return 'continue';
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    return context.serverError(error, line, statementOnError);
  }
};

function writeStatus(
  context: CommandContext,
  connection: ReplicaConnection,
  row: Cell[],
  statistics: string,
): void {
  const { out, reader, settings } = context;
  const writeField = (name: string, tabs: number, ...values: (Cell | string | undefined)[]) => {
    out.appendText(`${name}:${'\t'.repeat(tabs)}`);
    for (const value of values) if (value) out.append(Buffer.from(value));
    out.appendText('\n');
  };
  const [database, user, version, comment, protocol, server, db, client, conn] = row;
  out.appendText(`${rule}${programVersion}\n\n`);
  writeField('Connection id', 2, String(connection.threadId));
  writeField('Current database', 1, database);
  writeField('Current user', 2, user);
  const { cipher } = connection;
  writeField('SSL', 3, cipher === undefined ? 'Not in use' : `Cipher in use is ${cipher}`);
  if (context.ignoresStatements) out.appendText('\nAll updates ignored to this database\n');
  writeField('Current pager', 2, context.destinations.pager);
  writeField('Using outfile', 2, `'${context.destinations.tee}'`);
  writeField('Using delimiter', 1, reader.delimiter);
  const isMariaDB = version != null && Buffer.from(version).includes('MariaDB');
  writeField('Server', 3, isMariaDB ? 'MariaDB' : 'MySQL');
  writeField('Server version', 2, version, ' ', comment);
  writeField('Protocol version', 1, protocol);
  const { host, port } = connection.endpoint ?? {};
  writeField(
    'Connection',
    2,
    host === undefined ? 'Localhost via UNIX socket' : `${host} via TCP/IP`,
  );
  writeField('Server characterset', 1, server);
  writeField('Db     characterset', 1, db);
  writeField('Client characterset', 1, client);
  writeField('Conn.  characterset', 1, conn);
  if (port === undefined) writeField('UNIX socket', 2, formatAddress(connection.target.address));
  else writeField('TCP port', 2, String(port));
  if (settings.connect.compress) writeField('Protocol', 2, 'Compressed');
  const [, seconds = '0', rest = ''] = /^Uptime: (\d+)\s+(.*)$/s.exec(statistics) ?? [];
  writeField('Uptime', 3, formatElapsed(Number(seconds) * 1000, 0));
  out.appendText(`\n${rest}\n`);
  writeSafeUpdates(context);
  out.appendText(`${rule}\n`);
}

function writeSafeUpdates({ out, settings }: CommandContext): void {
  const { safeUpdates } = settings.connect;
  if (!safeUpdates.on) return;
  const { selectLimit, maxJoinSize } = safeUpdates;
  out.appendText(`
Note that you are running in safe_update_mode:
UPDATEs and DELETEs that don't use a key in the WHERE clause are not allowed.
(One can force an UPDATE/DELETE by adding LIMIT # at the end of the command.)
SELECT has an automatic 'LIMIT ${selectLimit}' if LIMIT is not used.
Max number of examined row combination in a join is set to: ${maxJoinSize}

`);
}
