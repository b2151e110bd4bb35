import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A request of the client as latin1: the text of a query, or the name of a database to use. */
export interface Request {
  kind: 'query' | 'use';
  text: string;
}

export interface RecordingServer {
  socketPath: string;
  /** Returns the requests since the last call. */
  takeRequests(): Request[];
  close(): Promise<void>;
}

const autocommit = 0x0002;
const noBackslashEscapes = 0x0200;
const ansiQuotes = 0x8000;
const comQuit = 1;
const comInitDb = 2;
const comQuery = 3;

/**
 * Starts a server without SQL that accepts the real client and records the bytes of each request,
 * without the escapes that a query log would have. Every query fails, so that the client prints its
 * line number on stderr, with two exceptions: `set …` succeeds and sets the status flags like
 * `set sql_mode`, and the client's own `SELECT DATABASE()` succeeds.
 */
export async function startRecordingServer(): Promise<RecordingServer> {
  const directory = mkdtempSync(join(tmpdir(), 'recording-'));
  const socketPath = join(directory, 'sock');
  let requests: Request[] = [];
  const server = createServer((socket) => serve(socket, (request) => requests.push(request)));
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  return {
    socketPath,
    takeRequests() {
      const result = requests;
      requests = [];
      return result;
    },
    async close() {
      await new Promise((resolve) => server.close(resolve));
      rmSync(directory, { recursive: true });
    },
  };
}

function serve(socket: Socket, onRequest: (request: Request) => void): void {
  let received = Buffer.alloc(0);
  let status = autocommit;
  let isLoggedIn = false;
  socket.on('error', () => socket.destroy());
  socket.write(createPacket(0, createGreeting()));
  socket.on('data', (data) => {
    received = Buffer.concat([received, data]);
    while (received.length >= 4 && received.length >= 4 + received.readUIntLE(0, 3)) {
      const length = received.readUIntLE(0, 3);
      const body = received.subarray(4, 4 + length);
      if (isLoggedIn && body[0] === comQuit) {
        socket.end();
        return;
      }
      socket.write(
        createPacket((received[3] ?? 0) + 1, isLoggedIn ? createResponse(body) : createOk(status)),
      );
      isLoggedIn = true;
      received = received.subarray(4 + length);
    }
  });

  function createResponse(body: Buffer): Buffer {
    const text = body.subarray(1).toString('latin1');
    if (body[0] === comInitDb) onRequest({ kind: 'use', text });
    if (body[0] !== comQuery || text === 'SELECT DATABASE()') return createOk(status);
    onRequest({ kind: 'query', text });
    if (!/^set /i.test(text)) return createError();
    if (text.startsWith('set sql_mode')) {
      status =
        autocommit |
        (text.includes('NO_BACKSLASH_ESCAPES') ? noBackslashEscapes : 0) |
        (text.includes('ANSI') ? ansiQuotes : 0);
    }
    return createOk(status);
  }
}

function createPacket(sequence: number, body: Buffer): Buffer {
  const header = Buffer.alloc(4);
  header.writeUIntLE(body.length, 0, 3);
  header[3] = sequence;
  return Buffer.concat([header, body]);
}

function createOk(status: number): Buffer {
  return Buffer.from([0, 0, 0, status & 0xff, status >> 8, 0, 0]);
}

function createError(): Buffer {
  return Buffer.concat([Buffer.from([0xff, 0x28, 0x04]), Buffer.from('#42000refused')]);
}

/** A greeting of protocol 10 with mysql_native_password; the server accepts any password. */
function createGreeting(): Buffer {
  const scramble = Buffer.from('abcdefghijklmnopqrst');
  const capabilitiesLow = [0xff, 0xf7]; // all except TLS
  const capabilitiesHigh = [0x8f, 0x00]; // with plug-in authentication
  return Buffer.concat([
    Buffer.from([10]),
    Buffer.from('5.5.5-10.11.19-MariaDB\0'),
    Buffer.from([1, 0, 0, 0]),
    scramble.subarray(0, 8),
    Buffer.from([0, ...capabilitiesLow, 33, autocommit, 0, ...capabilitiesHigh, 21]),
    Buffer.alloc(10),
    scramble.subarray(8),
    Buffer.from('\0mysql_native_password\0'),
  ]);
}
