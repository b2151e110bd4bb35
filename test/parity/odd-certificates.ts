import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { FarmInfo } from '../farm/farm.js';

/** Certificates of servers, and what they are about; the names of `serverNames`. */
export const serverNames = [
  'selfSigned', // for the address, by nobody
  'good', // for the address, by the farm's authority
  'revoked', // the same, on the list crl.pem
  'expired', // the same, valid for a day in 2020
  'commonName', // for the address by its common name alone
  'other', // for another host, by the farm's authority
] as const;

export type ServerName = (typeof serverNames)[number];

const fresh = 'req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes'.split(' ');

/**
 * Fills a directory with certificates `NAME.pem` and keys `NAME.key` for a server at `address`, lists
 * of revoked ones, and files that are none of these, for the options to name:
 * ca.pem (the farm's authority), client.pem, client.key (one of its), junk.pem, empty.pem, capath/,
 * crl.pem, clean.pem (a list of none), crlpath/, empty/.
 */
export function makeOddCertificates(directory: string, farm: FarmInfo, address: string): void {
  const openssl = (...args: string[]) =>
    execFileSync('openssl', args, { cwd: directory, stdio: 'pipe', encoding: 'utf8' });
  const authority = ['-CA', 'ca.pem', '-CAkey', 'ca.key'];
  const make = (name: string, more: string[]) =>
    openssl(...fresh, '-x509', '-keyout', `${name}.key`, '-out', `${name}.pem`, ...more);
  const leaf = ['-addext', 'basicConstraints=critical,CA:FALSE'];
  const forAddress = ['-subj', '/CN=x', '-addext', `subjectAltName=DNS:localhost,IP:${address}`];

  const farmFile = (name: string) => join(dirname(farm.caFile), name);
  for (const name of ['ca.pem', 'ca.key']) copyFileSync(farmFile(name), join(directory, name));
  copyFileSync(farm.clientCertificate.cert, join(directory, 'client.pem'));
  copyFileSync(farm.clientCertificate.key, join(directory, 'client.key'));

  make('selfSigned', [...forAddress, '-days', '2']);
  for (const name of ['good', 'revoked']) make(name, [...authority, ...forAddress, ...leaf]);
  make('commonName', [...authority, '-subj', `/CN=${address}`, ...leaf]);
  make('other', [...authority, '-subj', '/CN=other', ...leaf]);
  openssl(...fresh, '-keyout', 'expired.key', '-out', 'expired.csr', ...forAddress);
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
  const asAuthority = [
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
  // OpenSSL 3.5 lets only `ca` make a certificate whose time is over.
  const past = ['-startdate', '20200101000000Z', '-enddate', '20200102000000Z'];
  openssl(...asAuthority, ...past, '-in', 'expired.csr', '-out', 'expired.pem');
  openssl(...asAuthority, '-gencrl', '-out', 'clean.pem');
  openssl(...asAuthority, '-revoke', 'revoked.pem');
  openssl(...asAuthority, '-gencrl', '-out', 'crl.pem');

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
