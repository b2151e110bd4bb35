import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultSqlMode } from '../../src/protocol/sql-mode.js';
import { ignoreResults } from '../../src/replica/connection.js';
import { isNamedLocalFile } from '../../src/session/local-infile-policy.js';
import { tlsWith } from '../examples.js';
import { errorOf, loginAs, open, rowsOf, targetAt } from './open.js';

/** Handshake v10 of a server without TLS that lets everybody in. */
const greeting = Buffer.concat([
  Buffer.of(10),
  Buffer.from('10.11.0-odd\0'),
  Buffer.of(1, 0, 0, 0),
  Buffer.from('12345678\0'),
  Buffer.of(0xff, 0xf7, 8, 2, 0, 0x0f, 0x80, 21),
  Buffer.alloc(10),
  Buffer.from('123456789012\0'),
  Buffer.from('mysql_native_password\0'),
]);
const ok = Buffer.of(0, 0, 0, 2, 0, 0, 0);

function packet(sequence: number, payload: Buffer): Buffer {
  const header = Buffer.alloc(4);
  header.writeUIntLE(payload.length, 0, 3);
  header[3] = sequence;
  return Buffer.concat([header, payload]);
}

/** A server that answers the n-th thing it hears with the n-th answer, and keeps what it heard. */
async function withServer(
  first: Buffer,
  answers: (Buffer | 'end')[],
  use: (port: number, heard: Buffer[]) => Promise<void>,
): Promise<void> {
  const heard: Buffer[] = [];
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    let next = 0;
    socket.on('error', () => {});
    socket.on('data', (data) => {
      heard.push(data);
      const answer = answers[next++];
      if (answer === 'end') socket.destroy();
      else if (answer) socket.write(answer);
    });
    socket.write(first);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    await use((server.address() as AddressInfo).port, heard);
  } finally {
    for (const socket of sockets) socket.destroy();
    server.close();
  }
}

/** What the server hears when it answers `sql` by asking for `file`, and how that ends. */
async function askFor(file: string, sql: string, allowed = true): Promise<[string, Buffer[]]> {
  const request = packet(1, Buffer.concat([Buffer.of(0xfb), Buffer.from(file)]));
  const answers = [packet(2, ok), request, packet(3, ok)];
  let end = '';
  let sent: Buffer[] = [];
  await withServer(packet(0, greeting), answers, async (port, heard) => {
    const login = loginAs('noPassword', { localInfile: allowed });
    const connection = await open(targetAt('127.0.0.1', port), login);
    const offers = (name: Uint8Array) => isNamedLocalFile(Buffer.from(sql), name, defaultSqlMode);
    end = await errorOf(connection.query(Buffer.from(sql), ignoreResults, offers));
    sent = heard.slice(2);
    connection.destroy();
  });
  return [end, sent];
}

describe('a server that asks for a local file', () => {
  const nothing = Buffer.of(0, 0, 0, 2);
  const forbidden = '2000 (HY000): Load data local infile forbidden';

  it.each([
    ['select 1', '/etc/passwd'],
    ["load data local infile '/etc/passwd.' into table t", '/etc/passwd'],
    ["load data local infile 'x' into table t", '/etc/passwd'],
    ["load data local infile 'passwd' into table t", '/etc/passwd'],
    ["load data infile '/etc/passwd' into table t", '/etc/passwd'],
    [`select "load data local infile '/etc/passwd'"`, '/etc/passwd'],
    ["load data /* local infile '/etc/passwd' */ local infile 'x' into table t", '/etc/passwd'],
    ["load data local infile 'x' -- local infile '/etc/passwd'\n into table t", '/etc/passwd'],
    ['load data local infile `/etc/passwd` into table t', '/etc/passwd'],
    ["load data local infile 'x' into table t ignore 1 lines set a='/etc/passwd'", '/etc/passwd'],
  ])('gets nothing for %s', async (sql, file) => {
    const [end, sent] = await askFor(file, sql);
    expect(end).toBe(forbidden);
    expect(Buffer.concat(sent)).toEqual(nothing);
  });

  it('gets nothing with --local-infile=0, whatever the statement names', async () => {
    const [end, sent] = await askFor('/etc/passwd', "load data local infile '/etc/passwd'", false);
    expect(end).toBe(forbidden);
    expect(Buffer.concat(sent)).toEqual(nothing);
  });

  it('gets the file that the statement names', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'local-file-'));
    const file = join(directory, "a'b");
    writeFileSync(file, '1\t2\n');
    const [end, sent] = await askFor(
      file,
      `load data local infile '${directory}/a\\'b' into table t`,
    );
    rmSync(directory, { recursive: true });
    expect(end).toBe('no error');
    // It may answer before it has heard the empty packet behind.
    const content = packet(2, Buffer.from('1\t2\n'));
    expect(Buffer.concat(sent).subarray(0, content.length)).toEqual(content);
  });
});

it('a server that is full says so itself', async () => {
  const refusal = Buffer.concat([Buffer.of(0xff, 0x10, 0x04), Buffer.from('Too many connections')]);
  await withServer(packet(0, refusal), [], async (port) => {
    const tls = tlsWith({ enabled: false });
    expect(await errorOf(open(targetAt('127.0.0.1', port), loginAs('research', { tls })))).toBe(
      '1040 (HY000): Too many connections',
    );
  });
});

describe('a server that offers TLS', () => {
  const offer = Buffer.from(greeting);
  const capabilities = offer.indexOf(0, 1) + 1 + 4 + 9;
  offer[capabilities + 1] = 0xff;

  it.each([
    ['hangs up', 'end', /: unexpected eof while reading$/],
    ['speaks no TLS', Buffer.from('no, thank you'), /: wrong version number$/],
    ['refuses', Buffer.of(0x15, 3, 3, 0, 2, 2, 40), /: (sslv3|ssl\/tls) alert handshake failure$/],
  ] as const)('and %s, is an error of TLS', async (_, answer, reason) => {
    // The second answer is to what the client says of TLS, if it comes by itself.
    await withServer(packet(0, offer), [answer, 'end'], async (port) => {
      const error = await errorOf(open(targetAt('127.0.0.1', port), loginAs('noPassword')));
      expect(error).toMatch(/^2026 \(HY000\): TLS\/SSL error: /);
      expect(error).toMatch(reason);
    });
  });

  it('and resets the connection, is lost', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.write(packet(0, offer), () => socket.resetAndDestroy());
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    for (let i = 0; i < 20; i++) {
      expect(await errorOf(open(targetAt('127.0.0.1', port), loginAs('noPassword')))).toMatch(
        /^(2002|2013|2026) /,
      );
    }
    server.close();
  });
});

it('a server that never greets is given up after --connect-timeout', async () => {
  await withServer(Buffer.alloc(0), [], async (port) => {
    const login = loginAs('research', { connectTimeout: 0.2 });
    expect(await errorOf(open(targetAt('127.0.0.1', port), login))).toMatch(
      /^2013 \(HY000\): Lost connection to server at 'handshake: reading initial communication packet', system error: 110$/,
    );
  });
});

it('a server that goes away in the middle of a statement is a lost connection', async () => {
  await withServer(packet(0, greeting), [packet(2, ok), 'end'], async (port) => {
    const connection = await open(targetAt('127.0.0.1', port), loginAs('noPassword'));
    expect(await errorOf(rowsOf(connection, 'select 1'))).toBe(
      '2013 (HY000): Lost connection to server during query',
    );
  });
});
