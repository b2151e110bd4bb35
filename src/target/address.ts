/** A host and a TCP port of a server. `host` has no final dot. */
export interface Endpoint {
  host: string;
  port: number;
}

/** The address of a server. `tcp`: one or more endpoints, in the order of connection attempts. */
export type Address =
  | { kind: 'tcp'; endpoints: readonly [Endpoint, ...Endpoint[]] }
  | { kind: 'socket'; path: string };

/** The client's default port and default socket file (MariaDB 10.11.19 on Debian). */
export const clientPort = 3306;
export const clientSocket = '/run/mysqld/mysqld.sock';

/** The options of the user that determine the address; undefined: not given. */
export interface AddressOptions {
  host?: string | undefined;
  port?: number | undefined;
  socket?: string | undefined;
}

/**
 * Returns the address that the user gave; undefined if neither host nor socket is given. Like the
 * client (10.11.19), a host other than `localhost` takes precedence over a socket, and `localhost`
 * without a port means the socket.
 */
export function addressFromOptions({ host, port, socket }: AddressOptions): Address | undefined {
  if (host === undefined && socket === undefined) return undefined;
  const local = host === undefined || host === 'localhost';
  if (local && (socket !== undefined || port === undefined)) {
    return { kind: 'socket', path: socket ?? clientSocket };
  }
  return makeTcpAddress(host ?? 'localhost', port ?? clientPort);
}

/** Returns an address with one endpoint. */
export function makeTcpAddress(host: string, port: number): Address {
  return { kind: 'tcp', endpoints: [{ host, port }] };
}

/** Returns the endpoint of the first connection attempt; undefined for a socket file. */
export function getFirstEndpoint(address: Address): Endpoint | undefined {
  return address.kind === 'tcp' ? address.endpoints[0] : undefined;
}

/** Returns the path of the socket file; undefined for TCP. */
export function getSocketPath(address: Address): string | undefined {
  return address.kind === 'socket' ? address.path : undefined;
}

/** Returns `host:port` of the first endpoint, or the path of the socket file. */
export function formatAddress(address: Address): string {
  return address.kind === 'tcp' ? formatEndpoint(address.endpoints[0]) : address.path;
}

/** Returns `host:port`, with an IPv6 address in brackets. */
export function formatEndpoint({ host, port }: Endpoint): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
