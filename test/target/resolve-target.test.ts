import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Failure } from '../../src/failure.js';
import { type Address, getFirstEndpoint, makeTcpAddress } from '../../src/target/address.js';
import { findAddresses } from '../../src/target/dns/addresses.js';
import { explainTarget, formatTarget } from '../../src/target/format-target.js';
import { getPortSchemeEndpoint } from '../../src/target/port-scheme.js';
import { resolveTarget } from '../../src/target/resolve-target.js';
import type { Target, TargetRequest } from '../../src/target/target.js';
import { requestWith } from '../examples.js';
import {
  type NameServer,
  onFreePort,
  startNameServer,
  type ZoneRecord,
} from '../farm/name-server.js';
import { temporaryDirectory } from '../temporary-directory.js';
import { createCheckout } from '../wikis/checkout.js';
import {
  answerWithTarget,
  buildReply,
  ignoreQuery,
  makeNameServers,
  srvRecord,
  startScriptedNameServer,
} from './dns/scripted-name-server.js';

const srvRecordOf = (target: string, port: number, priority = 0): ZoneRecord => ({
  type: 'SRV',
  priority,
  weight: 100,
  port,
  target,
});

const mwConfigPath = createCheckout({ 's2.dblist': 'itwiki\n', 's3.dblist': 'aawiki\n' });
let server: NameServer;
let nameservers: string[];

beforeAll(async () => {
  server = await onFreePort(() =>
    startNameServer(
      {
        '_s2-analytics._tcp.eqiad.wmnet': [srvRecordOf('dbstore1007.eqiad.wmnet', 3312)],
        '_s7-analytics._tcp.eqiad.wmnet': [
          srvRecordOf('second.eqiad.wmnet', 3327, 2),
          srvRecordOf('first.eqiad.wmnet', 3317, 1),
        ],
        '_x1-analytics._tcp.eqiad.wmnet': [srvRecordOf('dbstore1009.eqiad.wmnet', 3320)],
        '_s10-analytics._tcp.eqiad.wmnet': [srvRecordOf('dbstore1010.eqiad.wmnet', 3330)],
        '_s4-analytics._tcp.eqiad.wmnet': [srvRecordOf('.', 3314)],
        '_s5-analytics._tcp.eqiad.wmnet': [
          srvRecordOf('.', 3315),
          srvRecordOf('left.eqiad.wmnet', 3315),
        ],
        '_s6-analytics._tcp.eqiad.wmnet': [
          srvRecordOf('no host.eqiad.wmnet', 3316),
          srvRecordOf('-db.eqiad.wmnet', 3316),
          srvRecordOf('db-.eqiad.wmnet', 3316),
          srvRecordOf('db.-eqiad.wmnet', 3316),
          srvRecordOf('-', 3316),
          srvRecordOf('a.b', 0),
        ],
        '_staging-analytics._tcp.codfw.wmnet': [srvRecordOf('dbstore2001.codfw.wmnet', 3350)],
        'dbstore1007.eqiad.wmnet': [
          { type: 'AAAA', address: '2620:0:861:101::7' },
          { type: 'A', address: '10.64.0.7' },
          { type: 'A', address: '10.64.0.8' },
        ],
        's2-analytics-replica.eqiad.wmnet': [{ type: 'CNAME', domain: 'dbstore1007.eqiad.wmnet' }],
        'text.eqiad.wmnet': [srvRecordOf('x.test', 1)],
      },
      '127.0.0.1',
      0,
    ),
  );
  nameservers = [`127.0.0.1:${server.port}`];
});

afterAll(() => server.stop());

const ownHost = makeTcpAddress('db.test', 3306);
const socketFile: Address = { kind: 'socket', path: '/tmp/x.sock' };

function request(change: Partial<TargetRequest>): TargetRequest {
  return requestWith({ mwConfigPath, domain: 'eqiad.wmnet', nameservers, ...change });
}

