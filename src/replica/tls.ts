import type { Duplex } from 'node:stream';
import type { PeerCertificate, SecureContextOptions, SecureVersion, TLSSocket } from 'node:tls';
import type { TlsSettings } from '../cli/settings.js';
import { getIpVersion } from '../ip-address.js';
import { tlsError, toTlsError } from './tls-error.js';
import {
  readKey,
  readPem,
  readSystemAuthorities,
  readTrustDirectories,
  readTrustFile,
  type Trust,
} from './tls-files.js';

/** How to perform the TLS handshake and which checks to make. */
export interface TlsPlan {
  context: SecureContextOptions;
  /** One of the authorities must have issued the server's certificate. */
  checksCertificate: boolean;
  /** The certificate must also match the host name. */
  checksName: boolean;
  /**
   * The user requested a check for revoked certificates, but the files contain no revocation list.
   */
  lacksCrl: boolean;
}

/** OpenSSL's defaults for TLS 1.3 and for earlier versions. */
const defaultTls13Suites =
  'TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256';
const defaultCiphers = 'DEFAULT';

const versions: SecureVersion[] = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'];

/** The options that name files or ciphers of TLS, by the settings that hold their values. */
const fileOptions = {
  ca: 'ssl-ca',
  capath: 'ssl-capath',
  cert: 'ssl-cert',
  key: 'ssl-key',
  cipher: 'ssl-cipher',
  crl: 'ssl-crl',
  crlpath: 'ssl-crlpath',
} as const;

/**
 * Returns how to use TLS, or undefined for an unencrypted connection. The rules are those of
 * `mariadb` 10.11: it uses TLS if the server offers it, unless --skip-ssl is given;
 * --ssl-verify-server-cert overrides --skip-ssl. It checks the issuer of the certificate if an
 * authority is given, and the host name only with --ssl-verify-server-cert.
 *
 * There is one difference: over TCP, options that name files or ciphers of TLS require it. The
 * client would send everything unencrypted to a server, or to somebody in between, that does not
 * offer TLS.
 *
 * Throws SqlError 2026 for a file that cannot be used, and if TLS is required but the server does
 * not offer it.
 */
export function planTls(
  settings: TlsSettings,
  server: { offersTls: boolean; isTcp: boolean },
  env: NodeJS.ProcessEnv,
): TlsPlan | undefined {
  const { enabled, verifyServerCert: checksName } = settings;
  if (!enabled && !checksName) return undefined;
  if (!server.offersTls) {
    const text = 'SSL is required, but the server does not support it';
    if (checksName) throw tlsError(text);
    const option = server.isTcp ? findFileOption(settings) : undefined;
    if (option === undefined) return undefined;
    throw tlsError(`${text}; ${option} requires it, use --skip-ssl to connect without`);
  }
  // Without --ssl the client ignores the other options.
  const effective: Partial<TlsSettings> = enabled ? settings : {};
  const ciphers = buildCipherList(effective.cipher);
  const authorities = loadTrust(effective.ca, effective.capath);
  const pair = loadKeyPair(effective);
  const revoked = loadTrust(effective.crl, effective.crlpath);
  const checksCertificate = checksName || authorities !== undefined;
  const crl = [...(authorities?.revoked ?? []), ...(revoked?.revoked ?? [])];
  return {
    context: {
      // Without a check no authorities are needed; loading those of Node costs milliseconds.
      ca: authorities?.certificates ?? (checksName ? readSystemAuthorities(env) : []),
      ciphers,
      ...pair,
      ...(checksCertificate && revoked !== undefined && crl.length > 0 && { crl }),
      ...parseVersionRange(effective.versions),
    },
    checksCertificate,
    checksName,
    lacksCrl: checksCertificate && revoked !== undefined && crl.length === 0,
  };
}

/** Returns the name of the first option that names a file or ciphers of TLS; undefined: none does. */
function findFileOption(settings: TlsSettings): string | undefined {
  const names = Object.keys(fileOptions) as (keyof typeof fileOptions)[];
  const given = names.find((name) => settings[name] !== undefined);
  return given && fileOptions[given];
}

