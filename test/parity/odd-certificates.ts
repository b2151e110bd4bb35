import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { FarmInfo } from '../farm/farm.js';

/** The names of the server certificates that makeOddCertificates() creates. */
export const serverNames = [
  'selfSigned', // for the address, self-signed
  'good', // for the address, issued by the farm's authority
  'revoked', // as good, but listed in crl.pem
  'expired', // as good, but valid only for one day in 2020
  'commonName', // has the address only as its common name
  'other', // for another host, issued by the farm's authority
] as const;

export type ServerName = (typeof serverNames)[number];

const newKeyArgs = 'req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes'.split(' ');

/**
 * Fills a directory with certificates `NAME.pem` and keys `NAME.key` for a server at `address`,
 * and with other valid and invalid files that the options of the tests name:
 * ca.pem (the farm's authority), client.pem and client.key (issued by it), both.pem (other.pem
 * and ca.pem), junk.pem, empty.pem, capath/, crl.pem, clean.pem (an empty revocation list), crlpath/,
 * empty/.
 */
export function makeOddCertificates(directory: string, farm: FarmInfo, address: string): void {
  const openssl = (...args: string[]) =>
    execFileSync('openssl', args, { cwd: directory, stdio: 'pipe', encoding: 'utf8' });
  const authority = ['-CA', 'ca.pem', '-CAkey', 'ca.key'];
  const makeCertificate = (name: string, extraArgs: string[]) =>
    openssl(...newKeyArgs, '-x509', '-keyout', `${name}.key`, '-out', `${name}.pem`, ...extraArgs);
  const leaf = ['-addext', 'basicConstraints=critical,CA:FALSE'];
  const forAddress = ['-subj', '/CN=x', '-addext', `subjectAltName=DNS:localhost,IP:${address}`];

  const farmFile = (name: string) => join(dirname(farm.caFile), name);
  for (const name of ['ca.pem', 'ca.key']) copyFileSync(farmFile(name), join(directory, name));
  copyFileSync(farm.clientCertificate.cert, join(directory, 'client.pem'));
  copyFileSync(farm.clientCertificate.key, join(directory, 'client.key'));

  makeCertificate('selfSigned', [...forAddress, '-days', '2']);
  for (const name of ['good', 'revoked']) {
    makeCertificate(name, [...authority, ...forAddress, ...leaf]);
  }
  makeCertificate('commonName', [...authority, '-subj', `/CN=${address}`, ...leaf]);
  makeCertificate('other', [...authority, '-subj', '/CN=other', ...leaf]);
  openssl(...newKeyArgs, '-keyout', 'expired.key', '-out', 'expired.csr', ...forAddress);
  writeFileSync(join(directory, 'index.txt'), '');
  const lines = [
    'database=index.txt',
    'new_certs_dir=.',
    'rand_serial=yes',
    'unique_subject=no',
    'policy=p',
    'default_md=sha256',
    'default_crl_days=2',
    'copy_extensions=copy',
  ];
  const config = ['[ca]', 'default_ca=d', '[d]', ...lines, '[p]', 'commonName=supplied', ''];
  writeFileSync(join(directory, 'ca.cnf'), config.join('\n'));
  const caCommand = [
    'ca',
    '-config',
    'ca.cnf',
    '-cert',
    'ca.pem',
    '-keyfile',
    'ca.key',
    '-batch',
    '-notext',
  ];
  // With OpenSSL 3.5, only `openssl ca` can issue a certificate that has already expired.
  const pastDates = ['-startdate', '20200101000000Z', '-enddate', '20200102000000Z'];
  openssl(...caCommand, ...pastDates, '-in', 'expired.csr', '-out', 'expired.pem');
  openssl(...caCommand, '-gencrl', '-out', 'clean.pem');
  openssl(...caCommand, '-revoke', 'revoked.pem');
  openssl(...caCommand, '-gencrl', '-out', 'crl.pem');

  writeFileSync(join(directory, 'junk.pem'), 'junk\n');
  writeFileSync(join(directory, 'empty.pem'), '');
  const both = ['other.pem', 'ca.pem'].map((name) => readFileSync(join(directory, name), 'utf8'));
  writeFileSync(join(directory, 'both.pem'), both.join(''));
  for (const [path, file] of Object.entries({ capath: 'ca.pem', crlpath: 'crl.pem', empty: '' })) {
    mkdirSync(join(directory, path));
    if (file !== '') copyFileSync(join(directory, file), join(directory, path, file));
    openssl('rehash', path);
  }
}
