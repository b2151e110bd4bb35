import { createSocket } from 'node:dgram';
import { once } from 'node:events';

const headerLength = 12;
const types = { a: 1, srv: 33 } as const;

/** Returns a resource record for the name in the question: type, class IN, TTL 0, data. */
function record(type: number, data: number[]): number[] {
  return [0xc0, headerLength, 0, type, 0, 1, 0, 0, 0, 0, 0, data.length, ...data];
}

/**
 * Starts a DNS server on this machine, for the trial run that fills the code cache. Until it is
 * closed, it answers every SRV question with `port` and a host that resolves to 127.0.0.1.
 */
export async function startFakeNameServer(
  port: number,
): Promise<{ nameServer: string; close(): void }> {
  const target = [4, ...Buffer.from('here'), 0];
  const answers = new Map([
    [types.srv, record(types.srv, [0, 0, 0, 0, port >> 8, port & 0xff, ...target])],
    [types.a, record(types.a, [127, 0, 0, 1])],
  ] as [number, number[]][]);
  const socket = createSocket('udp4');
  socket.on('message', (query, client) => {
    // The question ends with its type and class.
    const answer = answers.get(query.readUInt16BE(query.length - 4));
    const reply = Buffer.concat([query, Buffer.from(answer ?? [])]);
    reply.writeUInt16BE(0x8180, 2);
    reply.writeUInt16BE(answer === undefined ? 0 : 1, 6);
    socket.send(reply, client.port, client.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return { nameServer: `127.0.0.1:${socket.address().port}`, close: () => socket.close() };
}
