import type { Duplex } from 'node:stream';
import type { PeerCertificate, SecureContextOptions, SecureVersion, TLSSocket } from 'node:tls';
import type { TlsSettings } from '../cli/settings.js';
import { ipVersion } from '../ip-address.js';
import { asTlsError, tlsError } from './tls-error.js';
import {
  readKey,
  readPem,
  systemAuthorities,
  type Trust,
  trustDirectories,
  trustFile,
} from './tls-files.js';

/** What is to be done once the server has agreed to speak TLS. */
export interface TlsPlan {
  context: SecureContextOptions;
  /** The server's certificate must come from one of the authorities. */
  checksCertificate: boolean;
  /** The name must be the certificate's, too. */
  checksName: boolean;
  /** Revoked certificates were asked about, but no list of them was found. */
  lacksRevoked: boolean;
}

/** What OpenSSL offers for TLS 1.3, and for the versions before it. */
const defaultSuites = 'TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256';
const defaultCiphers = 'DEFAULT';

const versions: SecureVersion[] = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'];

/**
 * TLS as `mariadb` 10.11 has it: used whenever the server offers it, unless --skip-ssl, which
 * --ssl-verify-server-cert overrules. The certificate's authority is checked as soon as one is
 * named, the host's name with --ssl-verify-server-cert alone.
 *
 * Gives undefined for plain TCP. Throws ReplicaError 2026 for a file that cannot be used, and where
 * a check was asked of a server that has no TLS.
 */
export function planTls(
  settings: TlsSettings,
  serverOffersTls: boolean,
  env: NodeJS.ProcessEnv,
): TlsPlan | undefined {
  const { enabled, verifyServerCert: checksName } = settings;
  if (!enabled && !checksName) return undefined;
  if (!serverOffersTls) {
    if (!checksName) return undefined;
    throw tlsError('SSL is required, but the server does not support it');
  }
  // Without --ssl the client has forgotten what the other options said.
  const said: Partial<TlsSettings> = enabled ? settings : {};
  const ciphers = ciphersOf(said.cipher);
  const authorities = trustOf(said.ca, said.capath);
  const pair = pairOf(said.cert, said.key);
  const revoked = trustOf(said.crl, said.crlpath);
  const checksCertificate = checksName || authorities !== undefined;
  const crl = [...(authorities?.revoked ?? []), ...(revoked?.revoked ?? [])];
  return {
    context: {
      // Without a check no authority is needed, and loading Node's own costs several milliseconds.
      ca: authorities?.certificates ?? (checksName ? systemAuthorities(env) : []),
      ciphers,
      ...pair,
      ...(checksCertificate && revoked !== undefined && crl.length > 0 && { crl }),
      ...versionRange(said.versions),
    },
    checksCertificate,
    checksName,
    lacksRevoked: checksCertificate && revoked !== undefined && crl.length === 0,
  };
}

function trustOf(file: string | undefined, directories: string | undefined): Trust | undefined {
  if (file === undefined && directories === undefined) return undefined;
  const none: Trust = { certificates: [], revoked: [] };
  const one = file === undefined ? none : trustFile(file);
  const more = directories === undefined ? none : trustDirectories(directories);
  return {
    certificates: [...one.certificates, ...more.certificates],
    revoked: [...one.revoked, ...more.revoked],
  };
}

/** Our certificate and its key; a file that is named alone has to hold both. */
function pairOf(cert: string | undefined, key = cert): SecureContextOptions {
  const certFile = cert ?? key;
  if (certFile === undefined || key === undefined) return {};
  const pair = { cert: readPem(certFile), key: readKey(key) };
  // Node takes an empty text for none.
  if (pair.cert === '') throw tlsError('no start line');
  if (pair.key === '') throw tlsError('unsupported');
  return pair;
}

/** --ssl-cipher names ciphers of TLS 1.3, of the versions before it, or both. */
function ciphersOf(cipher: string | undefined): string {
  const named = (cipher ?? '').split(':').filter((name) => name !== '');
  const suites = named.filter((name) => name.startsWith('TLS_')).join(':') || defaultSuites;
  const older = named.filter((name) => !name.startsWith('TLS_')).join(':') || defaultCiphers;
  return `${suites}:${older}`;
}

/**
 * --tls-version: a version counts where its name stands anywhere in the text; without any, all that
 * OpenSSL allows. Of several they must follow each other: what is beyond a gap is not offered.
 */
function versionRange(text = ''): SecureContextOptions {
  const wanted = versions.map((version) =>
    text.includes(version === 'TLSv1' ? 'TLSv1.0' : version),
  );
  const first = wanted.indexOf(true);
  if (first < 0) return {};
  const gap = wanted.indexOf(false, first);
  const last = gap < 0 ? versions.length - 1 : gap - 1;
  return { minVersion: versions[first], maxVersion: versions[last] };
}

/**
 * Starts TLS on a socket whose server has been asked for it. `done` is called once, with
 * ReplicaError 2026 or when the connection is secure and the server who it should be.
 *
 * `host`: as the user knows it, a name or an IP address.
 */
export function startTls(
  socket: Duplex,
  plan: TlsPlan,
  host: string,
  done: (error?: Error) => void,
): TLSSocket {
  // Loaded late: it is not needed for a server without TLS.
  const tls = process.getBuiltinModule('node:tls');
  const secure = tls.connect({
    socket,
    secureContext: tls.createSecureContext(plan.context),
    rejectUnauthorized: plan.checksCertificate,
    // Checked below, for a name and an address alike.
    checkServerIdentity: () => undefined,
    // The name matters where it is checked alone: node:net takes 7 ms to see that it is no address.
    ...(plan.checksName && ipVersion(host) === 0 && { servername: host }),
  });
  const onError = (error: Error) => done(asTlsError(error));
  secure.once('error', onError);
  secure.once('secureConnect', () => {
    secure.removeListener('error', onError);
    if (plan.lacksRevoked) return done(tlsError('unable to get certificate CRL'));
    if (plan.checksName && !isFor(host, secure.getPeerCertificate())) {
      return done(tlsError('Validation of SSL server certificate failed'));
    }
    done();
  });
  return secure;
}

/**
 * Whether a certificate is that of a host. Node's check, and as OpenSSL has it also the common name
 * where the certificate lists no DNS names, for an IP address too.
 */
function isFor(host: string, certificate: PeerCertificate): boolean {
  const { checkServerIdentity } = process.getBuiltinModule('node:tls');
  if (checkServerIdentity(host, certificate) === undefined) return true;
  const { subjectaltname = '', ...rest } = certificate;
  if (subjectaltname.includes('DNS:')) return false;
  if (ipVersion(host) !== 0) return certificate.subject.CN === host;
  return checkServerIdentity(host, rest) === undefined;
}
