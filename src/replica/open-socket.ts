import type { Socket } from 'node:net';
import { constants } from 'node:os';
import { getIpVersion } from '../ip-address.js';
import { clientErrors, SqlError } from '../protocol/sql-error.js';
import type { Endpoint } from '../target/address.js';
import type { Target } from '../target/target.js';
import { type BufferedReader, connectBuffered } from './buffered-reader.js';

/** An open socket and the endpoint of the target to which it is connected. */
export interface OpenSocket {
  reader: BufferedReader;
  /**
   * The host name that the user knows, for certificates and messages. undefined for a socket file.
   */
  endpoint: Endpoint | undefined;
}

/** Options for opening sockets. */
export interface SocketOptions {
  /** Time limit of each attempt, in seconds; 0: the limit of the system. */
  timeoutSeconds: number;
  /**
   * Called with every TCP or UNIX socket before it is connected, so that the caller can destroy it.
   */
  onSocket: ((socket: Socket) => void) | undefined;
}

/**
 * Opens a socket to the target. Tries its endpoints in their order, and every address of each host,
 * until one accepts the connection.
 *
 * Throws the SqlError of the last attempt: 2002 (refused, no socket file), 2005 (unknown host).
 */
export async function openSocket(target: Target, options: SocketOptions): Promise<OpenSocket> {
  const { address } = target;
  if (address.kind === 'socket') {
    return { reader: await openUnixSocket(address.path, options), endpoint: undefined };
  }
  let lookupLimitMs = target.lookupLimitMs;
  const findAddresses = async (host: string) => {
    const startSeconds = process.uptime();
    try {
      return await resolveHost(host, target.lookup, lookupLimitMs);
    } finally {
      lookupLimitMs -= (process.uptime() - startSeconds) * 1000;
    }
  };
  let lastError: unknown;
  for (const endpoint of address.endpoints) {
    try {
      return { reader: await openEndpoint(endpoint, findAddresses, options), endpoint };
    } catch (error) {
      lastError = error;
    }
  }
  throw lastError;
}

/** The maximum length of a socket path on Linux, in bytes. */
const maxPathBytes = 107;

async function openUnixSocket(path: string, options: SocketOptions): Promise<BufferedReader> {
  if (Buffer.byteLength(path) > maxPathBytes) {
    const text = "Can't create UNIX socket (2)";
    throw new SqlError(clientErrors.noSocket, 'HY000', text, 'connect');
  }
  try {
    return await connectOnce({ path }, options);
  } catch (error) {
    const errno = findErrno(error) ?? constants.errno.ECONNREFUSED;
    const text = `Can't connect to local server through socket '${truncateToBytes(path, 64)}' (${errno})`;
    throw new SqlError(clientErrors.cannotConnect, 'HY000', text, 'connect');
  }
}

async function openEndpoint(
  { host, port }: Endpoint,
  findAddresses: (host: string) => Promise<string[]>,
  options: SocketOptions,
): Promise<BufferedReader> {
  const addresses = await findAddresses(host);
  let errno: number | undefined;
  for (const address of addresses) {
    try {
      const reader = await connectOnce({ host: address, port }, options);
      reader.socket.setNoDelay(true);
      reader.socket.setKeepAlive(true);
      return reader;
    } catch (error) {
      // The next address may accept the connection. The error of the last address is reported.
      errno = immediateErrors.has(getErrorCode(error)) ? findErrno(error) : undefined;
    }
  }
  const text = `Can't connect to server on '${host}' (${errno ?? constants.errno.EINPROGRESS})`;
  throw new SqlError(clientErrors.cannotConnect, 'HY000', text, 'connect');
}

/**
 * Returns the addresses of a host within the time limit. Throws SqlError 2005 if there are none, or
 * if no time is left.
 */
async function resolveHost(
  host: string,
  lookup: Target['lookup'],
  limitMs: number,
): Promise<string[]> {
  if (getIpVersion(host) !== 0) return [host];
  const hasLimit = limitMs < Number.POSITIVE_INFINITY;
  const find = lookup ?? (hasLimit ? resolveWithinLimit : resolveWithSystem);
  const addresses = limitMs > 0 ? await find(host, limitMs).catch(() => []) : [];
  if (addresses.length > 0) return addresses;
  const text = `Unknown server host '${truncateToBytes(host, 100)}' (-2)`;
  throw new SqlError(clientErrors.unknownHost, 'HY000', text, 'connect');
}

async function resolveWithinLimit(host: string, limitMs: number): Promise<string[]> {
  const { findSystemAddresses } = await import('../target/dns/system-addresses.js');
  return findSystemAddresses(host, limitMs);
}

function resolveWithSystem(host: string): Promise<string[]> {
  // Load node:dns only when needed: not with --nameserver, and not for an IP address.
  const { lookup } = process.getBuiltinModule('node:dns');
  return new Promise((resolve, reject) => {
    lookup(host, { all: true }, (error, found) =>
      error ? reject(error) : resolve(found.map(({ address }) => address)),
    );
  });
}

function connectOnce(
  destination: { path: string } | { host: string; port: number },
  { timeoutSeconds, onSocket }: SocketOptions,
): Promise<BufferedReader> {
  return new Promise((resolve, reject) => {
    const reader = connectBuffered(destination);
    const { socket } = reader;
    onSocket?.(socket);
    const finish = (error: Error | undefined) => {
      clearTimeout(timer);
      socket.removeListener('connect', onConnect);
      socket.removeListener('error', finish);
      if (error === undefined) return resolve(reader);
      socket.on('error', () => {});
      socket.destroy();
      reject(error);
    };
    const onConnect = () => finish(undefined);
    const timer =
      timeoutSeconds > 0
        ? setTimeout(() => finish(new Error('timed out')), timeoutSeconds * 1000)
        : undefined;
    socket.on('connect', onConnect);
    socket.on('error', finish);
  });
}

/** Errors that `connect` reports immediately. For all others the client reports EINPROGRESS. */
const immediateErrors: ReadonlySet<string> = new Set([
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'EACCES',
  'EINVAL',
]);

/** Returns the number of a system error. */
function findErrno(error: unknown): number | undefined {
  return new Map(Object.entries(constants.errno)).get(getErrorCode(error));
}

function getErrorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** Returns the first bytes of a name, because the client's messages truncate names. */
function truncateToBytes(name: string, bytes: number): string {
  return Buffer.from(name).subarray(0, bytes).toString();
}