/** Returns the output of --print-target for a request, or the code of the Failure. */
async function resolveToText(change: Partial<TargetRequest>): Promise<string> {
  try {
    return formatTarget(await resolveTarget(request(change)), 'text');
  } catch (error) {
    if (error instanceof Failure) return error.code;
    throw error;
  }
}

async function catchFailure(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => new Error('nothing was thrown'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof Failure) return `${error.code}: ${error.message}`;
  throw error;
}

describe('resolveTarget', () => {
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
    [{ address: makeTcpAddress('db.test', 3306), section: 's2', useX1: true }, 'db.test:3306\n'],
    [{ address: makeTcpAddress('db.test', 3399), wiki: 'no_such_wiki' }, 'db.test:3399\n'],
    [{ address: makeTcpAddress('::1', 3399) }, '[::1]:3399\n'],
    [{ wiki: 'itwiki', redactedHost: 'redacted.test' }, 'redacted.test:3312\n'],
    [{ wiki: 'aawiki', redactedHost: 'redacted.test' }, 'redacted.test:3313\n'],
    [{ section: 's7', redactedHost: 'redacted.test' }, 'redacted.test:3317\n'],
    [{ wiki: 'itwiki', redactedHost: 'redacted.test', port: 4000 }, 'redacted.test:4000\n'],
    [{ address: socketFile, wiki: 'itwiki' }, '/tmp/x.sock\n'],
    [{ address: socketFile, port: 3399 }, '/tmp/x.sock\n'],
    [{}, 'no-database'],
    [{ wiki: 'centralauth', redactedHost: 'redacted.test' }, 'not-redacted'],
    [{ wiki: 'staging', redactedHost: 'redacted.test' }, 'not-redacted'],
    [{ wiki: 'wikishared', redactedHost: 'redacted.test' }, 'not-redacted'],
    [{ section: 'x1', redactedHost: 'redacted.test' }, 'not-redacted'],
    [{ section: 'staging', redactedHost: 'redacted.test' }, 'not-redacted'],
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
  test.each(cases)('resolves %j to %s', async (change, expected) => {
    expect(await resolveToText(change)).toBe(expected);
  });

  test('returns all hosts of the SRV record in order, with the port of the user if one is given', async () => {
    const { address } = await resolveTarget(request({ section: 's7', port: 1 }));
    expect(address).toEqual({
      kind: 'tcp',
      endpoints: [
        { host: 'first.eqiad.wmnet', port: 1 },
        { host: 'second.eqiad.wmnet', port: 1 },
      ],
    });
  });

  test('returns one host and another database on the redacted replicas', async () => {
    const target = await resolveTarget(request({ wiki: 'itwiki', redactedHost: 'redacted.test' }));
    expect(target).toMatchObject({
      wiki: 'itwiki',
      database: 'itwiki_p',
      section: 's2',
      address: makeTcpAddress('redacted.test', 3312),
    });
    const ofSection = await resolveTarget(
      request({ section: 's7', redactedHost: 'redacted.test' }),
    );
    expect(ofSection.address).toEqual(makeTcpAddress('redacted.test', 3317));
  });

  test('draws among hosts of the same priority', async () => {
    const nameServer = await startScriptedNameServer(({ request: asked, send }) => {
      const name = asked.questions[0]?.name ?? '';
      send(buildReply(asked, [srvRecord(name, 'a.test'), srvRecord(name, 'b.test')]));
    });
    const targetRequest = request({ section: 's1', nameservers: [`127.0.0.1:${nameServer.port}`] });
    const first = async (drawn: number) =>
      getFirstEndpoint((await resolveTarget(targetRequest, { random: () => drawn })).address)?.host;
    expect(await first(0)).toBe('a.test');
    expect(await first(0.9)).toBe('b.test');
  });

  test('reads neither dblists nor DNS if the user gives a host or a socket', async () => {
    const nameServer = await startScriptedNameServer(answerWithTarget());
    const change = {
      nameservers: [`127.0.0.1:${nameServer.port}`],
      mwConfigPath: '/no/such/directory',
    };
    await resolveTarget(request({ ...change, address: ownHost, wiki: 'itwiki' }));
    await resolveTarget(request({ ...change, address: socketFile, wiki: 'itwiki' }));
    expect(nameServer.queries).toEqual([]);
  });
});

