import { expect, it } from 'vitest';
import { openSocket } from '../../src/replica/open-socket.js';
import { resolveTarget } from '../../src/target/resolve-target.js';
import {
  addTcpLength,
  type Behavior,
  buildReply,
  srvRecord,
  startScriptedNameServer,
} from '../target/dns/scripted-name-server.js';
import { makeTcpTarget } from './open-connection.js';

const options = { timeoutSeconds: 1, onSocket: undefined };

it('looks up the hosts of one connection within a time limit in total', async () => {
  const limits: number[] = [];
  const target = {
    ...makeTcpTarget('first.test', 1),
    address: {
      kind: 'tcp' as const,
      endpoints: [
        { host: 'first.test', port: 1 },
        ...Array.from({ length: 300 }, (_, index) => ({ host: `h${index}.test`, port: 1 })),
      ] as [{ host: string; port: number }],
    },
    lookup: async (_host: string, limitMs: number) => {
      limits.push(limitMs);
      await new Promise((resolve) => setTimeout(resolve, limitMs));
      return [];
    },
    lookupLimitMs: 100,
  };
  await expect(openSocket(target, options)).rejects.toMatchObject({ errno: 2005 });
  expect(limits[0]).toBe(100);
  // A timer may be a millisecond early.
  expect(limits.slice(1).filter((limit) => limit > 2)).toEqual([]);
});

it('gives up an SRV record with 300 hosts whose addresses no name server knows', async () => {
  const name = '_s2-analytics._tcp.eqiad.wmnet';
  const records = Array.from({ length: 300 }, (_, index) => srvRecord(name, `h${index}.test`));
  const truncated: Behavior = ({ request, send }) => {
    if (request.questions[0]?.name === name) send(buildReply(request, [], { tc: 1 }));
  };
  const answer: Behavior = ({ request, send }) => send(addTcpLength(buildReply(request, records)));
  const server = await startScriptedNameServer(truncated, answer);
  const target = await resolveTarget({
    wiki: undefined,
    section: 's2',
    useX1: false,
    mwConfigPath: '/nonexistent',
    domain: 'eqiad.wmnet',
    nameservers: [`127.0.0.1:${server.port}`],
    address: undefined,
    port: undefined,
    redactedHost: undefined,
  });
  expect(target.address).toMatchObject({ endpoints: { length: 300 } });
  await expect(openSocket(target, options)).rejects.toMatchObject({ errno: 2005 });
  const hosts = server.queries.filter((query) => query.endsWith(' A udp'));
  expect(new Set(hosts).size).toBeLessThan(3);
});
