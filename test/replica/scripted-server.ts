import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { deflateSync } from 'node:zlib';

/** A server that sends scripted messages, which real servers cannot be made to send. */
export interface ScriptedServer {
  port: number;
  close(): void;
}

/** A step of the server: sends a payload as a packet, sends raw bytes, or closes the connection. */
export type Step = Buffer | { raw: Buffer; end?: boolean } | 'end' | ((payload: Buffer) => Buffer);

/** The scramble of the greeting and of authentication switch requests, 20 bytes. */
export const scramble = Buffer.from('12345678abcdefghijkl');

/** Returns a greeting (Handshake v10) without TLS. */
export function buildGreeting(plugin = 'mysql_native_password', version = '10.11.0-odd'): Buffer {
  return Buffer.concat([
    Buffer.of(10),
    Buffer.from(`${version}\0`),
    Buffer.of(1, 0, 0, 0),
    scramble.subarray(0, 8),
    Buffer.of(0, 0xff, 0xf7, 8, 2, 0, 0x0f, 0x80, 21),
    Buffer.alloc(10),
    scramble.subarray(8),
    Buffer.from(`\0${plugin}\0`),
  ]);
}

export const okPayload = Buffer.of(0, 0, 0, 2, 0, 0, 0);

/**
 * Returns an ERR packet's payload. Without a SQL state it has the form of an error before the
 * handshake.
 */
export function buildError(errno: number, text: string, sqlState = ''): Buffer {
  const head = Buffer.alloc(3, 0xff);
  head.writeUInt16LE(errno, 1);
  return Buffer.concat([head, Buffer.from(sqlState === '' ? text : `#${sqlState}${text}`)]);
}

/** Returns a request to switch to another authentication plugin. */
export function buildAuthSwitch(plugin: string, data: Buffer | string): Buffer {
  return Buffer.concat([Buffer.from(`\xfe${plugin}\0`, 'latin1'), Buffer.from(data)]);
}

/** Returns an error whose text contains the received payload, so that tests can compare it. */
export const echoAsError = (payload: Buffer): Buffer =>
  buildError(1045, `received ${payload.toString('hex')}`, '28000');

/**
 * Starts a server on 127.0.0.1 that runs the first step for each connection, and the next step for
 * each received packet.
 */
export async function startScriptedServer(steps: Step[]): Promise<ScriptedServer> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    let next = 0;
    let pending = Buffer.alloc(0);
    const runStep = (payload: Buffer, sequence: number) => {
      const step = steps[next++];
      if (step === undefined || step === 'end') socket.end();
      else if ('raw' in step) socket[step.end ? 'end' : 'write'](step.raw);
      else socket.write(buildPacket(sequence, typeof step === 'function' ? step(payload) : step));
    };
    socket.on('data', (data) => {
      pending = Buffer.concat([pending, data]);
      while (pending.length >= 4 && pending.length >= 4 + pending.readUIntLE(0, 3)) {
        const end = 4 + pending.readUIntLE(0, 3);
        const sequence = pending.readUInt8(3) + 1;
        const payload = pending.subarray(4, end);
        pending = pending.subarray(end);
        runStep(payload, sequence);
      }
    });
    runStep(Buffer.alloc(0), 0);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

/** Returns a payload with its packet header. */
export function buildPacket(sequence: number, payload: Buffer): Buffer {
  const header = Buffer.alloc(4);
  header.writeUIntLE(payload.length, 0, 3);
  header[3] = sequence & 0xff;
  return Buffer.concat([header, payload]);
}

/**
 * Returns a packet of the compressed protocol that contains `content`, deflated or unchanged.
 * `length`: the announced length of the inflated content.
 */
export function compressPacket(
  content: Buffer,
  { sequence = 0, deflated = true, length = content.length } = {},
): Buffer {
  const body = deflated ? deflateSync(content) : content;
  const header = Buffer.alloc(7);
  header.writeUIntLE(body.length, 0, 3);
  header[3] = sequence;
  header.writeUIntLE(deflated ? length : 0, 4, 3);
  return Buffer.concat([header, body]);
}
