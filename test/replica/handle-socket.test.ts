import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { createSecureContext } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { nodeHandles } from '../../src/node-handles.js';
import { HandleSocket } from '../../src/replica/handle-socket.js';

type Either = Socket | HandleSocket;
type Story = (socket: Either, server: Socket | undefined) => Promise<void>;

const events = ['connect', 'end', 'error', 'close'];

/** All that a socket tells while a server does something with it; data are joined. */
async function told(
  open: (port: number) => Either,
  onSocket: (socket: Socket) => void,
  act: Story,
) {
  let accepted: Socket | undefined;
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    accepted = socket;
    socket.on('error', () => {});
    onSocket(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = open((server.address() as AddressInfo).port);
  const lines: string[] = [];
  for (const event of events) {
    socket.on(event, (error?: NodeJS.ErrnoException) => {
      lines.push(error?.code === undefined ? event : `${event} ${error.code}`);
    });
  }
  let data = '';
  socket.on('data', (chunk: Buffer) => {
    data += chunk.toString('latin1');
  });
  const closed = new Promise((resolve) => socket.on('close', resolve));
  socket.resume();
  await act(socket, accepted);
  await closed;
  await new Promise(setImmediate);
  server.close();
  accepted?.destroy();
  return { lines, data };
}

/** The stories told of both kinds of sockets are the same. */
async function sameStory(onSocket: (socket: Socket) => void, act: Story = async () => {}) {
  const ordinary = await told((port) => connect(port, '127.0.0.1'), onSocket, act);
  const light = (port: number): HandleSocket => {
    const socket = HandleSocket.connect('127.0.0.1', port);
    if (socket === undefined) throw new Error('no handles in this version of Node');
    return socket;
  };
  expect(await told(light, onSocket, act)).toEqual(ordinary);
  return ordinary;
}

const connected: Story = async (socket) => {
  await once(socket, 'connect');
};

describe.runIf(nodeHandles('tcp_wrap'))(
  'a socket made of handles tells what one of node:net does',
  () => {
    it('of a server that speaks and ends', async () => {
      const { lines, data } = await sameStory((server) => server.end('x'.repeat(200_000)));
      expect(lines).toEqual(['connect', 'end', 'close']);
      expect(data).toHaveLength(200_000);
    });

    it('of a server that resets the connection', async () => {
      const { lines } = await sameStory(
        (server) => {
          server.once('data', () => server.resetAndDestroy());
        },
        async (socket) => {
          await once(socket, 'connect');
          socket.write(Buffer.from('go'));
        },
      );
      expect(lines).toEqual(['connect', 'error ECONNRESET', 'close']);
    });

    it('when it is destroyed while it connects', async () => {
      const { lines } = await sameStory(
        () => {},
        async (socket) => {
          socket.destroy();
        },
      );
      expect(lines.filter((line) => line !== 'close')).toEqual([]);
    });

    it('when it is destroyed by what it heard', async () => {
      const { lines } = await sameStory(
        (server) => server.write('hello'),
        async (socket) => {
          socket.once('data', () => socket.destroy());
        },
      );
      expect(lines).toEqual(['connect', 'close']);
    });

    it('when it says that it has ended, behind all that it wrote', async () => {
      const parts = Array.from({ length: 40 }, (_, i) => Buffer.alloc(100_000, 65 + i));
      const heard: Buffer[][] = [];
      const { lines, data } = await sameStory(
        (server) => {
          const chunks: Buffer[] = [];
          heard.push(chunks);
          server.on('data', (chunk: Buffer) => chunks.push(chunk));
          server.on('end', () => server.end('bye'));
        },
        async (socket) => {
          await connected(socket, undefined);
          for (const part of parts) socket.write(part);
          socket.end();
        },
      );
      expect(lines).toEqual(['connect', 'end', 'close']);
      expect(data).toBe('bye');
      const whole = Buffer.concat(parts);
      expect(heard.map((chunks) => Buffer.concat(chunks).equals(whole))).toEqual([true, true]);
    });

    it('when it cannot write on, and can again', async () => {
      const { lines } = await sameStory(
        (server) => {
          server.pause();
          setTimeout(() => server.resume(), 50);
        },
        async (socket) => {
          await connected(socket, undefined);
          while (socket.write(Buffer.alloc(1_000_000)));
          expect(socket.writableNeedDrain).toBe(true);
          await once(socket, 'drain');
          socket.destroy();
        },
      );
      expect(lines).toEqual(['connect', 'close']);
    });

    it('when it is paused', async () => {
      const { data } = await sameStory(
        (server) => server.write('first'),
        async (socket) => {
          const [chunk] = (await once(socket, 'data')) as [Buffer];
          socket.pause();
          let more = false;
          socket.once('data', () => {
            more = true;
          });
          await new Promise((resolve) => setTimeout(resolve, 20));
          expect(more).toBe(false);
          socket.unshift(chunk);
          socket.resume();
          await once(socket, 'data');
          socket.destroy();
        },
      );
      expect(data).toBe('firstfirst');
    });
  },
);

it('a socket that went away takes everything, and does nothing', async () => {
  const socket = HandleSocket.connect('127.0.0.1', 9);
  if (socket === undefined) return;
  socket.destroy();
  const everything = () => {
    socket.secure(createSecureContext(), () => expect.unreachable());
    socket.divert(new Uint8Array(10), () => expect.unreachable());
    socket.resume();
    socket.pause();
    socket.setNoDelay(true);
    socket.setKeepAlive(true);
    expect(socket.write(Buffer.from('x'))).toBe(true);
    socket.end();
    socket.destroy();
    expect(socket.getCipher()).toBe(undefined);
  };
  everything();
  await new Promise((resolve) => socket.on('close', resolve));
  await new Promise(setImmediate);
  everything();
});

it.each([
  ['nobody listens at', '127.0.0.1', /^ECONNREFUSED$/],
  ['cannot be reached', '255.255.255.255', /^E(NETUNREACH|ACCES)$/],
])(
  'a port that %s is an error, and not before there is somebody to tell',
  async (_, address, code) => {
    const told: string[] = [];
    const socket = HandleSocket.connect(address, 9);
    socket?.on('error', (error: NodeJS.ErrnoException) => told.push(String(error.code)));
    if (socket !== undefined) await new Promise((resolve) => socket.on('close', resolve));
    expect(told).toEqual(socket === undefined ? [] : [expect.stringMatching(code)]);
  },
);
