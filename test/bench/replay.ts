import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type { Recording } from './recording.js';

/** A recording, and how many times its rows are sent. */
export interface Replay {
  recording: Recording;
  times: number;
}

export interface ReplayServer {
  close(): void;
}

const comQuit = 1;
const comQuery = 3;
const ok = Buffer.of(0, 0, 0, 2, 0, 0, 0);

/**
 * Starts a server with almost no cost of its own, to measure the speed of a client. It accepts any
 * login over plain TCP, answers a query with its recording from memory, and any other query with OK.
 */
export async function startReplay(
  endpoint: { address: string; port: number },
  replays: ReadonlyMap<string, Replay>,
): Promise<ReplayServer> {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    serveClient(socket, replays);
  });
  server.listen(endpoint.port, endpoint.address);
  await once(server, 'listening');
  return {
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

function serveClient(socket: Socket, replays: ReadonlyMap<string, Replay>): void {
  let loggedIn = false;
  const answer = (sequence: number, payload: Buffer) => {
    const replay =
      loggedIn && payload[0] === comQuery ? replays.get(payload.toString('utf8', 1)) : undefined;
    if (loggedIn && payload[0] === comQuit) socket.end();
    else if (replay !== undefined) send(socket, replay);
    else socket.write(makePacket(sequence + 1, ok));
    loggedIn = true;
  };
  socket.write(makePacket(0, makeGreeting()));
  socket.on('data', splitPackets(answer));
}

/** Returns a function that splits chunks into packets; it joins the chunks of a large packet once. */
function splitPackets(onPacket: (sequence: number, payload: Buffer) => void) {
  let parts: Buffer[] = [];
  let available = 0;
  return (data: Buffer) => {
    parts.push(data);
    available += data.length;
    while (available >= 4) {
      const [first = data] = parts;
      const head = first.length < 4 ? Buffer.concat(parts) : first;
      const size = 4 + head.readUIntLE(0, 3);
      if (available < size) return;
      const packetBytes = Buffer.concat(parts);
      onPacket(packetBytes.readUInt8(3), packetBytes.subarray(4, size));
      parts = [packetBytes.subarray(size)];
      available -= size;
    }
  };
}

function send(socket: Socket, { recording, times }: Replay): void {
  const { head, rows, end } = recording;
  let remaining = times;
  const sendRows = () => {
    while (remaining > 0) {
      remaining--;
      if (!socket.write(rows)) return socket.once('drain', sendRows);
    }
    // The head's packets are numbered from 1; the number of row packets is a multiple of 256.
    return socket.write(makePacket(countPackets(head) + 1, end));
  };
  socket.write(head);
  sendRows();
}

function countPackets(bytes: Buffer): number {
  let count = 0;
  for (let offset = 0; offset < bytes.length; offset += 4 + bytes.readUIntLE(offset, 3)) count++;
  return count;
}

function makePacket(sequence: number, payload: Buffer): Buffer {
  const header = Buffer.alloc(4);
  header.writeUIntLE(payload.length, 0, 3);
  header[3] = sequence & 0xff;
  return Buffer.concat([header, payload]);
}

/** Returns a protocol 10 handshake for mysql_native_password without TLS. */
function makeGreeting(): Buffer {
  const scramble = Buffer.from('abcdefghijklmnopqrst');
  return Buffer.concat([
    Buffer.from('\x0a5.5.5-10.11.19-MariaDB\0'),
    Buffer.of(1, 0, 0, 0),
    scramble.subarray(0, 8),
    Buffer.of(0, 0xff, 0xf7, 33, 2, 0, 0x8f, 0x00, 21),
    Buffer.alloc(10),
    scramble.subarray(8),
    Buffer.from('\0mysql_native_password\0'),
  ]);
}
