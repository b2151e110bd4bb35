import { SqlError } from '../../protocol/sql-error.js';
import { clientPort, firstEndpoint, tcpAddress } from '../../target/address.js';
import { inDatabase, type Target } from '../../target/target.js';
import type { Command } from './context.js';

/**
 * `connect [database [host]]`: a new connection in place of the old one. What is named is kept for
 * the next `connect`, also if this one fails; the statement that is being collected is forgotten.
 */
export const connect: Command = async ({ args, line }, context) => {
  const { session } = context;
  context.reader.clear();
  session.target = changed(session.target, args);
  try {
    const { threadId } = await session.open();
    const database = session.target.database ?? '*** NONE ***';
    context.inform(`Connection id:    ${threadId}\nCurrent database: ${database}\n`);
    return 'continue';
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    return context.serverError(error, line);
  }
};

function changed(target: Target, [database, host]: Uint8Array[]): Target {
  if (database === undefined) return target;
  const named = inDatabase(target, Buffer.from(database).toString());
  if (host === undefined) return named;
  const port = firstEndpoint(target.address)?.port ?? clientPort;
  return { ...named, address: tcpAddress(Buffer.from(host).toString(), port) };
}
