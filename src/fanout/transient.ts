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
