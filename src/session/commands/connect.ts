import { SqlError } from '../../protocol/sql-error.js';
import { clientPort, getFirstEndpoint, makeTcpAddress } from '../../target/address.js';
import { type Target, withDatabase } from '../../target/target.js';
import type { Command } from './context.js';

/**
 * `connect [database [host]]`: replaces the connection by a new one. The next `connect` uses the
 * same database and host, also if this one fails. Discards the pending statement.
 */
export const connect: Command = async ({ args, line }, context) => {
  const { session } = context;
  context.reader.clear();
  session.target = changeTarget(session.target, args);
  try {
    const { threadId } = await session.open();
    const database = session.target.database ?? '*** NONE ***';
    context.printNotice(`Connection id:    ${threadId}\nCurrent database: ${database}\n`);
    return 'continue';
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    return context.serverError(error, line);
  }
};

function changeTarget(target: Target, [database, host]: Uint8Array[]): Target {
  if (database === undefined) return target;
  const inNamedDatabase = withDatabase(target, Buffer.from(database).toString());
  if (host === undefined) return inNamedDatabase;
  const port = getFirstEndpoint(target.address)?.port ?? clientPort;
  return { ...inNamedDatabase, address: makeTcpAddress(Buffer.from(host).toString(), port) };
}
