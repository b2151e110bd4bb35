import { programVersion } from '../../cli/version.js';
import type { Cell } from '../../protocol/row.js';
import { goneAway, SqlError } from '../../protocol/sql-error.js';
import type { ReplicaConnection } from '../../replica/connection.js';
import { addressText } from '../../target/address.js';
import { elapsedText } from '../elapsed.js';
import { fetchRows } from '../rows.js';
import type { Command, CommandContext } from './context.js';

const rule = '--------------\n';
const sql =
  'select database(), user(), @@version, @@version_comment, @@protocol_version, ' +
  '@@character_set_server, @@character_set_database, ' +
  '@@character_set_client, @@character_set_connection';

/** What the client shows as failed when the connection is gone. */
const shown = Buffer.from('select DATABASE(), USER() limit 1');

/** `status`: what the client shows of the connection and the server, line by line. */
export const status: Command = async ({ line }, context) => {
  const { connection } = context.session;
  if (connection === undefined) return context.serverError(goneAway(), line, shown);
  try {
    const [row = []] = await fetchRows(connection, Buffer.from(sql));
    const statistics = Buffer.from(await connection.statistics()).toString('latin1');
    write(context, connection, row, statistics);
    return 'continue';
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    return context.serverError(error, line, shown);
  }
};

function write(
  context: CommandContext,
  connection: ReplicaConnection,
  row: Cell[],
  statistics: string,
): void {
  const { out, reader, settings } = context;
  const say = (name: string, tabs: number, ...values: (Cell | string | undefined)[]) => {
    out.appendText(`${name}:${'\t'.repeat(tabs)}`);
    for (const value of values) if (value) out.append(Buffer.from(value));
    out.appendText('\n');
  };
  const [database, user, version, comment, protocol, server, db, client, conn] = row;
  out.appendText(`${rule}${programVersion}\n\n`);
  say('Connection id', 2, String(connection.threadId));
  say('Current database', 1, database);
  say('Current user', 2, user);
  const { cipher } = connection;
  say('SSL', 3, cipher === undefined ? 'Not in use' : `Cipher in use is ${cipher}`);
  say('Current pager', 2, context.destinations.pager);
  say('Using outfile', 2, `'${context.destinations.tee}'`);
  say('Using delimiter', 1, reader.delimiter);
  const isMariaDB = version != null && Buffer.from(version).includes('MariaDB');
  say('Server', 3, isMariaDB ? 'MariaDB' : 'MySQL');
  say('Server version', 2, version, ' ', comment);
  say('Protocol version', 1, protocol);
  const { host, port } = connection.endpoint ?? {};
  say('Connection', 2, host === undefined ? 'Localhost via UNIX socket' : `${host} via TCP/IP`);
  say('Server characterset', 1, server);
  say('Db     characterset', 1, db);
  say('Client characterset', 1, client);
  say('Conn.  characterset', 1, conn);
  if (port === undefined) say('UNIX socket', 2, addressText(connection.target.address));
  else say('TCP port', 2, String(port));
  if (settings.connect.compress) say('Protocol', 2, 'Compressed');
  const [, seconds = '0', rest = ''] = /^Uptime: (\d+)\s+(.*)$/s.exec(statistics) ?? [];
  say('Uptime', 3, elapsedText(Number(seconds) * 1000, 0));
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
