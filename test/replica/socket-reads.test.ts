import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import {
  type AddressInfo,
  createServer as createTcpServer,
  type Server,
  type Socket,
} from 'node:net';
import { PassThrough } from 'node:stream';
import { setTimeout as after } from 'node:timers/promises';
import { connect as connectTls, createServer as createTlsServer } from 'node:tls';
import { describe, expect, inject, it } from 'vitest';
import { connectBuffered, readSecureInto } from '../../src/replica/buffered-reader.js';
import { ReadThrottle } from '../../src/replica/read-throttle.js';

const sent = Buffer.alloc(
  3_000_000,
  'each piece is another one: 0123456789 abcdefghijklmnopqrstuvwxyz.',
);

/** Runs `body` with the port of a server that sends all once it has heard something. */
async function withServer(server: Server, body: (port: number) => Promise<void>): Promise<void> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    await body((server.address() as AddressInfo).port);
  } finally {
    server.close();
  }
}

const answer = (socket: Socket) => {
  // The other end may go before it has read everything.
  socket.on('error', () => {});
  socket.write('hello');
  socket.once('data', () => socket.end(sent));
};

/** Keeps what is lent. */
function keeper(): { take: (chunk: Uint8Array) => void; kept: () => Buffer } {
  const chunks: Buffer[] = [];
  return { take: (chunk) => chunks.push(Buffer.from(chunk)), kept: () => Buffer.concat(chunks) };
}

describe('a socket that reads into one buffer', () => {
  it('is a stream until it is diverted', () =>
    withServer(createTcpServer(answer), async (port) => {
      const reads = connectBuffered({ host: '127.0.0.1', port });
      expect(String((await once(reads.socket, 'data'))[0])).toBe('hello');
      const { take, kept } = keeper();
      reads.readInto(take);
      reads.socket.write('go');
      await once(reads.socket, 'close');
      expect(kept().equals(sent)).toBe(true);
    }));

  it('gives a stream whole chunks of its own', () =>
    withServer(createTcpServer(answer), async (port) => {
      const { socket } = connectBuffered({ host: '127.0.0.1', port });
      socket.write('go');
      const chunks: Buffer[] = [];
      for await (const chunk of socket) chunks.push(chunk as Buffer);
      expect(Buffer.concat(chunks).equals(Buffer.concat([Buffer.from('hello'), sent]))).toBe(true);
    }));

  it('over TLS, in this version of Node', () => {
    const { key, cert } = inject('farm').clientCertificate;
    const files = { key: readFileSync(key), cert: readFileSync(cert) };
    return withServer(createTlsServer(files, answer), async (port) => {
      const { socket } = connectBuffered({ host: '127.0.0.1', port });
      await once(socket, 'connect');
      const secure = connectTls({ socket, rejectUnauthorized: false });
      expect(String((await once(secure, 'data'))[0])).toBe('hello');
      const { take, kept } = keeper();
      expect(readSecureInto(secure, take)).toBe(true);
      secure.write('go');
      await once(secure, 'close');
      expect(kept().equals(sent)).toBe(true);
    });
  });
});

describe('Pace', () => {
  const turns = () => after(50);

  it('rests in a large answer when little comes, and goes on', async () => {
    const stream = new PassThrough();
    const pace = new ReadThrottle(stream);
    stream.resume();
    const paused = once(stream, 'pause');
    pace.received(2_000_000);
    await turns();
    expect(stream.isPaused()).toBe(false);
    pace.received(10);
    await paused;
    await once(stream, 'resume');
  });

  it('does not rest in a small answer', async () => {
    const stream = new PassThrough();
    const pace = new ReadThrottle(stream);
    stream.resume();
    let pauses = 0;
    stream.on('pause', () => pauses++);
    pace.received(900_000);
    pace.begin();
    pace.received(900_000);
    await turns();
    expect(pauses).toBe(0);
  });

  it('stays paused over the end of a rest, until it is told to go on', async () => {
    const stream = new PassThrough();
    const pace = new ReadThrottle(stream);
    stream.resume();
    pace.received(2_000_000);
    await turns();
    const resting = once(stream, 'pause');
    pace.received(10);
    await resting;
    pace.pause();
    await turns();
    expect(stream.isPaused()).toBe(true);
    pace.resume();
    expect(stream.isPaused()).toBe(false);
  });
});