describe('resolveTarget without an SRV record', () => {
  test('uses the port scheme, with one warning that gives the reason', async () => {
    const target = await resolveTarget(request({ wiki: 'aawiki' }));
    expect(target.endpointSource).toBe('port-scheme');
    expect(target.warnings).toEqual([
      `Warning: no SRV record _s3-analytics._tcp.eqiad.wmnet (${nameservers[0]}: no such name); using s3-analytics-replica.eqiad.wmnet:3313 according to the port scheme.`,
    ]);
  });

  test('distinguishes a failing name server from a missing record', async () => {
    const nameServer = await startScriptedNameServer(({ request: asked, send }) =>
      send(buildReply(asked, [], { rcode: 5 })),
    );
    const named = [`127.0.0.1:${nameServer.port}`];
    const target = await resolveTarget(request({ section: 's1', nameservers: named }));
    expect(target.warnings).toEqual([
      `Warning: no name server answered the query for _s1-analytics._tcp.eqiad.wmnet (${named[0]}: it answered REFUSED); using s1-analytics-replica.eqiad.wmnet:3311 according to the port scheme.`,
    ]);
    expect(await catchFailure(resolveTarget(request({ section: 's10', nameservers: named })))).toBe(
      `unknown-section: Cannot find the section 's10': no name server answered the query for _s10-analytics._tcp.eqiad.wmnet (${named[0]}: it answered REFUSED), and only s1 to s8, x1 and staging have a fixed port.`,
    );
  });

  test('uses the name servers of resolv.conf if none are given', async () => {
    const resolvConf = join(temporaryDirectory(), 'resolv.conf');
    // An address of this machine, on which probably no name server listens.
    writeFileSync(resolvConf, 'nameserver 127.99.99.99\noptions timeout:1 attempts:1\n');
    const target = await resolveTarget(request({ section: 's1', nameservers: [] }), { resolvConf });
    expect(target.endpointDetail).toMatch(/\(127\.99\.99\.99: /);
    expect(target.lookup).toBeUndefined();
  });
});

describe('getPortSchemeEndpoint', () => {
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
  ])('returns for %s: %s', (section, expected) => {
    const endpoint = getPortSchemeEndpoint(section, 'eqiad.wmnet');
    expect(endpoint && `${endpoint.host}:${endpoint.port}`).toBe(expected);
  });
});

describe('findAddresses', () => {
  const addresses = (host: string) => findAddresses(host, makeNameServers([server], 500));

  test.each([
    ['dbstore1007.eqiad.wmnet', ['10.64.0.7', '10.64.0.8', '2620:0:861:101::7']],
    ['dbstore1007.eqiad.wmnet.', ['10.64.0.7', '10.64.0.8', '2620:0:861:101::7']],
    ['s2-analytics-replica.eqiad.wmnet', ['10.64.0.7', '10.64.0.8', '2620:0:861:101::7']],
    ['192.0.2.1', ['192.0.2.1']],
    ['2001:db8::1', ['2001:db8::1']],
    ['localhost', ['127.0.0.1', '::1']],
  ])('returns for %s: %j', async (host, expected) => {
    expect(await addresses(host)).toEqual(expected);
  });

  test.each([
    ['gone.eqiad.wmnet', 'no such name'],
    ['text.eqiad.wmnet', 'no A record'],
  ])('finds no address of %s: %s', async (host, why) => {
    expect(await catchFailure(addresses(host))).toBe(
      `unknown-host: Unknown host '${host}' (${nameservers[0]}: ${why}).`,
    );
  });

  test.each(['a b', 'x'.repeat(64), '', 'a..b', '-a.b', 'a.-b', 'a-.b'])(
    'refuses %j, which is not a host name',
    async (host) => {
      expect(await catchFailure(addresses(host))).toBe(
        `unknown-host: '${host}' is not a valid host name.`,
      );
    },
  );

  test('throws no-dns if no name server answers', async () => {
    const silentServer = await startScriptedNameServer(ignoreQuery);
    expect(await catchFailure(findAddresses('db.test', makeNameServers([silentServer], 40)))).toBe(
      `no-dns: No name server answered the query for the address of 'db.test' (127.0.0.1:${silentServer.port}: no answer).`,
    );
  });

  test('a target looks up all its hosts with --nameserver, whether found or given by the user', async () => {
    const own = makeTcpAddress('dbstore1007.eqiad.wmnet', 3306);
    for (const change of [{ wiki: 'itwiki' }, { address: own }]) {
      const target = await resolveTarget(request(change));
      const host = getFirstEndpoint(target.address)?.host ?? '';
      expect(await target.lookup?.(host, 5000)).toContain('10.64.0.7');
    }
    const plain = await resolveTarget(request({ address: ownHost, nameservers: [] }));
    expect(plain.lookup).toBeUndefined();
  });
});

