/** A server that listens on a TCP port. `host` carries no final dot. */
export interface Endpoint {
  host: string;
  port: number;
}

/** Where a server listens. `tcp`: the endpoints in the order in which they are tried. */
export type Address =
  | { kind: 'tcp'; endpoints: readonly [Endpoint, ...Endpoint[]] }
  | { kind: 'socket'; path: string };

/** The client's own port and socket file, as MariaDB 10.11.19 on Debian has them. */
export const clientPort = 3306;
export const clientSocket = '/run/mysqld/mysqld.sock';

/** What the user said of the address; undefined: nothing. */
export interface AddressOptions {
  host?: string | undefined;
  port?: number | undefined;
  socket?: string | undefined;
}

/**
 * The address that the user named, undefined where neither host nor socket is named. As with the
 * client (10.11.19), a host other than `localhost` goes before a socket, and `localhost` without a
 * port means the socket.
 */
export function addressOf({ host, port, socket }: AddressOptions): Address | undefined {
  if (host === undefined && socket === undefined) return undefined;
  const local = host === undefined || host === 'localhost';
  if (local && (socket !== undefined || port === undefined)) {
    return { kind: 'socket', path: socket ?? clientSocket };
  }
  return tcpAddress(host ?? 'localhost', port ?? clientPort);
}

/** The address of one server. */
export function tcpAddress(host: string, port: number): Address {
  return { kind: 'tcp', endpoints: [{ host, port }] };
}

/** The endpoint that is tried first; undefined for a socket file. */
export function firstEndpoint(address: Address): Endpoint | undefined {
  return address.kind === 'tcp' ? address.endpoints[0] : undefined;
}

/** The path of the socket file; undefined for TCP. */
export function socketPathOf(address: Address): string | undefined {
  return address.kind === 'socket' ? address.path : undefined;
}

/** `host:port` of the endpoint that is tried first, or the path of the socket file. */
export function addressText(address: Address): string {
  return address.kind === 'tcp' ? hostAndPort(address.endpoints[0]) : address.path;
}

/** `host:port`, an IPv6 address in brackets. */
export function hostAndPort({ host, port }: Endpoint): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
