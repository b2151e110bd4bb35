import type { Socket } from 'node:net';
import { constants } from 'node:os';
import { ipVersion } from '../ip-address.js';
import { clientErrors, SqlError } from '../protocol/sql-error.js';
import type { Endpoint } from '../target/address.js';
import type { Target } from '../target/target.js';
import { type BufferedReader, connectBuffered } from './buffered-reader.js';

/** An open socket, and which of the target's endpoints it leads to. */
export interface OpenSocket {
  reads: BufferedReader;
  /** The host as the user knows it, for certificates and messages. */
  endpoint: Endpoint | undefined;
}

/** How sockets are opened. */
export interface SocketAttempt {
  /** Bounds each try; 0 leaves it to the system. */
  timeoutSeconds: number;
  /** Is shown every socket that is tried, before it leads anywhere: so it can be given up. */
  onSocket: ((socket: Socket) => void) | undefined;
}

/**
 * Opens a socket to the target: its endpoints are tried in their order, and of each host every
 * address, until one takes the connection.
 *
 * Throws the last try's SqlError: 2002 (refused, no socket file), 2005 (unknown host).
 */
export async function openSocket(target: Target, opening: SocketAttempt): Promise<OpenSocket> {
  const { address, lookup } = target;
  if (address.kind === 'socket') {
    return { reads: await openLocal(address.path, opening), endpoint: undefined };
  }
  let failure: unknown;
  for (const endpoint of address.endpoints) {
    try {
      return { reads: await openEndpoint(endpoint, lookup, opening), endpoint };
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

/** What the system can take as a socket's path, in bytes. */
const longestPath = 107;

async function openLocal(path: string, opening: SocketAttempt): Promise<BufferedReader> {
  if (Buffer.byteLength(path) > longestPath) {
    const text = "Can't create UNIX socket (2)";
    throw new SqlError(clientErrors.noSocket, 'HY000', text, 'connect');
  }
  try {
    return await openOne({ path }, opening);
  } catch (error) {
    const number = systemNumber(error) ?? constants.errno.ECONNREFUSED;
    const text = `Can't connect to local server through socket '${cut(path, 64)}' (${number})`;
    throw new SqlError(clientErrors.cannotConnect, 'HY000', text, 'connect');
  }
}

async function openEndpoint(
  { host, port }: Endpoint,
  lookup: Target['lookup'],
  opening: SocketAttempt,
): Promise<BufferedReader> {
  const addresses = await addressesOf(host, lookup);
  let number: number | undefined;
  for (const address of addresses) {
    try {
      const reads = await openOne({ host: address, port }, opening);
      reads.socket.setNoDelay(true);
      reads.socket.setKeepAlive(true);
      return reads;
    } catch (error) {
      // The next address may answer; the last one's error is told.
      number = atOnce.has(codeOf(error)) ? systemNumber(error) : undefined;
    }
  }
  const text = `Can't connect to server on '${host}' (${number ?? constants.errno.EINPROGRESS})`;
  throw new SqlError(clientErrors.cannotConnect, 'HY000', text, 'connect');
}

async function addressesOf(host: string, lookup: Target['lookup']): Promise<string[]> {
  if (ipVersion(host) !== 0) return [host];
  const addresses = await (lookup === undefined ? systemAddresses(host) : lookup(host)).catch(
    () => [],
  );
  if (addresses.length > 0) return addresses;
  const text = `Unknown server host '${cut(host, 100)}' (-2)`;
  throw new SqlError(clientErrors.unknownHost, 'HY000', text, 'connect');
}

function systemAddresses(host: string): Promise<string[]> {
  // Loaded late: with --nameserver, and for an address, the system is not asked.
  const { lookup } = process.getBuiltinModule('node:dns');
  return new Promise((resolve, reject) => {
    lookup(host, { all: true }, (error, found) =>
      error ? reject(error) : resolve(found.map(({ address }) => address)),
    );
  });
}

function openOne(
  to: { path: string } | { host: string; port: number },
  { timeoutSeconds, onSocket }: SocketAttempt,
): Promise<BufferedReader> {
  return new Promise((resolve, reject) => {
    const reads = connectBuffered(to);
    const { socket } = reads;
    onSocket?.(socket);
    const settle = (error: Error | undefined) => {
      clearTimeout(timer);
      socket.removeListener('connect', onConnect);
      socket.removeListener('error', settle);
      if (error === undefined) return resolve(reads);
      socket.on('error', () => {});
      socket.destroy();
      reject(error);
    };
    const onConnect = () => settle(undefined);
    const timer =
      timeoutSeconds > 0
        ? setTimeout(() => settle(new Error('timed out')), timeoutSeconds * 1000)
        : undefined;
    socket.on('connect', onConnect);
    socket.on('error', settle);
  });
}

/** Errors that connecting ends in before it has begun; of others the client tells EINPROGRESS. */
const atOnce: ReadonlySet<string> = new Set(['ENETUNREACH', 'EADDRNOTAVAIL', 'EACCES', 'EINVAL']);

/** The number of a system's error. */
function systemNumber(error: unknown): number | undefined {
  return new Map(Object.entries(constants.errno)).get(codeOf(error));
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** The first bytes of a name: the client's messages hold no more of it. */
function cut(name: string, bytes: number): string {
  return Buffer.from(name).subarray(0, bytes).toString();
}
