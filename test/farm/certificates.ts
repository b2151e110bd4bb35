import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { hostDigits, hostName } from './sections.js';

const run = promisify(execFile);

/** The paths of a certificate and its private key, both PEM files. */
export interface KeyPair {
  cert: string;
  key: string;
}

/**
 * The farm's certificate authority, a certificate for each host (only for its name, so that a
 * connection by address does not match it) and one for a client.
 */
export interface Certificates {
  caFile: string;
  hosts: Map<string, KeyPair>;
  client: KeyPair;
}

const fresh = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];

/** Creates the certificates in `directory` with openssl, since node:crypto cannot sign certificates. */
export async function makeCertificates(directory: string): Promise<Certificates> {
  const authority = { cert: join(directory, 'ca.pem'), key: join(directory, 'ca.key') };
  const make = async (name: string, pair: KeyPair, more: string[]): Promise<KeyPair> => {
    const files = ['-nodes', '-days', '2', '-keyout', pair.key, '-out', pair.cert];
    await run('openssl', [...fresh, ...files, '-subj', `/CN=${name}`, ...more]);
    return pair;
  };
  const signed = (file: string, name: string, extension: string) =>
    make(name, { cert: join(directory, `${file}.pem`), key: join(directory, `${file}.key`) }, [
      ...['-CA', authority.cert, '-CAkey', authority.key],
      ...['-addext', 'basicConstraints=critical,CA:FALSE', '-addext', extension],
    ]);

  await make('Farm certificate authority', authority, []);
  const hosts = new Map<string, KeyPair>();
  for (const digit of hostDigits) {
    const name = hostName(digit);
    hosts.set(name, await signed(`dbstore100${digit}`, name, `subjectAltName=DNS:${name}`));
  }
  const client = await signed('client', 'client', 'extendedKeyUsage=clientAuth');
  return { caFile: authority.cert, hosts, client };
}
