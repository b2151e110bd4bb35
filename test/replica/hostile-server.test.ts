import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { LocalInfile } from '../../src/cli/settings.js';
import { defaultSqlMode } from '../../src/protocol/sql-mode.js';
import { ignoreResults } from '../../src/replica/connection.js';
import { isNamedLocalFile } from '../../src/session/local-infile-policy.js';
import { tlsWith } from '../examples.js';
import {
  catchSqlError,
  loginAs,
  makeTcpTarget,
  openConnection,
  queryRows,
} from './open-connection.js';

/** Handshake v10 of a server without TLS that accepts every login. */
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
const okPacket = Buffer.of(0, 0, 0, 2, 0, 0, 0);

function packet(sequence: number, payload: Buffer): Buffer {
  const header = Buffer.alloc(4);
  header.writeUIntLE(payload.length, 0, 3);
  header[3] = sequence;
  return Buffer.concat([header, payload]);
}

/** Runs a server that answers the n-th message with the n-th response and collects the messages. */
async function withServer(
  first: Buffer,
  responses: (Buffer | 'end')[],
  callback: (port: number, received: Buffer[]) => Promise<void>,
): Promise<void> {
  const received: Buffer[] = [];
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    let next = 0;
    socket.on('error', () => {});
    socket.on('data', (data) => {
      received.push(data);
      const response = responses[next++];
      if (response === 'end') socket.destroy();
      else if (response) socket.write(response);
    });
    socket.write(first);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    await callback((server.address() as AddressInfo).port, received);
  } finally {
    for (const socket of sockets) socket.destroy();
    server.close();
  }
}

/**
 * Runs `sql` on a server that requests `file`. Returns the error of the statement and the bytes
 * that the server received.
 */
async function requestFile(
  file: string,
  sql: string,
  localInfile: LocalInfile = 'any',
): Promise<[string, Buffer[]]> {
  const request = packet(1, Buffer.concat([Buffer.of(0xfb), Buffer.from(file)]));
  const responses = [packet(2, okPacket), request, packet(3, okPacket)];
  let result = '';
  let sent: Buffer[] = [];
  await withServer(packet(0, greeting), responses, async (port, received) => {
    const login = loginAs('noPassword', { localInfile });
    const connection = await openConnection(makeTcpTarget('127.0.0.1', port), login);
    const allowsFile = (name: Uint8Array) =>
      isNamedLocalFile(Buffer.from(sql), name, defaultSqlMode);
    result = await catchSqlError(connection.query(Buffer.from(sql), ignoreResults, allowsFile));
    sent = received.slice(2);
    connection.destroy();
  });
  return [result, sent];
}

describe('a server that requests a local file', () => {
  const emptyPacket = Buffer.of(0, 0, 0, 2);
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
  ])('receives nothing for %s', async (sql, file) => {
    const [result, sent] = await requestFile(file, sql);
    expect(result).toBe(forbidden);
    expect(Buffer.concat(sent)).toEqual(emptyPacket);
  });

  it('receives nothing with --local-infile=0, even if the statement names the file', async () => {
    const [result, sent] = await requestFile(
      '/etc/passwd',
      "load data local infile '/etc/passwd'",
      'none',
    );
    expect(result).toBe(forbidden);
    expect(Buffer.concat(sent)).toEqual(emptyPacket);
  });

  it('receives the file that the statement names', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'local-file-'));
    const file = join(directory, "a'b");
    writeFileSync(file, '1\t2\n');
    const [result, sent] = await requestFile(
      file,
      `load data local infile '${directory}/a\\'b' into table t`,
    );
    rmSync(directory, { recursive: true });
    expect(result).toBe('no error');
    // The server may answer before it has received the empty packet at the end.
    const content = packet(2, Buffer.from('1\t2\n'));
    expect(Buffer.concat(sent).subarray(0, content.length)).toEqual(content);
  });
});

it('reports the error of a server with too many connections', async () => {
  const refusal = Buffer.concat([Buffer.of(0xff, 0x10, 0x04), Buffer.from('Too many connections')]);
  await withServer(packet(0, refusal), [], async (port) => {
    const tls = tlsWith({ enabled: false });
    expect(
      await catchSqlError(
        openConnection(makeTcpTarget('127.0.0.1', port), loginAs('research', { tls })),
      ),
    ).toBe('1040 (HY000): Too many connections');
  });
});

describe('a server that offers TLS', () => {
  const tlsGreeting = Buffer.from(greeting);
  const capabilities = tlsGreeting.indexOf(0, 1) + 1 + 4 + 9;
  tlsGreeting[capabilities + 1] = 0xff;

  it.each([
    ['closes the connection', 'end', /: unexpected eof while reading$/],
    ['does not speak TLS', Buffer.from('no, thank you'), /: wrong version number$/],
    [
      'refuses the handshake',
      Buffer.of(0x15, 3, 3, 0, 2, 2, 40),
      /: (sslv3|ssl\/tls) alert handshake failure$/,
    ],
  ] as const)('and %s is reported as a TLS error', async (_, response, reason) => {
    // The second response answers the client's TLS message, if that arrives separately.
    await withServer(packet(0, tlsGreeting), [response, 'end'], async (port) => {
      const error = await catchSqlError(
        openConnection(makeTcpTarget('127.0.0.1', port), loginAs('noPassword')),
      );
      expect(error).toMatch(/^2026 \(HY000\): TLS\/SSL error: /);
      expect(error).toMatch(reason);
    });
  });

  it('and resets the connection is reported as a lost connection', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.write(packet(0, tlsGreeting), () => socket.resetAndDestroy());
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    for (let i = 0; i < 20; i++) {
      expect(
        await catchSqlError(
          openConnection(makeTcpTarget('127.0.0.1', port), loginAs('noPassword')),
        ),
      ).toMatch(/^(2002|2013|2026) /);
    }
    server.close();
  });
});

it('gives up after --connect-timeout if the server sends no greeting', async () => {
  await withServer(Buffer.alloc(0), [], async (port) => {
    const login = loginAs('research', { connectTimeout: 0.2 });
    expect(await catchSqlError(openConnection(makeTcpTarget('127.0.0.1', port), login))).toMatch(
      /^2013 \(HY000\): Lost connection to server at 'handshake: reading initial communication packet', system error: 110$/,
    );
  });
});

it('reports a lost connection if the server closes it during a statement', async () => {
  await withServer(packet(0, greeting), [packet(2, okPacket), 'end'], async (port) => {
    const connection = await openConnection(
      makeTcpTarget('127.0.0.1', port),
      loginAs('noPassword'),
    );
    expect(await catchSqlError(queryRows(connection, 'select 1'))).toBe(
      '2013 (HY000): Lost connection to server during query',
    );
  });
});
