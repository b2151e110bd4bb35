import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { clientErrors, SqlError } from '../protocol/sql-error.js';
import { tlsError } from './tls-error.js';

/** Where Debian's OpenSSL looks for authorities when none were named. */
const systemFile = '/usr/lib/ssl/cert.pem';
const systemDirectory = '/usr/lib/ssl/certs';

const certificateBlock = block('(?:X509 |TRUSTED )?CERTIFICATE');
const revocationBlock = block('X509 CRL');

function block(label: string): RegExp {
  return new RegExp(`-----BEGIN (${label})-----[\\s\\S]*?-----END \\1-----`, 'g');
}

/** Certificates and lists of revoked ones, PEM blocks each. */
export interface Trust {
  certificates: string[];
  revoked: string[];
}

/**
 * The text of a file that the user named. A directory reads as empty, as for OpenSSL.
 * Throws SqlError 2026.
 */
export function readPem(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EISDIR') return '';
    if (code === 'EACCES') throw tlsError('Permission denied (13)');
    throw tlsError('No such file or directory (2)');
  }
}

/** As readPem; of a missing key the client says more (but its number is none of an error). */
export function readKey(path: string): string {
  if (existsSync(path)) return readPem(path);
  throw new SqlError(clientErrors.tls, 'HY000', `File '${path}' not found (Errcode: 2)`, 'connect');
}

/** A file of --ssl-ca or --ssl-crl: each may hold both. Throws SqlError 2026. */
export function trustFile(path: string): Trust {
  const trust = trustIn(readPem(path));
  if (trust.certificates.length + trust.revoked.length === 0) {
    throw tlsError('no certificate or crl found');
  }
  return trust;
}

/**
 * The directories of --ssl-capath or --ssl-crlpath, `:` between them: of each the files that are named
 * by a hash, as `openssl rehash` names them. What is missing is no error. Throws SqlError 2026
 * for an empty path.
 */
export function trustDirectories(paths: string): Trust {
  if (paths === '') throw tlsError('invalid directory');
  const all = paths
    .split(delimiter)
    .flatMap((directory) => hashedFiles(directory).map(trustInReadable));
  return {
    certificates: all.flatMap((trust) => trust.certificates),
    revoked: all.flatMap((trust) => trust.revoked),
  };
}

/** The authorities that this machine trusts, as OpenSSL finds them. */
export function systemAuthorities(env: NodeJS.ProcessEnv): string[] {
  const file = trustInReadable(env.SSL_CERT_FILE ?? systemFile);
  return [
    ...file.certificates,
    ...trustDirectories(env.SSL_CERT_DIR || systemDirectory).certificates,
  ];
}

function trustIn(text: string): Trust {
  return {
    certificates: text.match(certificateBlock) ?? [],
    revoked: text.match(revocationBlock) ?? [],
  };
}

function trustInReadable(path: string): Trust {
  try {
    return trustIn(readFileSync(path, 'utf8'));
  } catch {
    return { certificates: [], revoked: [] };
  }
}

function hashedFiles(directory: string): string[] {
  try {
    const names = readdirSync(directory).filter((name) => /^[0-9a-f]{8}\.r?\d+$/.test(name));
    return names.map((name) => join(directory, name));
  } catch {
    return [];
  }
}
