import { Failure } from '../failure.js';
import { clientPort, clientSocket, tcpAddress } from '../target/address.js';
import type { TargetRequest } from '../target/target.js';

/** The server that the user chose; undefined: the section and DNS decide. */
export type EndpointOverride = Pick<TargetRequest, 'address' | 'port'>;

/** The options that choose a server. They count on the command line only. */
export interface PlaceOptions {
  host: string | undefined;
  port: number | undefined;
  socket: string | undefined;
  /** By the last of --port, --socket and --protocol. */
  protocol: Protocol | undefined;
}

const protocols = ['tcp', 'socket', 'pipe'] as const;
type Protocol = (typeof protocols)[number];

/**
 * Decides between host, port and socket as mariadb 10.11.19 does: the last of --port, --socket and
 * --protocol chooses TCP or the socket; a host other than 'localhost' is always reached over TCP;
 * 'localhost' without a choice of TCP is the local socket. MYSQL_TCP_PORT and MYSQL_UNIX_PORT are
 * the defaults of port and socket once the user has named a host or asked for a socket.
 *
 * @throws Failure `bad-protocol` for named pipes
 */
export function endpointOverride(
  { host, port, socket, protocol }: PlaceOptions,
  env: NodeJS.ProcessEnv,
): EndpointOverride {
  if (protocol === 'pipe') {
    const text = 'ERROR 2047 (HY000): Wrong or unknown protocol';
    throw new Failure('bad-protocol', text, 1, [text]);
  }
  const isNamed = host !== undefined || socket !== undefined;
  const isLocal = host === undefined || host === 'localhost';
  if (isLocal && protocol !== 'tcp' && (isNamed || protocol === 'socket')) {
    const path = socket || env.MYSQL_UNIX_PORT || clientSocket;
    return { address: { kind: 'socket', path }, port: undefined };
  }
  // Neither host nor socket: the section decides.
  if (!isNamed) return { address: undefined, port };
  const tcpPort = port ?? (Number.parseInt(env.MYSQL_TCP_PORT ?? '', 10) || clientPort);
  return { address: tcpAddress(host ?? 'localhost', tcpPort), port };
}

/**
 * Reads the value of --protocol, which may be shortened; undefined for an empty one, which takes
 * back an earlier choice.
 *
 * @throws Failure `bad-protocol`
 */
export function readProtocol(text: string): Protocol | undefined {
  if (text === '') return undefined;
  const found = protocols.find((protocol) => protocol.startsWith(text.toLowerCase()));
  if (found) return found;
  const problem = `Unknown option to protocol: ${text}`;
  const choice = "Alternatives are: 'TCP','SOCKET','PIPE'";
  throw new Failure('bad-protocol', `${problem}. ${choice}`, 1, [problem, choice]);
}
