import { Resolver } from 'node:dns/promises';
import DNS from 'dns2';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type NameServer, startNameServer } from './name-server.js';
import { hostOf, portOf, replicaName, type Section, srvName } from './places.js';

const { nameserver, places, running } = inject('farm');

/** Node's own resolver, over UDP and, for what is truncated, TCP. */
function resolver(server: string): Resolver {
  const one = new Resolver({ timeout: 5000, tries: 2 });
  one.setServers([server]);
  return one;
}

/** dns2's TCP client. */
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

describe.each(running)("the farm's records of %s", (section) => {
  const record = { ...srv(section), ttl: 300 };
  const { target: name, ...rest } = srv(section);

  test('SRV over UDP', async () => {
    expect(await resolver(nameserver).resolveSrv(srvName(section))).toMatchObject([
      { ...rest, name },
    ]);
  });

  test('SRV over TCP', async () => {
    expect((await overTcp(srvName(section), 'SRV')).answers).toMatchObject([record]);
  });

  test('the CNAME, and the address behind it', async () => {
    const { address } = places[section];
    const alias = replicaName(section);
    expect(await resolver(nameserver).resolveCname(alias)).toEqual([name]);
    expect(await resolver(nameserver).resolve4(alias)).toEqual([address]);
    expect((await overTcp(alias, 'A')).answers).toMatchObject([{ domain: name }, { address }]);
  });
});

test.each([
  ['a name that is not there', '_s9-analytics._tcp.eqiad.wmnet', 'ENOTFOUND'],
  ['a name without such a record', 'dbstore1007.eqiad.wmnet', 'ENODATA'],
])('%s', async (_, name, code) => {
  await expect(resolver(nameserver).resolveSrv(name)).rejects.toMatchObject({ code });
});

describe('a zone of its own', () => {
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

  const ask = () => resolver(`127.0.0.1:${server.port}`);

  test('an answer that is too long for UDP comes over TCP', async () => {
    const ports = (await ask().resolveSrv('many.example')).map((one) => one.port);
    expect(ports.sort((one, other) => one - other)).toEqual(many);
  });
  test('AAAA', async () => {
    expect(await ask().resolve6('six.example')).toEqual(['2001:db8::1']);
  });
  test('names in any case', async () => {
    expect(await ask().resolve6('SIX.example')).toEqual(['2001:db8::1']);
  });
  test('a CNAME that leads to itself ends', async () => {
    expect(await ask().resolve4('loop.example')).toEqual([]);
  });
  test('what it was asked is written down', async () => {
    const before = server.questions.length;
    await ask().resolve4('Loop.example');
    expect(server.questions.slice(before)).toEqual(['A loop.example']);
  });
  test('a port that is taken is an error', async () => {
    await expect(startNameServer({}, '127.0.0.1', server.port)).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
  });
});