describe('formatTarget and explainTarget', () => {
  const srvName = '_s2-analytics._tcp.eqiad.wmnet';
  const dblistPath = join(mwConfigPath, 'dblists', 's2.dblist');
  const resolve = (change: Partial<TargetRequest>) => resolveTarget(request(change));
  const json = async (target: Promise<Target>) => {
    const line = formatTarget(await target, 'json');
    expect(line).toMatch(/^\{.*\}\n$/);
    return JSON.parse(line);
  };

  test('print a target as a JDBC URL', async () => {
    const url = async (change: Partial<TargetRequest>) =>
      formatTarget(await resolve(change), 'jdbc');
    expect(await url({ wiki: 'itwiki' })).toBe(
      'jdbc:mysql://dbstore1007.eqiad.wmnet:3312/itwiki?characterEncoding=UTF-8\n',
    );
    expect(await url({ section: 's2' })).toBe(
      'jdbc:mysql://dbstore1007.eqiad.wmnet:3312/?characterEncoding=UTF-8\n',
    );
    expect(await url({ address: makeTcpAddress('::1', 1), wiki: 'a b' })).toBe(
      'jdbc:mysql://[::1]:1/a%20b?characterEncoding=UTF-8\n',
    );
    expect(await catchFailure(url({ address: socketFile }))).toBe(
      'no-jdbc: There is no JDBC URL for a socket: use --host to connect over TCP.',
    );
  });

  test('print a target as JSON, with the source of each value', async () => {
    expect(await json(resolve({ wiki: 'itwiki' }))).toEqual({
      database: 'itwiki',
      section: 's2',
      host: 'dbstore1007.eqiad.wmnet',
      port: 3312,
      socket: null,
      found: {
        section: { by: 'dblist', where: dblistPath },
        host: { by: 'srv', where: srvName },
        port: { by: 'srv', where: srvName },
      },
    });
    expect((await json(resolve({ section: 's2', port: 1 }))).found).toEqual({
      section: { by: 'section-option', where: '--section' },
      host: { by: 'srv', where: srvName },
      port: { by: 'user', where: '--port' },
    });
    expect((await json(resolve({ wiki: 'aawiki' }))).found.host).toEqual({
      by: 'port-scheme',
      where: `no SRV record _s3-analytics._tcp.eqiad.wmnet (${nameservers[0]}: no such name)`,
    });
    expect(await json(resolve({ address: ownHost }))).toEqual({
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
    expect(await json(resolve({ address: socketFile, wiki: 'a\nb' }))).toEqual({
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
        `section: s2 (named in ${dblistPath})`,
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
  test.each(cases)('explain the target of %j', async (change, lines) => {
    expect(explainTarget(await resolve(change))).toEqual(lines);
  });
});
