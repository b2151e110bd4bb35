import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { connect as connectTls, TLSSocket, type TLSSocketOptions } from 'node:tls';

/** A proxy for a real server that changes the TLS that a client sees. */
export interface TlsProxy {
  port: number;
  close(): void;
}

/** CLIENT_SSL in the capability flags of the handshake. */
const capabilityTls = 0x0800;

/** Bytes of the SSLRequest packet with its header; TLS begins after it. */
const sslRequestLength = 36;

/**
 * Listens on a free port of `address` and forwards each connection to the server at `address:port`.
 * With `identity`, the client sees that certificate in place of the server's; without it, the
 * client sees a server that does not support TLS.
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
        client.write(clearTlsFlag(greeting));
        client.pipe(server);
        server.pipe(client);
        return;
      }
      client.write(greeting);
      client.once('data', (first: Buffer) => {
        server.write(first.subarray(0, sslRequestLength));
        client.pause();
        client.unshift(first.subarray(sslRequestLength));
        const clientTls = new TLSSocket(client, { isServer: true, ...identity });
        const serverTls = connectTls({ socket: server, rejectUnauthorized: false });
        clientTls.on('error', () => client.destroy());
        serverTls.on('error', () => server.destroy());
        clientTls.pipe(serverTls);
        serverTls.pipe(clientTls);
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

/**
 * Listens on a free port of 127.0.0.1, offers TLS with `identity`, and forwards each connection
 * without TLS to a scripted server at 127.0.0.1:port, which follows the client's packet numbers.
 */
export async function startTlsTerminator(
  port: number,
  identity: TLSSocketOptions,
): Promise<TlsProxy> {
  const sockets: Socket[] = [];
  const proxy = createServer((client) => {
    const server = connect(port, '127.0.0.1');
    for (const socket of [client, server]) {
      sockets.push(socket);
      socket.on('error', () => {});
    }
    server.once('data', (greeting: Buffer) => {
      client.write(setTlsFlag(greeting));
      client.once('data', (first: Buffer) => {
        client.pause();
        client.unshift(first.subarray(sslRequestLength));
        const clientTls = new TLSSocket(client, { isServer: true, ...identity });
        clientTls.on('error', () => client.destroy());
        clientTls.on('data', (packet: Buffer) => server.write(packet));
        server.on('data', (packet: Buffer) => clientTls.write(packet));
        server.on('close', () => clientTls.end());
        clientTls.on('close', () => server.destroy());
      });
    });
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  return {
    port: (proxy.address() as AddressInfo).port,
    close() {
      for (const socket of sockets) socket.destroy();
      proxy.close();
    },
  };
}

function setTlsFlag(greeting: Buffer): Buffer {
  const offset = capabilitiesOffset(greeting);
  const changed = Buffer.from(greeting);
  changed.writeUInt16LE(greeting.readUInt16LE(offset) | capabilityTls, offset);
  return changed;
}

/** The flags follow the server version, the connection id, 8 bytes of scramble and a filler byte. */
function capabilitiesOffset(greeting: Buffer): number {
  return greeting.indexOf(0, 5) + 1 + 4 + 8 + 1;
}

/** Returns the greeting without its TLS flag, which is in the lower half of the capabilities. */
function clearTlsFlag(greeting: Buffer): Buffer {
  const offset = capabilitiesOffset(greeting);
  const changed = Buffer.from(greeting);
  changed.writeUInt16LE(greeting.readUInt16LE(offset) & ~capabilityTls, offset);
  return changed;
}
