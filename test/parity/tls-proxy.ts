import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { connect as connectTls, TLSSocket, type TLSSocketOptions } from 'node:tls';

/** A place that stands before a real server and changes what a client sees of its TLS. */
export interface TlsProxy {
  port: number;
  close(): void;
}

const capabilityTls = 0x0800;

/** The request for TLS, a packet with its header; what comes behind it is TLS. */
const requestLength = 36;

/**
 * Listens at a port of its own at `address` and hands every connection on to the server at
 * `address:port`. With `identity` the client meets that certificate in place of the server's;
 * without it, a server that has no TLS.
 */
export async function startTlsProxy(
  address: string,
  port: number,
  identity: TLSSocketOptions | undefined,
): Promise<TlsProxy> {
  const sockets: Socket[] = [];
  const proxy = createServer((client) => {
    const server = connect(port, address);
    for (const socket of [client, server]) {
      sockets.push(socket);
      socket.on('error', () => {});
    }
    server.on('close', () => client.destroy());
    client.on('close', () => server.destroy());
    server.once('data', (greeting: Buffer) => {
      if (identity === undefined) {
        client.write(withoutTls(greeting));
        client.pipe(server);
        server.pipe(client);
        return;
      }
      client.write(greeting);
      client.once('data', (first: Buffer) => {
        server.write(first.subarray(0, requestLength));
        client.pause();
        client.unshift(first.subarray(requestLength));
        const inner = new TLSSocket(client, { isServer: true, ...identity });
        const outer = connectTls({ socket: server, rejectUnauthorized: false });
        inner.on('error', () => client.destroy());
        outer.on('error', () => server.destroy());
        inner.pipe(outer);
        outer.pipe(inner);
      });
    });
  });
  proxy.listen(0, address);
  await once(proxy, 'listening');
  return {
    port: (proxy.address() as AddressInfo).port,
    close() {
      for (const socket of sockets) socket.destroy();
      proxy.close();
    },
  };
}

/** The greeting, its TLS flag cleared: it stands in the capabilities' lower half. */
function withoutTls(greeting: Buffer): Buffer {
  const at = greeting.indexOf(0, 5) + 1 + 4 + 8 + 1;
  const changed = Buffer.from(greeting);
  changed.writeUInt16LE(greeting.readUInt16LE(at) & ~capabilityTls, at);
  return changed;
}
