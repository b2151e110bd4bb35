import { mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { runClient } from '../farm/run.js';
import { expectSame } from './compare.js';
import { makeOddCertificates, type ServerName, serverNames } from './odd-certificates.js';
import { startTlsProxy, type TlsProxy } from './tls-proxy.js';

const farm = inject('farm');
const { address, port, socket } = farm.places.s2;
const folder = mkdtempSync(join(farm.directory, 'tls-'));
const proxies = new Map<ServerName | 'none', TlsProxy>();

/** Shows what was agreed on. */
const sql = ['-e', "show status like 'ssl_cipher'; show status like 'ssl_version'"];

beforeAll(async () => {
  makeOddCertificates(folder, farm, address);
  proxies.set('none', await startTlsProxy(address, port, undefined));
  for (const name of serverNames) {
    const [cert, key] = ['pem', 'key'].map((ext) => readFileSync(join(folder, `${name}.${ext}`)));
    proxies.set(name, await startTlsProxy(address, port, { cert, key }));
  }
});

afterAll(() => {
  for (const proxy of proxies.values()) proxy.close();
});

/** Compares with the client, both run where the files are. */
function same(args: string[], env: Record<string, string> = {}): Promise<void> {
  return expectSame([...args, ...sql], { cwd: folder, env });
}

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
  ])('%s', (options) => same(options.split(' ')));

  it('a file that may not be read', async () => {
    // As root everything may be read: then both read it.
    const secret = join(folder, 'secret');
    mkdirSync(secret, { mode: 0 });
    for (const option of ['ca', 'cert', 'crl']) await same([`--ssl-${option}=secret/x.pem`]);
  });
});

describe.each(['none', ...serverNames] as const)('a server whose certificate is: %s', (server) => {
  it.each(['--ssl', '--ssl-ca=ca.pem', '--ssl-ca=ca.pem --ssl-verify-server-cert'])(
    '%s',
    (options) => same([...at(server), ...options.split(' ')]),
  );
});

it('a key is not looked at where there is no TLS', () =>
  same([...at('none'), '--ssl-key=/no/such']));

describe('authorities that nobody named are those of the system', () => {
  it.each<[string, Record<string, string>]>([
    ['Debian’s', {}],
    ['SSL_CERT_FILE', { SSL_CERT_FILE: 'ca.pem' }],
    ['SSL_CERT_DIR', { SSL_CERT_DIR: 'empty:capath' }],
  ])('%s', async (_name, env) => {
    await same([...at('good'), '--ssl-verify-server-cert'], env);
    await same([...at('good'), '--ssl-verify-server-cert', '--skip-ssl'], env);
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
    await same([...at('revoked'), ...options.split(' ')]);
  });
});

describe('through a socket the host is localhost', () => {
  it.each([
    '--ssl',
    '--skip-ssl',
    '--ssl-ca=ca.pem',
    '--ssl-ca=selfSigned.pem',
    '--ssl-ca=ca.pem --ssl-verify-server-cert',
  ])('%s', (options) => same(['-h', 'localhost', '-S', socket, ...options.split(' ')]));
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
    const { stdout, stderr } = await runClient('s2', args, { cwd: folder });
    return stderr || stdout.toString();
  };
  expect(await run('none')).toContain('SSL is required');
  expect(await run('good')).toContain('TLSv1.3');
  expect(await run('expired')).toContain('certificate has expired');
});
