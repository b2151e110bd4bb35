import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Failure } from '../../src/failure.js';
import { type Address, firstEndpoint, tcpAddress } from '../../src/target/address.js';
import { findAddresses } from '../../src/target/dns/addresses.js';
import { explainTarget, formatTarget } from '../../src/target/explain.js';
import { portScheme } from '../../src/target/port-scheme.js';
import { resolveTarget } from '../../src/target/resolve.js';
import type { Target, TargetRequest } from '../../src/target/target.js';
import {
  type NameServer,
  onFreePort,
  startNameServer,
  type ZoneRecord,
} from '../farm/name-server.js';
import { temporaryDirectory } from '../temporary.js';
import { checkout } from '../wikis/checkout.js';
import { among, good, oddServer, reply, silent, srv } from './dns/odd-server.js';

const record = (target: string, port: number, priority = 0): ZoneRecord => ({
  type: 'SRV',
  priority,
  weight: 100,
  port,
  target,
});

const mwConfigPath = checkout({ 's2.dblist': 'itwiki\n', 's3.dblist': 'aawiki\n' });
let server: NameServer;
let nameservers: string[];

beforeAll(async () => {
  server = await onFreePort(() =>
    startNameServer(
      {
        '_s2-analytics._tcp.eqiad.wmnet': [record('dbstore1007.eqiad.wmnet', 3312)],
        '_s7-analytics._tcp.eqiad.wmnet': [
          record('second.eqiad.wmnet', 3327, 2),
          record('first.eqiad.wmnet', 3317, 1),
        ],
        '_x1-analytics._tcp.eqiad.wmnet': [record('dbstore1009.eqiad.wmnet', 3320)],
        '_s10-analytics._tcp.eqiad.wmnet': [record('dbstore1010.eqiad.wmnet', 3330)],
        '_s4-analytics._tcp.eqiad.wmnet': [record('.', 3314)],
        '_s5-analytics._tcp.eqiad.wmnet': [record('.', 3315), record('left.eqiad.wmnet', 3315)],
        '_s6-analytics._tcp.eqiad.wmnet': [record('no host.eqiad.wmnet', 3316), record('a.b', 0)],
        '_staging-analytics._tcp.codfw.wmnet': [record('dbstore2001.codfw.wmnet', 3350)],
        'dbstore1007.eqiad.wmnet': [
          { type: 'AAAA', address: '2620:0:861:101::7' },
          { type: 'A', address: '10.64.0.7' },
          { type: 'A', address: '10.64.0.8' },
        ],
        's2-analytics-replica.eqiad.wmnet': [{ type: 'CNAME', domain: 'dbstore1007.eqiad.wmnet' }],
        'text.eqiad.wmnet': [record('x.test', 1)],
      },
      '127.0.0.1',
      0,
    ),
  );
  nameservers = [`127.0.0.1:${server.port}`];
});

afterAll(() => server.stop());

const ownHost = tcpAddress('db.test', 3306);
const socketFile: Address = { kind: 'socket', path: '/tmp/x.sock' };

function request(change: Partial<TargetRequest>): TargetRequest {
  return {
    wiki: undefined,
    section: undefined,
    useX1: false,
    mwConfigPath,
    domain: 'eqiad.wmnet',
    nameservers,
    address: undefined,
    port: undefined,
    ...change,
  };
}

/** Where a request leads, as --print-target says it; or the failure's code. */
async function led(change: Partial<TargetRequest>): Promise<string> {
  try {
    return formatTarget(await resolveTarget(request(change)), 'text');
  } catch (error) {
    if (error instanceof Failure) return error.code;
    throw error;
  }
}

