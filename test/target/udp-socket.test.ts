import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { nodeHandles, ordinarySockets } from '../../src/node-handles.js';
import { sendDatagram } from '../../src/target/dns/udp-socket.js';

afterEach(() => {
  delete process.env[ordinarySockets];
});

describe.each(['handles', 'node:dgram'])('a datagram sent by %s', (way) => {
  const choose = () => {
    if (way === 'node:dgram') process.env[ordinarySockets] = '1';
    expect(nodeHandles('udp_wrap') !== undefined).toBe(way === 'handles');
  };

  /** What is reported first, and whether that was before the sender returned. */
  function firstReport(address: string, port: number): Promise<string> {
    choose();
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
  ] as const)('over %s gets its answer', async (type, address) => {
    const server = createSocket(type);
    server.on('message', (message, { port }) => server.send(`re: ${message}`, port, address));
    server.bind(0, address);
    await once(server, 'listening');
    expect(await firstReport(address, server.address().port)).toBe('re: question');
    server.close();
  });

  it('is told that nobody listens', async () => {
    expect(await firstReport('127.0.0.1', 9)).toBe('ECONNREFUSED');
  });

  it('is told later that it could not be sent', async () => {
    // To broadcast takes leave.
    expect(await firstReport('255.255.255.255', 9)).toBe('EACCES');
  });
});
