import { clientErrors, SqlError } from '../protocol/sql-error.js';

/** An error of TLS as the client tells it. */
export function tlsError(reason: string): SqlError {
  return new SqlError(clientErrors.tls, 'HY000', `TLS/SSL error: ${reason}`, 'connect');
}

/**
 * An error of Node's TLS as the client would tell it: in OpenSSL's words, without its codes and
 * places.
 */
export function asTlsError(error: Error & { reason?: string; code?: string }): SqlError {
  if (error instanceof SqlError) return error;
  if (error.code === 'ECONNRESET') return tlsError('unexpected eof while reading');
  // Node goes on checking after the error that the client stops at, and tells the last.
  if (error.code === 'UNABLE_TO_VERIFY_LEAF_SIGNATURE') {
    return tlsError('unable to get local issuer certificate');
  }
  // Since 22, Node adds advice of its own to some texts.
  return tlsError(error.reason ?? error.message.replace(/; if the root CA is .*$/s, ''));
}