async function failure(act: Promise<unknown>): Promise<string> {
  const error = await act.then(
    () => new Error('nothing was thrown'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof Failure) return `${error.code}: ${error.message}`;
  throw error;
}

describe('A request leads to a place', () => {
  const cases: [Partial<TargetRequest>, string][] = [
    [{ wiki: 'itwiki' }, 'dbstore1007.eqiad.wmnet:3312\n'],
    [{ wiki: 'itwiki', domain: 'eqiad.wmnet.' }, 'dbstore1007.eqiad.wmnet:3312\n'],
    [{ wiki: 'itwiki', useX1: true }, 'dbstore1009.eqiad.wmnet:3320\n'],
    [{ wiki: 'wikishared' }, 'dbstore1009.eqiad.wmnet:3320\n'],
    [{ wiki: 'centralauth' }, 'first.eqiad.wmnet:3317\n'],
    [{ wiki: 'staging', domain: 'codfw.wmnet' }, 'dbstore2001.codfw.wmnet:3350\n'],
    [{ wiki: 'itwiki', port: 4000 }, 'dbstore1007.eqiad.wmnet:4000\n'],
    [{ section: 's2' }, 'dbstore1007.eqiad.wmnet:3312\n'],
    [{ section: 's2', wiki: 'no_such_wiki' }, 'dbstore1007.eqiad.wmnet:3312\n'],
    [{ section: 's2', mwConfigPath: '/no/such/directory' }, 'dbstore1007.eqiad.wmnet:3312\n'],
    [{ section: 's10' }, 'dbstore1010.eqiad.wmnet:3330\n'],
    [{ section: 'x1' }, 'dbstore1009.eqiad.wmnet:3320\n'],
    [{ section: 'x1', useX1: true }, 'dbstore1009.eqiad.wmnet:3320\n'],
    [{ useX1: true }, 'dbstore1009.eqiad.wmnet:3320\n'],
    [{ section: 's5' }, 'left.eqiad.wmnet:3315\n'],
    [{ wiki: 'aawiki' }, 's3-analytics-replica.eqiad.wmnet:3313\n'],
    [{ wiki: 'aawiki', port: 4000 }, 's3-analytics-replica.eqiad.wmnet:4000\n'],
    [{ wiki: 'staging' }, 'staging-db-analytics.eqiad.wmnet:3350\n'],
    [{ section: 's8', domain: 'codfw.wmnet' }, 's8-analytics-replica.codfw.wmnet:3318\n'],
    [{ section: 's6' }, 's6-analytics-replica.eqiad.wmnet:3316\n'],
    [{ address: tcpAddress('db.test', 3306), section: 's2', useX1: true }, 'db.test:3306\n'],
    [{ address: tcpAddress('db.test', 3399), wiki: 'no_such_wiki' }, 'db.test:3399\n'],
    [{ address: tcpAddress('::1', 3399) }, '[::1]:3399\n'],
    [{ address: socketFile, wiki: 'itwiki' }, '/tmp/x.sock\n'],
    [{ address: socketFile, port: 3399 }, '/tmp/x.sock\n'],
    [{}, 'no-database'],
    [{ wiki: 'no_such_wiki' }, 'unknown-database'],
    [{ wiki: 'itwiki', mwConfigPath: '/no/such/directory' }, 'no-mw-config'],
    [{ section: 's11' }, 'unknown-section'],
    [{ section: 's4' }, 'service-not-available'],
    [{ section: '../x' }, 'bad-section'],
    [{ section: '' }, 'bad-section'],
    [{ section: 'S2' }, 'bad-section'],
    [{ section: 's2.evil.test' }, 'bad-section'],
    [{ section: 's2', useX1: true }, 'section-contradiction'],
    [{ wiki: 'itwiki', domain: '' }, 'bad-domain'],
    [{ wiki: 'itwiki', domain: 'a b' }, 'bad-domain'],
    [{ wiki: 'itwiki', domain: 'x'.repeat(64) }, 'bad-domain'],
    [{ wiki: 'itwiki', domain: 'abcdefgh.'.repeat(27) }, 'bad-domain'],
    [{ wiki: 'itwiki', nameservers: ['localhost'] }, 'bad-nameserver'],
    [{ address: socketFile, nameservers: ['localhost'] }, 'bad-nameserver'],
  ];
  test.each(cases)('%j: %s', async (change, place) => {
    expect(await led(change)).toBe(place);
  });

  test('all hosts of the record are there, in order, with the port of the user if one is given', async () => {
    const { address } = await resolveTarget(request({ section: 's7', port: 1 }));
    expect(address).toEqual({
      kind: 'tcp',
      endpoints: [
        { host: 'first.eqiad.wmnet', port: 1 },
        { host: 'second.eqiad.wmnet', port: 1 },
      ],
    });
  });

  test('hosts of equal priority are drawn', async () => {
    const odd = await oddServer(({ request: asked, send }) => {
      const name = asked.questions[0]?.name ?? '';
      send(reply(asked, [srv(name, 'a.test'), srv(name, 'b.test')]));
    });
    const asking = request({ section: 's1', nameservers: [`127.0.0.1:${odd.port}`] });
    const first = async (drawn: number) =>
      firstEndpoint((await resolveTarget(asking, { random: () => drawn })).address)?.host;
    expect(await first(0)).toBe('a.test');
    expect(await first(0.9)).toBe('b.test');
  });

  test('a host or a socket of the user asks neither dblists nor DNS', async () => {
    const odd = await oddServer(good());
    const change = { nameservers: [`127.0.0.1:${odd.port}`], mwConfigPath: '/no/such/directory' };
    await resolveTarget(request({ ...change, address: ownHost, wiki: 'itwiki' }));
    await resolveTarget(request({ ...change, address: socketFile, wiki: 'itwiki' }));
    expect(odd.asked).toEqual([]);
  });
});

describe('Without a record', () => {
  test('the port scheme answers, and one warning says why', async () => {
    const target = await resolveTarget(request({ wiki: 'aawiki' }));
    expect(target.endpointSource).toBe('port-scheme');
    expect(target.warnings).toEqual([
      `Warning: no SRV record _s3-analytics._tcp.eqiad.wmnet (${nameservers[0]}: no such name); using s3-analytics-replica.eqiad.wmnet:3313 by the port scheme.`,
    ]);
  });

  test('nobody to ask is told from no record', async () => {
    const odd = await oddServer(({ request: asked, send }) => send(reply(asked, [], { rcode: 5 })));
    const named = [`127.0.0.1:${odd.port}`];
    const target = await resolveTarget(request({ section: 's1', nameservers: named }));
    expect(target.warnings).toEqual([
      `Warning: no name server could be asked for _s1-analytics._tcp.eqiad.wmnet (${named[0]}: it answered REFUSED); using s1-analytics-replica.eqiad.wmnet:3311 by the port scheme.`,
    ]);
    expect(await failure(resolveTarget(request({ section: 's10', nameservers: named })))).toBe(
      `unknown-section: Section 's10' cannot be found: no name server could be asked for _s10-analytics._tcp.eqiad.wmnet (${named[0]}: it answered REFUSED), and only s1 to s8, x1 and staging have a fixed port.`,
    );
  });

  test('the name servers are those of resolv.conf when none are given', async () => {
    const resolvConf = join(temporaryDirectory(), 'resolv.conf');
    // An address of this machine, where hardly a name server listens, and none knows the name.
    writeFileSync(resolvConf, 'nameserver 127.99.99.99\noptions timeout:1 attempts:1\n');
    const target = await resolveTarget(request({ section: 's1', nameservers: [] }), { resolvConf });
    expect(target.endpointDetail).toMatch(/\(127\.99\.99\.99: /);
    expect(target.lookup).toBeUndefined();
  });
});

describe('The port scheme', () => {
  test.each([
    ['s1', 's1-analytics-replica.eqiad.wmnet:3311'],
    ['s8', 's8-analytics-replica.eqiad.wmnet:3318'],
    ['x1', 'x1-analytics-replica.eqiad.wmnet:3320'],
    ['staging', 'staging-db-analytics.eqiad.wmnet:3350'],
    ['s0', undefined],
    ['s9', undefined],
    ['s10', undefined],
    ['s11', undefined],
    ['x2', undefined],
    ['es1', undefined],
  ])('%s: %s', (section, place) => {
    const endpoint = portScheme(section, 'eqiad.wmnet');
    expect(endpoint && `${endpoint.host}:${endpoint.port}`).toBe(place);
  });
});

describe('Addresses come from the name servers of the user', () => {
  const addresses = (host: string) => findAddresses(host, among([server], 500));

  test.each([
    ['dbstore1007.eqiad.wmnet', ['10.64.0.7', '10.64.0.8', '2620:0:861:101::7']],
    ['dbstore1007.eqiad.wmnet.', ['10.64.0.7', '10.64.0.8', '2620:0:861:101::7']],
    ['s2-analytics-replica.eqiad.wmnet', ['10.64.0.7', '10.64.0.8', '2620:0:861:101::7']],
    ['192.0.2.1', ['192.0.2.1']],
    ['2001:db8::1', ['2001:db8::1']],
    ['localhost', ['127.0.0.1', '::1']],
  ])('%s: %j', async (host, expected) => {
    expect(await addresses(host)).toEqual(expected);
  });

  test.each([
    ['gone.eqiad.wmnet', 'no such name'],
    ['text.eqiad.wmnet', 'no A record'],
  ])('%s has none: %s', async (host, why) => {
    expect(await failure(addresses(host))).toBe(
      `unknown-host: Unknown host '${host}' (${nameservers[0]}: ${why}).`,
    );
  });

  test.each(['a b', 'x'.repeat(64), '', 'a..b'])('%j is no name of a host', async (host) => {
    expect(await failure(addresses(host))).toBe(
      `unknown-host: '${host}' cannot be the name of a host.`,
    );
  });

  test('nobody to ask', async () => {
    const deaf = await oddServer(silent);
    expect(await failure(findAddresses('db.test', among([deaf], 40)))).toBe(
      `no-dns: No name server could be asked for the address of db.test (127.0.0.1:${deaf.port}: no answer).`,
    );
  });

  test('a target looks its hosts up there, whoever named them', async () => {
    const own = tcpAddress('dbstore1007.eqiad.wmnet', 3306);
    for (const change of [{ wiki: 'itwiki' }, { address: own }]) {
      const target = await resolveTarget(request(change));
      const host = firstEndpoint(target.address)?.host ?? '';
      expect(await target.lookup?.(host)).toContain('10.64.0.7');
    }
    const plain = await resolveTarget(request({ address: ownHost, nameservers: [] }));
    expect(plain.lookup).toBeUndefined();
  });
});

describe('A target is told', () => {
  const srvName = '_s2-analytics._tcp.eqiad.wmnet';
  const list = join(mwConfigPath, 'dblists', 's2.dblist');
  const told = (change: Partial<TargetRequest>) => resolveTarget(request(change));
  const json = async (target: Promise<Target>) => {
    const line = formatTarget(await target, 'json');
    expect(line).toMatch(/^\{.*\}\n$/);
    return JSON.parse(line);
  };

  test('as a URL for JDBC', async () => {
    const url = async (change: Partial<TargetRequest>) => formatTarget(await told(change), 'jdbc');
    expect(await url({ wiki: 'itwiki' })).toBe(
      'jdbc:mysql://dbstore1007.eqiad.wmnet:3312/itwiki\n',
    );
    expect(await url({ section: 's2' })).toBe('jdbc:mysql://dbstore1007.eqiad.wmnet:3312/\n');
    expect(await url({ address: tcpAddress('::1', 1), wiki: 'a b' })).toBe(
      'jdbc:mysql://[::1]:1/a%20b\n',
    );
    expect(await failure(url({ address: socketFile }))).toBe(
      'no-jdbc: no JDBC URL: the target is a socket',
    );
  });

  test('as JSON, with how each was found', async () => {
    expect(await json(told({ wiki: 'itwiki' }))).toEqual({
      database: 'itwiki',
      section: 's2',
      host: 'dbstore1007.eqiad.wmnet',
      port: 3312,
      socket: null,
      found: {
        section: { by: 'dblist', where: list },
        host: { by: 'srv', where: srvName },
        port: { by: 'srv', where: srvName },
      },
    });
    expect((await json(told({ section: 's2', port: 1 }))).found).toEqual({
      section: { by: 'section-option', where: '--section' },
      host: { by: 'srv', where: srvName },
      port: { by: 'user', where: '--port' },
    });
    expect((await json(told({ wiki: 'aawiki' }))).found.host).toEqual({
      by: 'port-scheme',
      where: `no SRV record _s3-analytics._tcp.eqiad.wmnet (${nameservers[0]}: no such name)`,
    });
    expect(await json(told({ address: ownHost }))).toEqual({
      database: null,
      section: null,
      host: 'db.test',
      port: 3306,
      socket: null,
      found: {
        section: null,
        host: { by: 'user', where: '--host' },
        port: { by: 'default', where: "the client's default" },
      },
    });
    expect(await json(told({ address: socketFile, wiki: 'a\nb' }))).toEqual({
      database: 'a\nb',
      section: null,
      host: null,
      port: null,
      socket: '/tmp/x.sock',
      found: { section: null, host: { by: 'user', where: '--socket' }, port: null },
    });
  });

  const cases: [Partial<TargetRequest>, string[]][] = [
    [
      { wiki: 'itwiki' },
      [
        'database: itwiki',
        `section: s2 (named in ${list})`,
        `server: dbstore1007.eqiad.wmnet:3312 (SRV record ${srvName})`,
        'addresses: from --nameserver',
      ],
    ],
    [
      { wiki: 'centralauth', port: 1 },
      [
        'database: centralauth',
        'section: s7 (centralauth is always on s7)',
        'server: first.eqiad.wmnet:1 (SRV record _s7-analytics._tcp.eqiad.wmnet; port: --port)',
        'server if that one refuses: second.eqiad.wmnet:1',
        'addresses: from --nameserver',
      ],
    ],
    [
      { section: 's2', address: ownHost, nameservers: [] },
      ['database: none', "server: db.test:3306 (--host; port: the client's default)"],
    ],
    [
      { wiki: 'a\x1bb', address: socketFile, nameservers: [] },
      ['database: a\\x1bb', 'server: socket /tmp/x.sock (--socket)'],
    ],
  ];
  test.each(cases)('in words: %j', async (change, lines) => {
    expect(explainTarget(await told(change))).toEqual(lines);
  });
});
