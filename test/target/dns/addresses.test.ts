import { expect, test } from 'vitest';
import { findAddresses } from '../../../src/target/dns/addresses.js';
import { a, among, type Behaviour, oddServer, reply } from './odd-server.js';

/** Answers A, and says nothing at all to AAAA. */
const silentOnIpv6: Behaviour = ({ request, send }) => {
  if (request.questions[0]?.type === 1) send(reply(request, [a('host.test', '10.0.0.1')]));
};

test('a server that stays silent on AAAA does not keep the IPv4 address back', async () => {
  const server = await oddServer(silentOnIpv6);
  const limit = 60_000;
  // With the whole limit to wait for, this test would run out of time.
  expect(await findAddresses('host.test', among([server], limit), limit)).toEqual(['10.0.0.1']);
  expect(server.asked.sort()).toEqual(['host.test A udp', 'host.test AAAA udp']);
});

test.each([
  ['10.1.2.3', ['10.1.2.3']],
  ['::1', ['::1']],
  ['localhost', ['127.0.0.1', '::1']],
  ['LOCALHOST.', ['127.0.0.1', '::1']],
])('%s is known without asking', async (host, expected) => {
  const server = await oddServer(silentOnIpv6);
  expect(await findAddresses(host, among([server], 1000), 1000)).toEqual(expected);
  expect(server.asked).toEqual([]);
});
