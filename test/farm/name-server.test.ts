import { Resolver } from 'node:dns/promises';
import DNS from 'dns2';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type NameServer, startNameServer } from './name-server.js';
import { hostOf, portOf, replicaName, type Section, srvName } from './sections.js';

const { nameserver, endpoints, running } = inject('farm');

/** Returns Node's own resolver, which uses UDP, and TCP for truncated answers. */
function resolver(server: string): Resolver {
  const one = new Resolver({ timeout: 5000, tries: 2 });
  one.setServers([server]);
  return one;
}

/** Sends a question with dns2's TCP client. */
function overTcp(name: string, type: string) {
  const [dns = '', port] = nameserver.split(':');
  return DNS.TCPClient({ dns, port: Number(port) })(name, type);
}

const srv = (section: Section) => ({
  priority: 0,
  weight: 100,
  port: portOf(section),
  target: hostOf(section),
});

describe.each(running)("the farm's name server for the section %s", (section) => {
  const record = { ...srv(section), ttl: 300 };
  const { target: name, ...rest } = srv(section);

  test('returns the SRV record over UDP', async () => {
    expect(await resolver(nameserver).resolveSrv(srvName(section))).toMatchObject([
      { ...rest, name },
    ]);
  });

  test('returns the SRV record over TCP', async () => {
    expect((await overTcp(srvName(section), 'SRV')).answers).toMatchObject([record]);
  });

  test('returns the CNAME record and the address of its target', async () => {
    const { address } = endpoints[section];
    const alias = replicaName(section);
    expect(await resolver(nameserver).resolveCname(alias)).toEqual([name]);
    expect(await resolver(nameserver).resolve4(alias)).toEqual([address]);
    expect((await overTcp(alias, 'A')).answers).toMatchObject([{ domain: name }, { address }]);
  });
});

test.each([
  ['a name that does not exist', '_s9-analytics._tcp.eqiad.wmnet', 'ENOTFOUND'],
  ['a name without an SRV record', 'dbstore1007.eqiad.wmnet', 'ENODATA'],
])('the name server returns the right error for %s', async (_, name, code) => {
  await expect(resolver(nameserver).resolveSrv(name)).rejects.toMatchObject({ code });
});

describe('a name server with its own zone', () => {
  let server: NameServer;
  const many = Array.from({ length: 40 }, (_, index) => index + 1);
  const record = (port: number) =>
    ({ type: 'SRV', priority: port, weight: 0, port, target: `host${port}.example` }) as const;

  beforeAll(async () => {
    const zone = {
      'many.example': many.map(record),
      'six.example': [{ type: 'AAAA', address: '2001:db8::1' } as const],
      'loop.example': [{ type: 'CNAME', domain: 'loop.example' } as const],
    };
    server = await startNameServer(zone, '127.0.0.1', 0);
  });
  afterAll(() => server.stop());

  const zoneResolver = () => resolver(`127.0.0.1:${server.port}`);

  test('returns an answer that is too long for UDP over TCP', async () => {
    const ports = (await zoneResolver().resolveSrv('many.example')).map((one) => one.port);
    expect(ports.sort((one, other) => one - other)).toEqual(many);
  });
  test('returns AAAA records', async () => {
    expect(await zoneResolver().resolve6('six.example')).toEqual(['2001:db8::1']);
  });
  test('ignores the case of names', async () => {
    expect(await zoneResolver().resolve6('SIX.example')).toEqual(['2001:db8::1']);
  });
  test('does not follow a CNAME that points to itself', async () => {
    expect(await zoneResolver().resolve4('loop.example')).toEqual([]);
  });
  test('records its questions', async () => {
    const before = server.questions.length;
    await zoneResolver().resolve4('Loop.example');
    expect(server.questions.slice(before)).toEqual(['A loop.example']);
  });
  test('rejects a port that is in use', async () => {
    await expect(startNameServer({}, '127.0.0.1', server.port)).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
  });
});
