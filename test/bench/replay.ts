import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type { Recording } from './recording.js';

/** A recording, and how often its rows are sent. */
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
 * A server that costs nothing: it lets everybody in, over plain TCP, and answers each query that it
 * has a recording of with that, from memory; any other with OK. What is measured against it is the
 * client's own speed.
 */
export async function startReplay(
  place: { address: string; port: number },
  replays: ReadonlyMap<string, Replay>,
): Promise<ReplayServer> {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    converse(socket, replays);
  });
  server.listen(place.port, place.address);
  await once(server, 'listening');
  return {
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

function converse(socket: Socket, replays: ReadonlyMap<string, Replay>): void {
  let loggedIn = false;
  const answer = (sequence: number, payload: Buffer) => {
    const replay =
      loggedIn && payload[0] === comQuery ? replays.get(payload.toString('utf8', 1)) : undefined;
    if (loggedIn && payload[0] === comQuit) socket.end();
    else if (replay !== undefined) send(socket, replay);
    else socket.write(packet(sequence + 1, ok));
    loggedIn = true;
  };
  socket.write(packet(0, greeting()));
  socket.on('data', eachPacket(answer));
}

/** Cuts what is heard into packets; what a large one is made of is put together once. */
function eachPacket(onPacket: (sequence: number, payload: Buffer) => void) {
  let parts: Buffer[] = [];
  let held = 0;
  return (data: Buffer) => {
    parts.push(data);
    held += data.length;
    while (held >= 4) {
      const [first = data] = parts;
      const head = first.length < 4 ? Buffer.concat(parts) : first;
      const size = 4 + head.readUIntLE(0, 3);
      if (held < size) return;
      const heard = Buffer.concat(parts);
      onPacket(heard.readUInt8(3), heard.subarray(4, size));
      parts = [heard.subarray(size)];
      held -= size;
    }
  };
}

function send(socket: Socket, { recording, times }: Replay): void {
  const { head, rows, end } = recording;
  let left = times;
  const sendRows = () => {
    while (left > 0) {
      left--;
      if (!socket.write(rows)) return socket.once('drain', sendRows);
    }
    // The head's packets are numbered from 1, the rows' are a multiple of 256.
    return socket.write(packet(packetsIn(head) + 1, end));
  };
  socket.write(head);
  sendRows();
}

function packetsIn(bytes: Buffer): number {
  let count = 0;
  for (let at = 0; at < bytes.length; at += 4 + bytes.readUIntLE(at, 3)) count++;
  return count;
}

function packet(sequence: number, payload: Buffer): Buffer {
  const header = Buffer.alloc(4);
  header.writeUIntLE(payload.length, 0, 3);
  header[3] = sequence & 0xff;
  return Buffer.concat([header, payload]);
}

/** Protocol 10 with mysql_native_password and without TLS; any password will do. */
function greeting(): Buffer {
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
