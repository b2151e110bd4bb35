import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { sendDatagram } from '../../../src/target/dns/udp-socket.js';

/** Returns the first report; prefixed by `too soon` if it comes before sendDatagram returns. */
function firstReport(address: string, port: number): Promise<string> {
  return new Promise((resolve) => {
    let returned = false;
    const report = (text: string) => {
      close();
      resolve(returned ? text : `too soon: ${text}`);
    };
    const close = sendDatagram(address, port, Buffer.from('question'), {
      message: (message) => report(String(message)),
      error: (error) => report(String((error as NodeJS.ErrnoException).code)),
    });
    returned = true;
  });
}

it.each([
  ['udp4', '127.0.0.1'],
  ['udp6', '::1'],
] as const)('reports the answer to a datagram over %s', async (type, address) => {
  const server = createSocket(type);
  server.on('message', (message, { port }) => server.send(`re: ${message}`, port, address));
  server.bind(0, address);
  await once(server, 'listening');
  expect(await firstReport(address, server.address().port)).toBe('re: question');
  server.close();
});

it('reports a closed port as ECONNREFUSED', async () => {
  expect(await firstReport('127.0.0.1', 9)).toBe('ECONNREFUSED');
});

it('reports a datagram that cannot be sent, but only after sendDatagram returns', async () => {
  // Broadcasting requires a socket option, which is not set.
  expect(await firstReport('255.255.255.255', 9)).toBe('EACCES');
});
