import { chooseEndpoint } from '../../cli/endpoint-override.js';
import type { Settings } from '../../cli/settings.js';
import { SqlError } from '../../protocol/sql-error.js';
import { type Address, getFirstEndpoint, makeTcpAddress } from '../../target/address.js';
import { type Target, withDatabase } from '../../target/target.js';
import type { Command } from './context.js';

/**
 * `connect [database [host]]`: replaces the connection by a new one. The next `connect` uses the
 * same database and host, also if this one fails. Discards the pending statement.
 */
export const connect: Command = async ({ args, line }, context) => {
  const { session } = context;
  context.reader.clear();
  session.target = changeTarget(session.target, args, context.settings);
  try {
    const { threadId } = await session.open();
    context.reader.characterSet = session.characterSet;
    const database = session.target.database ?? '*** NONE ***';
    context.printNotice(`Connection id:    ${threadId}\nCurrent database: ${database}\n`);
    return 'continue';
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    return context.serverError(error, line);
  }
};

function changeTarget(
  target: Target,
  [database, host]: Uint8Array[],
  { endpointOptions }: Settings,
): Target {
  if (database === undefined) return target;
  const inNamedDatabase = withDatabase(target, Buffer.from(database).toString());
  if (host === undefined) return inNamedDatabase;
  return {
    ...inNamedDatabase,
    section: undefined,
    sectionSource: undefined,
    sectionDetail: undefined,
    address: chooseAddress(Buffer.from(host).toString(), target, endpointOptions),
    endpointSource: 'user',
    endpointDetail: 'connect',
  };
}

/**
 * Like the client, connects to the host as if --host had named it. A port that was looked up stays.
 */
function chooseAddress(
  host: string,
  current: Target,
  options: Settings['endpointOptions'],
): Address {
  const { address = current.address } = chooseEndpoint({ ...options, host }, process.env);
  const port = current.endpointSource === 'user' ? undefined : currentPort(current);
  if (address.kind === 'socket' || port === undefined) return address;
  return makeTcpAddress(host, options.port ?? port);
}

function currentPort({ address }: Target): number | undefined {
  return getFirstEndpoint(address)?.port;
}
