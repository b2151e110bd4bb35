import { clientErrors, SqlError } from '../protocol/sql-error.js';

/** Returns a TLS error as the client reports it. */
export function tlsError(reason: string): SqlError {
  return new SqlError(clientErrors.tls, 'HY000', `TLS/SSL error: ${reason}`, 'connect');
}

/**
 * Converts an error of Node's TLS to the error that the client reports: OpenSSL's text without
 * error codes and source locations.
 */
export function toTlsError(error: Error & { reason?: string; code?: string }): SqlError {
  if (error instanceof SqlError) return error;
  if (error.code === 'ECONNRESET') return tlsError('unexpected eof while reading');
  // Node continues checking after the error at which the client stops, and reports the last error.
  if (error.code === 'UNABLE_TO_VERIFY_LEAF_SIGNATURE') {
    return tlsError('unable to get local issuer certificate');
  }
  // Since version 22, Node appends advice to some texts.
  return tlsError(error.reason ?? error.message.replace(/; if the root CA is .*$/s, ''));
}
