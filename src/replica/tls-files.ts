import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { clientErrors, SqlError } from '../protocol/sql-error.js';
import { tlsError } from './tls-error.js';

/** Where Debian's OpenSSL looks for authorities if none are given. */
const systemCaFile = '/usr/lib/ssl/cert.pem';
const systemCaDirectory = '/usr/lib/ssl/certs';

const certificateBlock = buildPemPattern('(?:X509 |TRUSTED )?CERTIFICATE');
const revocationBlock = buildPemPattern('X509 CRL');

const encryptedKey = /^(?:-----BEGIN ENCRYPTED PRIVATE KEY-----|Proc-Type: 4,ENCRYPTED)\r?$/m;

function buildPemPattern(label: string): RegExp {
  return new RegExp(`-----BEGIN (${label})-----[\\s\\S]*?-----END \\1-----`, 'g');
}

/** Certificates and revocation lists, each a PEM block. */
export interface Trust {
  certificates: string[];
  revoked: string[];
}

/**
 * Returns the text of a file that the user named; for a directory an empty text, like OpenSSL.
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

/**
 * Returns the text of a key file, like readPem. The client has a longer message for a missing key;
 * its `Errcode` is not a system error number.
 */
export function readKey(path: string): string {
  if (existsSync(path)) return readPem(path);
  throw new SqlError(clientErrors.tls, 'HY000', `File '${path}' not found (Errcode: 2)`, 'connect');
}

/** Returns whether a file is a private key that is encrypted with a passphrase. */
export function isEncryptedKey(path: string): boolean {
  try {
    return encryptedKey.test(readFileSync(path, 'latin1'));
  } catch {
    return false;
  }
}

/**
 * Reads a file of --ssl-ca or --ssl-crl. Each may contain both certificates and revocation lists.
 * Throws SqlError 2026.
 */
export function readTrustFile(path: string): Trust {
  const trust = parseTrust(readPem(path));
  if (trust.certificates.length + trust.revoked.length === 0) {
    throw tlsError('no certificate or crl found');
  }
  return trust;
}

/**
 * Reads the directories of --ssl-capath or --ssl-crlpath, which are separated by `:`. Reads only
 * files whose names are hashes, as `openssl rehash` creates them. A missing directory or file is
 * not an error. Throws SqlError 2026 for an empty path.
 */
export function readTrustDirectories(paths: string): Trust {
  if (paths === '') throw tlsError('invalid directory');
  const trusts = paths
    .split(delimiter)
    .flatMap((directory) => listHashedFiles(directory).map(readTrustIfReadable));
  return {
    certificates: trusts.flatMap((trust) => trust.certificates),
    revoked: trusts.flatMap((trust) => trust.revoked),
  };
}

/** Returns the certificates of the authorities that this machine trusts, as OpenSSL finds them. */
export function readSystemAuthorities(env: NodeJS.ProcessEnv): string[] {
  const file = readTrustIfReadable(env.SSL_CERT_FILE ?? systemCaFile);
  return [
    ...file.certificates,
    ...readTrustDirectories(env.SSL_CERT_DIR || systemCaDirectory).certificates,
  ];
}

function parseTrust(text: string): Trust {
  return {
    certificates: text.match(certificateBlock) ?? [],
    revoked: text.match(revocationBlock) ?? [],
  };
}

function readTrustIfReadable(path: string): Trust {
  try {
    return parseTrust(readFileSync(path, 'utf8'));
  } catch {
    return { certificates: [], revoked: [] };
  }
}

function listHashedFiles(directory: string): string[] {
  try {
    const names = readdirSync(directory).filter((name) => /^[0-9a-f]{8}\.r?\d+$/.test(name));
    return names.map((name) => join(directory, name));
  } catch {
    return [];
  }
}
