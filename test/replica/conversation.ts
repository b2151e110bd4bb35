import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** What one side of a connection sent until the other one answered. */
export interface Turn {
  from: 'server' | 'client';
  bytes: Buffer;
}

/** All turns of one connection, the server's greeting first. */
export type Conversation = readonly Turn[];

/** Milliseconds that a replaying server waits for the client's turn before it sends its own. */
const patience = 300;

/**
 * Records the conversations of a program with a real server: a proxy listens at 127.0.0.1 while `use`
 * runs with its port. Returns one conversation for each connection.
 */
export async function recordConversations(
  { address, port }: { address: string; port: number },
  use: (port: number) => Promise<void>,
): Promise<Conversation[]> {
  const conversations: Turn[][] = [];
  const proxy = createServer((client) => {
    const turns: Turn[] = [];
    conversations.push(turns);
    const server = connect(port, address);
    const pass = (from: Turn['from'], to: Socket) => (bytes: Buffer) => {
      const last = turns.at(-1);
      if (last?.from === from) last.bytes = Buffer.concat([last.bytes, bytes]);
      else turns.push({ from, bytes });
      to.write(bytes);
    };
    client.on('data', pass('client', server));
    server.on('data', pass('server', client));
    client.on('close', () => server.destroy());
    server.on('close', () => client.end());
    for (const socket of [client, server]) socket.on('error', () => socket.destroy());
  });
  const proxyPort = await listen(proxy);
  try {
    await use(proxyPort);
  } finally {
    proxy.close();
  }
  return conversations;
}

/** A server that replays recorded conversations. */
export interface ReplayingServer {
  port: number;
  close(): void;
}

/**
 * Starts a server at 127.0.0.1 that sends the server's turns of the n-th conversation to the n-th
 * connection (of the last one to all that follow), each after the client has sent as many bytes as
 * were recorded, or after 300 ms. It closes the connection after its last byte.
 */
export async function replayConversations(
  conversations: readonly Conversation[],
): Promise<ReplayingServer> {
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    const turns = conversations[Math.min(connections++, conversations.length - 1)] ?? [];
    let next = 0;
    let awaited = 0;
    let timer: NodeJS.Timeout | undefined;
    const proceed = () => {
      clearTimeout(timer);
      for (; next < turns.length; next++) {
        const { from, bytes } = turns[next] as Turn;
        if (from === 'client') {
          if (!turns.slice(next).some((turn) => turn.from === 'server')) break;
          awaited += bytes.length;
          if (awaited <= 0) continue;
          next++;
          timer = setTimeout(() => {
            awaited = 0;
            proceed();
          }, patience);
          return;
        }
        socket.write(bytes);
      }
      socket.end();
    };
    socket.on('data', (bytes) => {
      awaited -= bytes.length;
      if (awaited <= 0 && timer !== undefined) {
        timer = undefined;
        proceed();
      }
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      clearTimeout(timer);
      sockets.delete(socket);
    });
    proceed();
  });
  return {
    port: await listen(server),
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
