import { expect, test } from 'vitest';
import { findAddresses } from '../../../src/target/dns/addresses.js';
import {
  aRecord,
  type Behavior,
  buildReply,
  makeNameServers,
  startScriptedNameServer,
} from './scripted-name-server.js';

/** Answers A queries and ignores AAAA queries. */
const silentOnIpv6: Behavior = ({ request, send }) => {
  if (request.questions[0]?.type === 1)
    send(buildReply(request, [aRecord('host.test', '10.0.0.1')]));
};

test('returns the IPv4 address even if the server does not answer AAAA queries', async () => {
  const server = await startScriptedNameServer(silentOnIpv6);
  const limit = 60_000;
  // If findAddresses waited for the whole limit, this test would time out.
  expect(await findAddresses('host.test', makeNameServers([server], limit), limit)).toEqual([
    '10.0.0.1',
  ]);
  expect(server.queries.sort()).toEqual(['host.test A udp', 'host.test AAAA udp']);
});

test.each([
  ['10.1.2.3', ['10.1.2.3']],
  ['::1', ['::1']],
  ['localhost', ['127.0.0.1', '::1']],
  ['LOCALHOST.', ['127.0.0.1', '::1']],
])('returns the address of %s without a query', async (host, expected) => {
  const server = await startScriptedNameServer(silentOnIpv6);
  expect(await findAddresses(host, makeNameServers([server], 1000), 1000)).toEqual(expected);
  expect(server.queries).toEqual([]);
});
