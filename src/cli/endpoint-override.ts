import { Failure } from '../failure.js';
import { clientPort, clientSocket, makeTcpAddress } from '../target/address.js';
import type { TargetRequest } from '../target/target.js';

/*
 * Chooses the server from --host, --port, --socket and --protocol, like the mariadb client.
 */

/** The server that the user chose; undefined: the section and DNS determine the server. */
export type EndpointOverride = Pick<TargetRequest, 'address' | 'port'>;

/** The options that choose a server. They have an effect on the command line only. */
export interface EndpointOptions {
  host: string | undefined;
  port: number | undefined;
  socket: string | undefined;
  /** The last of --port, --socket and --protocol determines it. */
  protocol: Protocol | undefined;
}

const protocols = ['tcp', 'socket', 'pipe'] as const;
type Protocol = (typeof protocols)[number];

/**
 * Chooses between host, port and socket like mariadb 10.11.19: the last of --port, --socket and
 * --protocol selects TCP or the socket. A host other than 'localhost' always means TCP; 'localhost'
 * means the local socket unless TCP is selected. MYSQL_TCP_PORT and MYSQL_UNIX_PORT are the
 * defaults of port and socket if the user gave a host or selected a socket.
 *
 * @throws Failure `bad-protocol` for named pipes
 */
export function chooseEndpoint(
  { host, port, socket, protocol }: EndpointOptions,
  env: NodeJS.ProcessEnv,
): EndpointOverride {
  if (protocol === 'pipe') {
    const text = 'ERROR 2047 (HY000): Wrong or unknown protocol';
    throw new Failure('bad-protocol', text, 1, [text]);
  }
  const hasHostOrSocket = host !== undefined || socket !== undefined;
  const isLocal = host === undefined || host === 'localhost';
  if (isLocal && protocol !== 'tcp' && (hasHostOrSocket || protocol === 'socket')) {
    const path = socket || env.MYSQL_UNIX_PORT || clientSocket;
    return { address: { kind: 'socket', path }, port: undefined };
  }
  // Neither host nor socket was given: the section determines the server.
  if (!hasHostOrSocket) return { address: undefined, port };
  const tcpPort = port ?? (Number.parseInt(env.MYSQL_TCP_PORT ?? '', 10) || clientPort);
  return { address: makeTcpAddress(host ?? 'localhost', tcpPort), port };
}

/**
 * Reads the value of --protocol, which may be abbreviated. Returns undefined for an empty value,
 * which cancels an earlier --protocol.
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
