import { clientErrors, type SqlError } from '../protocol/sql-error.js';

/** Decides which errors are worth a retry, and when to retry. */

/**
 * Errors of a server that is restarting or overloaded, or that resolved a deadlock against this
 * session.
 */
const transientServerErrors: ReadonlySet<number> = new Set([
  1040, // too many connections
  1053, // shutdown in progress
  1079, // normal shutdown
  1152, // aborted connection
  1158, // network read error
  1159,
  1160, // network write error
  1161,
  1203, // the user has too many connections
  1205, // lock wait timeout
  1213, // deadlock
  1927, // connection killed; servers do this when they shut down
]);

const connectionErrors: ReadonlySet<number> = new Set([
  clientErrors.cannotConnect,
  clientErrors.goneAway,
  clientErrors.lost,
]);

/** Whether the same statement may succeed after a short wait. */
export function isTransient({ errno, phase }: SqlError): boolean {
  if (transientServerErrors.has(errno) || connectionErrors.has(errno)) return true;
  // Under TLS a lost connection is reported as a TLS error. While connecting, TLS errors are
  // permanent, such as a bad certificate.
  return errno === clientErrors.tls && phase !== 'connect';
}

/** Errors that depend on the state of the server, in which a later run may find it otherwise. */
const errorsOfState: ReadonlySet<number> = new Set([
  3, // error writing a file
  1021, // disk full
  1028, // sort aborted
  1037, // out of memory
  1038, // out of sort memory
  1041, // out of resources
  1114, // table full, such as a temporary one
  1290, // the server runs with an option such as --read-only
  1317, // statement interrupted
  1969, // max_statement_time exceeded
]);

/**
 * Whether trying again cannot cure an error: the statement does not fit the wiki. Errors of the
 * connection and of the server's state may pass.
 */
export function isFinal(error: SqlError): boolean {
  const { errno, phase } = error;
  if (phase === 'connect' || isTransient(error) || errorsOfState.has(errno)) return false;
  return !isClientError(errno);
}

/** The error numbers of the client library. */
function isClientError(errno: number): boolean {
  return errno >= 2000 && errno < 3000;
}

/** Whether the server closes the connection after this error, even if it still looks open. */
export function endsConnection({ errno }: SqlError): boolean {
  return [1053, 1079, 1927].includes(errno);
}

/**
 * Returns the milliseconds to wait before retry number `retry` (from 1): 1, 3, 9 … seconds, at most
 * 60, with a jitter of ±20 %.
 */
export function backOffDelay(retry: number): number {
  const jitter = 0.8 + 0.4 * Math.random();
  return Math.min(1000 * 3 ** (retry - 1), 60_000) * jitter;
}
