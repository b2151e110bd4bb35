import { clientErrors, type SqlError } from '../protocol/sql-error.js';

/** Errors of a server that is being restarted, has too much to do, or took another's side. */
const ofTheServer: ReadonlySet<number> = new Set([
  1040, // too many connections
  1053, // shutdown in progress
  1079, // normal shutdown
  1152, // aborted connection
  1158, // network: reading
  1159,
  1160, // network: writing
  1161,
  1203, // the user has too many connections
  1205, // waited too long for a lock
  1213, // deadlock
  1927, // connection was killed, as a server does that shuts down
]);

const ofTheConnection: ReadonlySet<number> = new Set([
  clientErrors.cannotConnect,
  clientErrors.goneAway,
  clientErrors.lost,
]);

/** Whether the same may go well a little later. */
export function isTransient({ errno, phase }: SqlError): boolean {
  if (ofTheServer.has(errno) || ofTheConnection.has(errno)) return true;
  // Under TLS a lost connection is told so; when connecting it is a certificate or its like.
  return errno === clientErrors.tls && phase !== 'connect';
}

/** Whether the connection is of no more use, whatever it says of itself. */
export function endsConnection({ errno }: SqlError): boolean {
  return [1053, 1079, 1927].includes(errno);
}

/** Milliseconds to wait before try number `retry` (from 1): 1, 3, 9 … seconds, a fifth more or less. */
export function backOff(retry: number): number {
  const jitter = 0.8 + 0.4 * Math.random();
  return Math.min(1000 * 3 ** (retry - 1), 60_000) * jitter;
}
