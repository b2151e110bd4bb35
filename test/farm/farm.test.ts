import { createHash } from 'node:crypto';
import { describe, expect, inject, test } from 'vitest';
import { databasesOn, readList } from './contents.js';
import { clientVersion, isAtLeast } from './reference-client.js';
import { runClient, runOurs } from './run.js';
import type { Section } from './sections.js';
import { oddTitles } from './wiki-rows.js';

const farm = inject('farm');

async function fetchLines(section: Section, args: string[]): Promise<string[]> {
  const result = await runClient(section, ['-N', ...args]);
  expect(result.stderr).toBe('');
  return result.stdout.toString().split('\n').slice(0, -1);
}

describe.each(farm.running)('the server of %s', (section) => {
  test('accepts the mariadb client', async () => {
    const { port } = farm.endpoints[section];
    expect(await fetchLines(section, ['-e', 'select @@port, current_user()'])).toEqual([
      `${port}\tresearch@%`,
    ]);
  });

  test('has the databases of its section', async () => {
    const found = await fetchLines(section, ['-e', 'show databases']);
    expect(found.filter((name) => name !== 'information_schema')).toEqual(
      databasesOn(section).sort(),
    );
  });
});

test('all.dblist is the union of the dblists s1 to s8', () => {
  const named = [1, 2, 3, 4, 5, 6, 7, 8].flatMap((digit) => readList(`s${digit}`));
  expect(named.sort()).toEqual(readList('all').sort());
});

test('the servers return titles byte for byte', async () => {
  const sql = `select hex(page_title) from page where page_id <= ${oddTitles.length} order by page_id`;
  const hex = oddTitles.map((title) => Buffer.from(title).toString('hex').toUpperCase());
  expect(await fetchLines('s2', ['itwiki', '-e', sql])).toEqual(hex);
});

test('the table all_types has four rows, the first with NULLs only', async () => {
  const rows = await fetchLines('s2', ['itwiki', '-e', 'select * from all_types']);
  expect(rows.map((row) => row.split('\t')[0])).toEqual(['1', '2', '3', '4']);
  expect(new Set(rows[0]?.split('\t').slice(1))).toEqual(new Set(['NULL']));
});

test('the built program finds a section through the name server', async () => {
  expect(await runOurs(['itwiki', '--print-target'])).toEqual({
    stdout: Buffer.from('dbstore1007.eqiad.wmnet:3312\n'),
    stderr: '',
    code: 0,
    signal: null,
  });
});

test('the user research can write only to staging', async () => {
  const name = `t_${createHash('sha1').update(farm.directory).digest('hex').slice(0, 8)}`;
  await fetchLines('staging', [
    'staging',
    '-e',
    `create table ${name} (n int); drop table ${name}`,
  ]);
  const refused = await runClient('s2', ['itwiki', '-e', `create table ${name} (n int)`]);
  expect(refused.stderr).toContain('ERROR 1142 (42000)');
  expect(refused.code).toBe(1);
});

describe('logging in', () => {
  const { tlsOnly, certificateOnly, noPassword, oddPassword, admin } = farm.users;
  const { cert, key } = farm.clientCertificate;
  // Newer clients also verify the host name if --ssl-ca is given; here the host is an address.
  const authority = isAtLeast(clientVersion(), '11.4') ? [] : [`--ssl-ca=${farm.caFile}`];
  const tls = ['--ssl', ...authority];
  const denied = 'ERROR 1045 (28000)';
  const loginAs = ({ name, password }: { name: string; password: string }) => [
    `-u${name}`,
    password === '' ? '--skip-password' : `-p${password}`,
  ];
  test.each([
    ['with a wrong password', ['-pwrong'], denied],
    ['as tls_only with TLS', [...loginAs(tlsOnly), ...tls], ''],
    ['as tls_only without TLS', [...loginAs(tlsOnly), '--skip-ssl'], denied],
    [
      'with a client certificate',
      [...loginAs(certificateOnly), ...tls, `--ssl-cert=${cert}`, `--ssl-key=${key}`],
      '',
    ],
    ['without the required client certificate', [...loginAs(certificateOnly), ...tls], denied],
    ['as a user without a password', loginAs(noPassword), ''],
    ['as root without a password', ['-uroot', '--skip-password'], denied],
    ['with a password that needs quotes', loginAs(oddPassword), ''],
    ['as admin', loginAs(admin), ''],
  ])('%s', async (_, args, error) => {
    const result = await runClient('s2', [...args, '-N', '-e', 'select 1']);
    expect(result.stderr.slice(0, denied.length)).toBe(error);
    expect(result.stdout.toString()).toBe(error === '' ? '1\n' : '');
  });
});