function loadTrust(file: string | undefined, directories: string | undefined): Trust | undefined {
  if (file === undefined && directories === undefined) return undefined;
  const empty: Trust = { certificates: [], revoked: [] };
  const fromFile = file === undefined ? empty : readTrustFile(file);
  const fromDirectories = directories === undefined ? empty : readTrustDirectories(directories);
  return {
    certificates: [...fromFile.certificates, ...fromDirectories.certificates],
    revoked: [...fromFile.revoked, ...fromDirectories.revoked],
  };
}

/**
 * Returns the client's certificate and its key. If only one file is given, it must contain both.
 */
function loadKeyPair({ cert, key = cert, passphrase }: Partial<TlsSettings>): SecureContextOptions {
  const certFile = cert ?? key;
  if (certFile === undefined || key === undefined) return {};
  const pair = { cert: readPem(certFile), key: readKey(key) };
  // Node ignores an empty text, but the client reports an error.
  if (pair.cert === '') throw tlsError('no start line');
  if (pair.key === '') throw tlsError('unsupported');
  return { ...pair, ...(passphrase !== undefined && { passphrase }) };
}

/** Parses --ssl-cipher, which names ciphers of TLS 1.3, of earlier versions, or of both. */
function buildCipherList(cipher: string | undefined): string {
  const names = (cipher ?? '').split(':').filter((name) => name !== '');
  const suites = names.filter((name) => name.startsWith('TLS_')).join(':') || defaultTls13Suites;
  const older = names.filter((name) => !name.startsWith('TLS_')).join(':') || defaultCiphers;
  return `${suites}:${older}`;
}

/**
 * Parses --tls-version. A version is enabled if its name occurs anywhere in the text. If none
 * occurs, OpenSSL's defaults apply. Enabled versions after a gap are not offered.
 */
function parseVersionRange(text = ''): SecureContextOptions {
  const isEnabled = versions.map((version) =>
    text.includes(version === 'TLSv1' ? 'TLSv1.0' : version),
  );
  const first = isEnabled.indexOf(true);
  if (first < 0) return {};
  const gap = isEnabled.indexOf(false, first);
  const last = gap < 0 ? versions.length - 1 : gap - 1;
  return { minVersion: versions[first], maxVersion: versions[last] };
}

/**
 * Starts TLS on a socket after the client has requested it from the server. Calls `done` once:
 * without an argument after the handshake and all checks succeeded, else with SqlError 2026.
 *
 * `host`: the name or the IP address that the user gave.
 */
export function startTls(
  socket: Duplex,
  plan: TlsPlan,
  host: string,
  done: (error?: Error) => void,
): TLSSocket {
  // Load node:tls only when needed: a server without TLS does not need it.
  const tls = process.getBuiltinModule('node:tls');
  const tlsSocket = tls.connect({
    socket,
    secureContext: tls.createSecureContext(plan.context),
    rejectUnauthorized: plan.checksCertificate,
    // The code below checks names and addresses.
    checkServerIdentity: () => undefined,
    // Set the name only if it is checked: node:net takes 7 ms to determine that it is not an
    // address.
    ...(plan.checksName && getIpVersion(host) === 0 && { servername: host }),
  });
  const onError = (error: Error) => done(toTlsError(error));
  tlsSocket.once('error', onError);
  tlsSocket.once('secureConnect', () => {
    tlsSocket.removeListener('error', onError);
    if (plan.lacksCrl) return done(tlsError('unable to get certificate CRL'));
    if (plan.checksName && !isCertificateFor(host, tlsSocket.getPeerCertificate())) {
      return done(tlsError('Validation of SSL server certificate failed'));
    }
    done();
  });
  return tlsSocket;
}

/**
 * Tells whether a certificate is valid for a host. Like OpenSSL, and unlike Node, also accepts the
 * common name of a certificate that lists no DNS names, for an IP address too.
 */
function isCertificateFor(host: string, certificate: PeerCertificate): boolean {
  const { checkServerIdentity } = process.getBuiltinModule('node:tls');
  if (checkServerIdentity(host, certificate) === undefined) return true;
  const { subjectaltname = '', ...withoutAltNames } = certificate;
  if (subjectaltname.includes('DNS:')) return false;
  if (getIpVersion(host) !== 0) return certificate.subject.CN === host;
  return checkServerIdentity(host, withoutAltNames) === undefined;
}
