import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import {
  type AddressInfo,
  createServer as createTcpServer,
  type Server,
  type Socket,
} from 'node:net';
import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect as connectTls, createServer as createTlsServer } from 'node:tls';
import { describe, expect, inject, it } from 'vitest';
import { connectBuffered, readTlsInto } from '../../src/replica/buffered-reader.js';
import { ReadThrottle } from '../../src/replica/read-throttle.js';

const content = Buffer.alloc(
  3_000_000,
  'each piece is another one: 0123456789 abcdefghijklmnopqrstuvwxyz.',
);

/** Runs `body` with the port of a server, then closes the server. */
async function withServer(server: Server, body: (port: number) => Promise<void>): Promise<void> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    await body((server.address() as AddressInfo).port);
  } finally {
    server.close();
  }
}

const sendAll = (socket: Socket) => {
  // The client may close the connection before it has read everything.
  socket.on('error', () => {});
  socket.write('hello');
  socket.once('data', () => socket.end(content));
};

/** Collects copies of the received bytes. */
function createCollector(): { take: (chunk: Uint8Array) => void; getBytes: () => Buffer } {
  const chunks: Buffer[] = [];
  return {
    take: (chunk) => chunks.push(Buffer.from(chunk)),
    getBytes: () => Buffer.concat(chunks),
  };
}

describe('connectBuffered', () => {
  it('delivers bytes as a stream until readInto is called', () =>
    withServer(createTcpServer(sendAll), async (port) => {
      const reader = connectBuffered({ host: '127.0.0.1', port });
      expect(String((await once(reader.socket, 'data'))[0])).toBe('hello');
      const { take, getBytes } = createCollector();
      reader.readInto(take);
      reader.socket.write('go');
      await once(reader.socket, 'close');
      expect(getBytes().equals(content)).toBe(true);
    }));

  it('delivers a stream of separate chunks', () =>
    withServer(createTcpServer(sendAll), async (port) => {
      const { socket } = connectBuffered({ host: '127.0.0.1', port });
      socket.write('go');
      const chunks: Buffer[] = [];
      for await (const chunk of socket) chunks.push(chunk as Buffer);
      expect(Buffer.concat(chunks).equals(Buffer.concat([Buffer.from('hello'), content]))).toBe(
        true,
      );
    }));

  it('works with readTlsInto in this version of Node', () => {
    const { key, cert } = inject('farm').clientCertificate;
    const files = { key: readFileSync(key), cert: readFileSync(cert) };
    return withServer(createTlsServer(files, sendAll), async (port) => {
      const { socket } = connectBuffered({ host: '127.0.0.1', port });
      await once(socket, 'connect');
      const tlsSocket = connectTls({ socket, rejectUnauthorized: false });
      expect(String((await once(tlsSocket, 'data'))[0])).toBe('hello');
      const { take, getBytes } = createCollector();
      expect(readTlsInto(tlsSocket, take)).toBe(true);
      tlsSocket.write('go');
      await once(tlsSocket, 'close');
      expect(getBytes().equals(content)).toBe(true);
    });
  });
});

describe('ReadThrottle', () => {
  const waitForTurns = () => sleep(50);

  it('sleeps in a large result if few bytes arrive, then continues', async () => {
    const stream = new PassThrough();
    const throttle = new ReadThrottle(stream);
    stream.resume();
    const paused = once(stream, 'pause');
    throttle.received(2_000_000);
    await waitForTurns();
    expect(stream.isPaused()).toBe(false);
    throttle.received(10);
    await paused;
    await once(stream, 'resume');
  });

  it('does not sleep in a small result', async () => {
    const stream = new PassThrough();
    const throttle = new ReadThrottle(stream);
    stream.resume();
    let pauses = 0;
    stream.on('pause', () => pauses++);
    throttle.received(900_000);
    throttle.begin();
    throttle.received(900_000);
    await waitForTurns();
    expect(pauses).toBe(0);
  });

  it('stays paused after the end of the sleep, until resume is called', async () => {
    const stream = new PassThrough();
    const throttle = new ReadThrottle(stream);
    stream.resume();
    throttle.received(2_000_000);
    await waitForTurns();
    const sleeping = once(stream, 'pause');
    throttle.received(10);
    await sleeping;
    throttle.pause();
    await waitForTurns();
    expect(stream.isPaused()).toBe(true);
    throttle.resume();
    expect(stream.isPaused()).toBe(false);
  });
});
