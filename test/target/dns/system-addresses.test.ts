import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findSystemAddresses } from '../../../src/target/dns/system-addresses.js';
import { temporaryDirectory } from '../../temporary-directory.js';

const directory = temporaryDirectory();
const hosts = join(directory, 'hosts');
const resolvConf = join(directory, 'resolv.conf');
writeFileSync(
  hosts,
  [
    '# 10.0.0.9 db1.test',
    '10.0.0.1\tdb1.test db1',
    '  2001:db8::1  DB1.Test  # db2.test',
    'nonsense db1.test',
    '10.0.0.2 db2.test',
    '',
  ].join('\n'),
);
// An address of this machine, on which probably no name server listens.
writeFileSync(resolvConf, 'nameserver 127.99.99.99\noptions timeout:1 attempts:1\n');

it.each([
  ['db1.test', ['10.0.0.1', '2001:db8::1']],
  ['DB1.TEST.', ['10.0.0.1', '2001:db8::1']],
  ['db1', ['10.0.0.1']],
  ['db2.test', ['10.0.0.2']],
  ['192.0.2.1', ['192.0.2.1']],
])('finds %s in the table of hosts: %j', async (host, addresses) => {
  expect(await findSystemAddresses(host, 1000, { hosts, resolvConf })).toEqual(addresses);
});

it.each([hosts, join(directory, 'missing')])('asks name servers otherwise', async (path) => {
  await expect(
    findSystemAddresses('db3.test', 1000, { hosts: path, resolvConf }),
  ).rejects.toMatchObject({ code: 'no-dns', message: expect.stringContaining('127.99.99.99') });
});
