import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';

/** A server that says what it is told to, for what no real server can be brought to say. */
export interface ScriptedServer {
  port: number;
  close(): void;
}

/** What the server does on hearing a payload: sends one, sends bytes as they are, or hangs up. */
export type Step = Buffer | { raw: Buffer; end?: boolean } | 'end' | ((heard: Buffer) => Buffer);

/** The scramble of its greeting and of its requests to switch, 20 bytes. */
export const scramble = Buffer.from('12345678abcdefghijkl');

/** Handshake v10 without TLS. */
export function greeting(plugin = 'mysql_native_password', version = '10.11.0-odd'): Buffer {
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

export const ok = Buffer.of(0, 0, 0, 2, 0, 0, 0);

/** An error; without a SQL state as before the handshake. */
export function error(errno: number, text: string, sqlState = ''): Buffer {
  const head = Buffer.alloc(3, 0xff);
  head.writeUInt16LE(errno, 1);
  return Buffer.concat([head, Buffer.from(sqlState === '' ? text : `#${sqlState}${text}`)]);
}

/** Asks the client to log in in another way. */
export function switchTo(plugin: string, data: Buffer | string): Buffer {
  return Buffer.concat([Buffer.from(`\xfe${plugin}\0`, 'latin1'), Buffer.from(data)]);
}

/** Ends with an error that tells what was heard, so that it can be compared. */
export const tellHeard = (heard: Buffer): Buffer =>
  error(1045, `heard ${heard.toString('hex')}`, '28000');

/**
 * Starts a server at 127.0.0.1 that does the first step for each connection, and one more for each
 * packet that it hears there.
 */
export async function startScriptedServer(steps: Step[]): Promise<ScriptedServer> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    let next = 0;
    let pending = Buffer.alloc(0);
    const act = (heard: Buffer, sequence: number) => {
      const step = steps[next++];
      if (step === undefined || step === 'end') socket.end();
      else if ('raw' in step) socket[step.end ? 'end' : 'write'](step.raw);
      else socket.write(packet(sequence, typeof step === 'function' ? step(heard) : step));
    };
    socket.on('data', (data) => {
      pending = Buffer.concat([pending, data]);
      while (pending.length >= 4 && pending.length >= 4 + pending.readUIntLE(0, 3)) {
        const end = 4 + pending.readUIntLE(0, 3);
        const sequence = pending.readUInt8(3) + 1;
        const heard = pending.subarray(4, end);
        pending = pending.subarray(end);
        act(heard, sequence);
      }
    });
    act(Buffer.alloc(0), 0);
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

/** A payload with its header. */
export function packet(sequence: number, payload: Buffer): Buffer {
  const header = Buffer.alloc(4);
  header.writeUIntLE(payload.length, 0, 3);
  header[3] = sequence & 0xff;
  return Buffer.concat([header, payload]);
}
