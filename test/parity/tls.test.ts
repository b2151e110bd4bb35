import { mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { runClient } from '../farm/run.js';
import { expectSame, type OutcomeDifference } from './compare.js';
import { makeOddCertificates, type ServerName, serverNames } from './odd-certificates.js';
import { startTlsProxy, type TlsProxy } from './tls-proxy.js';

const farm = inject('farm');
const { address, port, socket } = farm.places.s2;
const directory = mkdtempSync(join(farm.directory, 'tls-'));
const proxies = new Map<ServerName | 'none', TlsProxy>();

/** Shows what was agreed on. */
const sql = ['-e', "show status like 'ssl_cipher'; show status like 'ssl_version'"];

beforeAll(async () => {
  makeOddCertificates(directory, farm, address);
  proxies.set('none', await startTlsProxy(address, port, undefined));
  for (const name of serverNames) {
    const [cert, key] = ['pem', 'key'].map((ext) =>
      readFileSync(join(directory, `${name}.${ext}`)),
    );
    proxies.set(name, await startTlsProxy(address, port, { cert, key }));
  }
});

afterAll(() => {
  for (const proxy of proxies.values()) proxy.close();
});

/** Compares with the client, both run where the files are. */
function same(
  args: string[],
  env: NodeJS.ProcessEnv = {},
  outcome?: OutcomeDifference,
): Promise<void> {
  return expectSame([...args, ...sql], { cwd: directory, env, outcome, mask: inOneWording });
}

/**
 * The texts of OpenSSL's errors depend on its version, and the client's need not be Node's: 3.5 has
 * another name for alerts (error 0A000410), and says itself that it allows no version (0A0000BF)
 * where 3.0 leaves it to the server (0A00042E).
 */
function inOneWording(text: string): string {
  return text
    .replace('sslv3 alert handshake failure', 'ssl/tls alert handshake failure')
    .replace('tlsv1 alert protocol version', 'no protocols available');
}

const secure = /Ssl_version\tTLSv1\.[23]/;
const plain = /Ssl_version\t\n/;

/** Where clients of 11.8 are not those of 10.11, whom we follow: by options, and by the server. */
const differing = (reason: string, client: RegExp, ours: RegExp): OutcomeDifference => ({
  since: '11.8',
  reason,
  client,
  ours,
});
const checksName = differing(
  'the name is checked as soon as an authority is named',
  /Hostname verification failed/,
  secure,
);
const otherWords = differing(
  'another text',
  /Hostname verification failed/,
  /Validation of SSL server certificate failed/,
);
const byPassword = differing(
  'a certificate of an unknown authority is checked by the password',
  secure,
  /unable to get local issuer certificate|self-signed certificate|Validation of SSL/,
);
const plainRefused = differing(
  '--skip-ssl behind the check turns TLS off, which the proxy in front of the server insists on',
  /Lost connection to server/,
  secure,
);
const revoked = differing(
  'a list of revoked certificates turns the check on',
  /unable to get local issuer certificate/,
  secure,
);
const differences: Record<string, OutcomeDifference> = {
  '--ssl-ca=ca.pem': checksName,
  '--ssl-ca=both.pem': checksName,
  '--ssl-capath=capath': checksName,
  '--ssl-capath=empty:capath': checksName,
  '--skip-ssl --ssl-capath=capath': checksName,
  '--tls-version=TLSv1.0,TLSv1.3': differing(
    'a gap between versions does not count',
    secure,
    /no protocols available/,
  ),
  '--skip-ssl --tls-version=TLSv1.2': differing('--tls-version turns TLS on', secure, plain),
  '--ssl-ca=ca.pem --ssl-verify-server-cert --skip-ssl': differing(
    '--skip-ssl behind it turns the check off',
    plain,
    /self-signed certificate in certificate chain/,
  ),
  'other: --ssl-ca=ca.pem': checksName,
  'other: --ssl-ca=ca.pem --ssl-verify-server-cert': otherWords,
  'Debian’s: --ssl-verify-server-cert': byPassword,
  'Debian’s: --ssl-verify-server-cert --skip-ssl': {
    ...plainRefused,
    ours: /unable to get local issuer certificate/,
  },
  'SSL_CERT_FILE: --ssl-verify-server-cert --skip-ssl': plainRefused,
  'SSL_CERT_DIR: --ssl-verify-server-cert --skip-ssl': plainRefused,
  'revoked: --ssl-crl=crl.pem': revoked,
  'revoked: --ssl-crlpath=crlpath': revoked,
  'revoked: --ssl-crlpath=crlpath --ssl-crl=clean.pem --ssl-verify-server-cert': byPassword,
  'socket: --ssl-ca=ca.pem --ssl-verify-server-cert': byPassword,
};

function at(server: ServerName | 'none'): string[] {
  return ['-h', address, '-P', String(proxies.get(server)?.port)];
}

describe('files and values of the --ssl options', () => {
  it.each([
    '--ssl',
    '--skip-ssl',
    '--ssl-ca=ca.pem',
    '--ssl-ca=/no/such',
    '--ssl-ca=empty.pem',
    '--ssl-ca=capath',
    '--ssl-ca=selfSigned.pem',
    '--ssl-ca=both.pem',
    '--ssl-ca=',
    '--ssl-ca=crl.pem',
    '--ssl-capath=capath',
    '--ssl-capath=empty:capath',
    '--ssl-capath=empty',
    '--ssl-capath=/no/such',
    '--ssl-capath=',
    '--ssl-cert=client.pem',
    '--ssl-key=client.key',
    '--ssl-cert=client.pem --ssl-key=client.key',
    '--ssl-cert=client.pem --ssl-key=other.key',
    '--ssl-cert=client.key --ssl-key=client.pem',
    '--ssl-cert=client.pem --ssl-key=junk.pem',
    '--ssl-cert=client.pem --ssl-key=empty.pem',
    '--ssl-cert=junk.pem',
    '--ssl-cert=empty.pem',
    '--ssl-cert=capath',
    '--ssl-cert=/no/such',
    '--ssl-key=/no/such',
    '--ssl-cipher=AES128-SHA',
    '--ssl-cipher=bogus',
    '--ssl-cipher=TLS_AES_128_GCM_SHA256',
    '--ssl-cipher=TLS_AES_128_GCM_SHA256:AES128-SHA',
    '--ssl-cipher=ECDHE-ECDSA-AES128-GCM-SHA256 --tls-version=TLSv1.2',
    '--ssl-cipher=AES128-SHA --tls-version=TLSv1.2',
    '--ssl-cipher=',
    '--ssl-crl=/no/such',
    '--ssl-crl=junk.pem',
    '--ssl-crl=crl.pem',
    '--ssl-crl=',
    '--ssl-crlpath=crlpath',
    '--ssl-crlpath=/no/such',
    '--ssl-crlpath=',
    '--tls-version=TLSv1.2',
    '--tls-version=TLSv1.3',
    '--tls-version=TLSv1.1',
    '--tls-version=TLSv1.1,TLSv1.2',
    '--tls-version=TLSv1.0,TLSv1.3',
    '--tls-version=TLSv1.2foo',
    '--tls-version=tlsv1.2',
    '--tls-version=bogus',
    '--skip-ssl --ssl-cipher=AES128-SHA',
    '--skip-ssl --ssl-capath=capath',
    '--skip-ssl --tls-version=TLSv1.2',
    '--ssl-ca=ca.pem --ssl-verify-server-cert --skip-ssl',
  ])('%s', (options) => same(options.split(' '), {}, differences[options]));

  it('a file that may not be read', async () => {
    // As root everything may be read: then both read it.
    const secret = join(directory, 'secret');
    mkdirSync(secret, { mode: 0 });
    for (const option of ['ca', 'cert', 'crl']) await same([`--ssl-${option}=secret/x.pem`]);
  });
});

describe.each(['none', ...serverNames] as const)('a server whose certificate is: %s', (server) => {
  it.each(['--ssl', '--ssl-ca=ca.pem', '--ssl-ca=ca.pem --ssl-verify-server-cert'])(
    '%s',
    (options) =>
      same([...at(server), ...options.split(' ')], {}, differences[`${server}: ${options}`]),
  );
});

it('a key is not looked at where there is no TLS', () =>
  same([...at('none'), '--ssl-key=/no/such']));

describe('authorities that nobody named are those of the system', () => {
  it.each<[string, NodeJS.ProcessEnv]>([
    ['Debian’s', { SSL_CERT_FILE: undefined }],
    ['SSL_CERT_FILE', { SSL_CERT_FILE: 'ca.pem' }],
    ['SSL_CERT_DIR', { SSL_CERT_FILE: undefined, SSL_CERT_DIR: 'empty:capath' }],
  ])('%s', async (name, env) => {
    for (const options of ['--ssl-verify-server-cert', '--ssl-verify-server-cert --skip-ssl']) {
      await same([...at('good'), ...options.split(' ')], env, differences[`${name}: ${options}`]);
    }
  });
});

describe('revoked certificates', () => {
  it.each([
    '--ssl-crl=crl.pem',
    '--ssl-crl=clean.pem',
    '--ssl-crl=ca.pem',
    '--ssl-crlpath=crlpath',
    '--ssl-crlpath=empty',
    '--ssl-crlpath=crlpath --ssl-crl=clean.pem --ssl-verify-server-cert',
  ])('%s', async (options) => {
    for (const server of ['good', 'revoked'] as const) {
      await same([...at(server), '--ssl-ca=ca.pem', ...options.split(' ')]);
    }
    await same([...at('revoked'), ...options.split(' ')], {}, differences[`revoked: ${options}`]);
  });
});

describe('through a socket the host is localhost', () => {
  it.each([
    '--ssl',
    '--skip-ssl',
    '--ssl-ca=ca.pem',
    '--ssl-ca=selfSigned.pem',
    '--ssl-ca=ca.pem --ssl-verify-server-cert',
  ])('%s', (options) => {
    const args = ['-h', 'localhost', '-S', socket, ...options.split(' ')];
    return same(args, {}, differences[`socket: ${options}`]);
  });
});

it('a certificate that the account requires', async () => {
  const { name, password } = farm.users.certificateOnly;
  const login = [`-u${name}`, `-p${password}`];
  await same(login);
  await same([...login, '--ssl-cert=client.pem', '--ssl-key=client.key']);
});

it('the proxies do what they are for', async () => {
  const run = async (server: ServerName | 'none') => {
    const args = [...at(server), '--ssl-ca=ca.pem', '--ssl-verify-server-cert', ...sql];
    const { stdout, stderr } = await runClient('s2', args, { cwd: directory });
    return stderr || stdout.toString();
  };
  expect(await run('none')).toContain('SSL is required');
  expect(await run('good')).toContain('TLSv1.3');
  expect(await run('expired')).toContain('certificate has expired');
});
