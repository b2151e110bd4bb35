import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';

/** A packet of the MySQL protocol: length, number, payload. */
function packet(sequence: number, ...payload: (string | number[])[]): Buffer {
  const body = Buffer.concat(payload.map((part) => Buffer.from(part as string)));
  return Buffer.concat([Buffer.of(body.length & 0xff, body.length >> 8, 0, sequence), body]);
}

/** Handshake v10, with the lower byte of two of what the server can do, of which TLS is one. */
function greeting(abilities: number): Buffer {
  return packet(
    0,
    [10],
    '10.11.0-practice\0',
    [1, 0, 0, 0],
    '12345678\0',
    [0xfe, abilities, 45, 2, 0, 0x0f, 0x80, 21],
    '\0'.repeat(10),
    '123456789012\0',
    'mysql_native_password\0',
  );
}
const withoutTls = 0xf7;
const withTls = 0xff;
/** There is more to come: the database is in use, now for the rest. */
const okForNow = packet(1, [0, 0, 0, 2 | 8, 0, 0, 0]);
const loggedIn = packet(2, [0, 0, 0, 2, 0, 0, 0]);
const ok = packet(1, [0, 0, 0, 2, 0, 0, 0]);

/** One column named 1, one row that holds 1: what `select 1` answers. */
const column = [1, 0x31, 1, 0x31, 0x0c, 63, 0, 1, 0, 0, 0, 3, 1, 0, 0, 0, 0];
const endOfColumns = packet(3, [0xfe, 0, 0, 2, 0]);
const endOfRows = packet(5, [0xfe, 0, 0, 2, 0]);
const result = Buffer.concat([
  packet(1, [1]),
  packet(2, [3], 'def', [0, 0, 0], column),
  endOfColumns,
  packet(4, [1], '1'),
  endOfRows,
]);

/**
 * Answers a login, whatever it is, and then statements, on a port of its own. Every second
 * connection is offered TLS, and ended when that begins: there is no certificate.
 */
export async function startFakeServer(): Promise<{ server: Server; port: number }> {
  let connections = 0;
  const server = createServer((socket) => {
    const offersTls = ++connections % 2 === 0;
    let asked = 0;
    socket.on('error', () => {});
    socket.on('data', (data: Buffer) => {
      if (offersTls) socket.end();
      else if (asked++ === 0) socket.write(loggedIn);
      else if (data.includes('USE ')) socket.write(Buffer.concat([okForNow, result]));
      else socket.write(data.includes('select') ? result : ok);
    });
    socket.write(greeting(offersTls ? withTls : withoutTls));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port };
}
