import { readFileSync } from 'node:fs';
import type { SslOptions } from 'mysql2';
import type { TlsSettings } from '../cli/settings.js';
import { clientErrors, ReplicaError } from './replica-error.js';

/**
 * TLS as `mariadb` 10.11 has it: used whenever the server offers it (unless --skip-ssl), the
 * server's certificate believed unless --ssl-verify-server-cert asks for a check.
 *
 * Gives mysql2's options, or undefined for plain TCP. Throws ReplicaError 2026 for a file that
 * cannot be read.
 */
export function tlsOptions(
  settings: TlsSettings,
  serverOffersTls: boolean,
): SslOptions | undefined {
  if (!settings.enabled || !serverOffersTls) return undefined;
  const verify = settings.verifyServerCert;
  const options: SslOptions = { rejectUnauthorized: verify, verifyIdentity: verify };
  if (settings.ca !== undefined) options.ca = readPem(settings.ca);
  // Without a check no authority is needed, and loading Node's own costs several milliseconds.
  else if (!verify) options.ca = [];
  if (settings.cert !== undefined) options.cert = readPem(settings.cert);
  if (settings.key !== undefined) options.key = readPem(settings.key);
  return options;
}

function readPem(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw tlsError(missing ? 'No such file or directory (2)' : 'Permission denied (13)');
  }
}

/** Turns an error of Node's TLS into the client's. */
export function tlsError(reason: string): ReplicaError {
  return new ReplicaError(clientErrors.tls, 'HY000', `TLS/SSL error: ${reason}`, 'connect');
}

/** The client's words for why a handshake failed, as far as they differ from OpenSSL's. */
export function tlsReason(error: Error): string {
  // mysql2 puts a code of its own in the place of Node's.
  return error.message.startsWith("Hostname/IP does not match certificate's altnames")
    ? 'Validation of SSL server certificate failed'
    : error.message;
}
