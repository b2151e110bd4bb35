import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';

/** Returns a packet of the MySQL protocol: length, sequence number, payload. */
function packet(sequence: number, ...payload: (string | number[])[]): Buffer {
  const body = Buffer.concat(payload.map((part) => Buffer.from(part as string)));
  return Buffer.concat([Buffer.of(body.length & 0xff, body.length >> 8, 0, sequence), body]);
}

/** Returns a HandshakeV10 packet; `capabilities`: the low byte of the server's capability flags. */
function handshake(capabilities: number): Buffer {
  return packet(
    0,
    [10],
    '10.11.0-warm-up\0',
    [1, 0, 0, 0],
    '12345678\0',
    [0xfe, capabilities, 45, 2, 0, 0x0f, 0x80, 21],
    '\0'.repeat(10),
    '123456789012\0',
    'mysql_native_password\0',
  );
}
const withoutTls = 0xf7;
const withTls = 0xff;
/** The OK packet of USE, with SERVER_MORE_RESULTS_EXISTS. */
const okMoreResults = packet(1, [0, 0, 0, 2 | 8, 0, 0, 0]);
const loginOk = packet(2, [0, 0, 0, 2, 0, 0, 0]);
const ok = packet(1, [0, 0, 0, 2, 0, 0, 0]);

/** The result set of `select 1`: one column named 1, one row with the value 1. */
const column = [1, 0x31, 1, 0x31, 0x0c, 63, 0, 1, 0, 0, 0, 3, 1, 0, 0, 0, 0];
const endOfFile = [0xfe, 0, 0, 2, 0];

/** Returns the packets of the result set, numbered from `sequence`. */
function selectResult(sequence: number): Buffer {
  return Buffer.concat([
    packet(sequence, [1]),
    packet(sequence + 1, [3], 'def', [0, 0, 0], column),
    packet(sequence + 2, endOfFile),
    packet(sequence + 3, [1], '1'),
    packet(sequence + 4, endOfFile),
  ]);
}

/**
 * Starts a server for the warm-up that makes the code cache, on a free port. It accepts any login, then
 * answers statements. It offers TLS on every second connection, and closes that connection when TLS
 * begins, since it has no certificate.
 */
export async function startFakeServer(): Promise<{ server: Server; port: number }> {
  let connections = 0;
  const server = createServer((socket) => {
    const offersTls = ++connections % 2 === 0;
    let requests = 0;
    socket.on('error', () => {});
    socket.on('data', (data: Buffer) => {
      if (offersTls) socket.end();
      else if (requests++ === 0) socket.write(loginOk);
      else if (data.includes('USE ')) socket.write(Buffer.concat([okMoreResults, selectResult(2)]));
      else socket.write(data.includes('select') ? selectResult(1) : ok);
    });
    socket.write(handshake(offersTls ? withTls : withoutTls));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port };
}
