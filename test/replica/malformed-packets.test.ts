import { describe, expect, it } from 'vitest';
import { takeNoRows } from '../../src/protocol/packets.js';
import type { ResultHandler } from '../../src/protocol/response.js';
import { catchSqlError, loginAs, makeTcpTarget, openConnection } from './open-connection.js';
import {
  buildError,
  buildGreeting,
  buildPacket,
  compressPacket,
  okPayload,
  type Step,
  startScriptedServer,
} from './scripted-server.js';

const malformed = '2027 (HY000): Received malformed packet';

const text = (value: string) => Buffer.from(`${String.fromCharCode(value.length)}${value}`);
const fixedPart = Buffer.of(12, 33, 0, 255, 0, 0, 0, 253, 0, 0, 0, 0, 0);
const column = (name: string) =>
  Buffer.concat([...['def', '', '', '', name, name].map(text), fixedPart]);
/** A column whose name has 15 MB. */
const longColumn = Buffer.concat([
  ...['def', '', '', ''].map(text),
  Buffer.of(0xfd, 0, 0, 0xf0),
  Buffer.alloc(0xf00000, 'n'),
  text(''),
  fixedPart,
]);
const eof = Buffer.of(0xfe, 0, 0, 2, 0);
const row = (...cells: string[]) => Buffer.concat(cells.map(text));

/** Returns an OK packet's payload without a text, with changes of the session state. */
const buildOk = (changes: string) =>
  Buffer.concat([Buffer.of(0, 0, 0, 2, 0x40, 0, 0, 0), Buffer.from(changes, 'latin1')]);

/** Returns payloads as packets that are numbered from 1. */
function response(...payloads: Buffer[]): Buffer {
  return Buffer.concat(payloads.map((payload, index) => buildPacket(index + 1, payload)));
}

/** Returns a result set with the columns `a` and `b`. */
function result(...rows: Buffer[]): Buffer {
  return response(Buffer.of(2), column('a'), column('b'), eof, ...rows, eof);
}

/** Runs a query whose response is `bytes`; returns the rows and the error. */
async function ask(
  bytes: Buffer,
  compress = false,
  sql: Uint8Array = Buffer.from('select 1'),
): Promise<{ rows: string[]; error: string; isLost: boolean }> {
  const server = await startScriptedServer([buildGreeting(), okPayload, { raw: bytes }]);
  const rows: string[] = [];
  const handler: ResultHandler = {
    ok() {},
    resultSet() {},
    row: (row, start, end) => rows.push(Buffer.from(row.subarray(start, end)).toString('latin1')),
    takeRows: takeNoRows,
    endOfRows() {},
    backPressure: () => undefined,
  };
  try {
    const connection = await openConnection(
      makeTcpTarget('127.0.0.1', server.port),
      loginAs('noPassword', { compress }),
    );
    const error = await catchSqlError(connection.query(sql, handler));
    const { isLost } = connection;
    connection.destroy();
    return { rows, error, isLost };
  } finally {
    server.close();
  }
}

describe('a malformed response is error 2027 and closes the connection', () => {
  const good = row('1', '2');
  const goodRow = good.toString('latin1');
  const cases: [name: string, bytes: Buffer, rows: string[]][] = [
    ['a cell that is longer than its row', result(good, Buffer.from('\x013\x09A')), [goodRow]],
    ['too few cells', result(good, row('3')), [goodRow]],
    ['too many cells', result(good, row('3', '4', '5')), [goodRow]],
    ['a length of 2^64', result(good, Buffer.from('feffffffffffffffff41', 'hex')), [goodRow]],
    ['a length that is truncated', result(good, Buffer.from('\x013\xfc\x01', 'latin1')), [goodRow]],
    ['a cell that begins with 0xff', result(good, Buffer.from('\x013\xff', 'latin1')), [goodRow]],
    ['an empty row', result(good, Buffer.alloc(0)), [goodRow]],
    ['an empty packet', response(Buffer.alloc(0)), []],
    ['no columns', response(Buffer.from('fc0000', 'hex')), []],
    ['a number of columns that is truncated', response(Buffer.from('fc01', 'hex')), []],
    ['a number of columns followed by more bytes', response(Buffer.from('0102', 'hex')), []],
    ['131,073 columns', response(Buffer.from('fd010002', 'hex')), []],
    ['16 million columns', response(Buffer.from('fdffffff', 'hex')), []],
    [
      'columns of more than 64 MiB',
      response(Buffer.of(9), ...Array.from({ length: 5 }, () => longColumn)),
      [],
    ],
    ['an EOF among the columns', response(Buffer.of(2), column('a'), eof, good, eof), []],
    ['a row in place of the EOF', response(Buffer.of(1), column('a'), row('1'), row('2'), eof), []],
    ['an empty column', response(Buffer.of(1), Buffer.alloc(0), eof, row('1'), eof), []],
    ['a column that is truncated', response(Buffer.of(1), text('def'), eof, row('1'), eof), []],
    [
      'a column with an additional text',
      response(Buffer.of(1), Buffer.concat([text(''), text(''), column('a')]), eof),
      [],
    ],
    ['a truncated OK', response(Buffer.of(0, 0)), []],
    ['an OK whose number of rows begins with 0xff', response(Buffer.of(0, 255, 0, 2, 0, 0, 0)), []],
    ['an OK whose insert id is NULL', response(Buffer.of(0, 0, 251, 2, 0, 0, 0)), []],
    ['an OK whose text has no length', response(Buffer.of(0, 0, 0, 2, 0, 0, 0, 255)), []],
    ['an OK whose text is cut off', response(Buffer.of(0, 0, 0, 2, 0, 0, 0, 9, 0x41)), []],
    ['a change of the session that is cut off', response(buildOk('\x03\x01\x02\x02')), []],
    ['changes of the session that are longer than the packet', response(buildOk('\x09\x01')), []],
    ['the name of a database that is cut off', response(buildOk('\x04\x01\x02\x05a')), []],
    ['the value of a variable that is cut off', response(buildOk('\x06\x00\x04\x01a\x09b')), []],
    ['a length of a change that is cut off', response(buildOk('\x02\x00\xfd')), []],
    [
      'an EOF that is truncated',
      response(Buffer.of(1), column('a'), eof, row('1'), Buffer.of(0xfe, 0)),
      ['\x011'],
    ],
    ['an error without a number', response(Buffer.of(0xff)), []],
    [
      'a packet that is missing',
      Buffer.concat([result(good, good).subarray(0, -9), buildPacket(8, eof)]),
      [goodRow, goodRow],
    ],
    ['a wrong packet number', buildPacket(2, okPayload), []],
  ];
  it.each(cases)('%s', async (_name, bytes, rows) => {
    expect(await ask(bytes)).toEqual({ rows, error: malformed, isLost: true });
  });

  it('accepts a correct response', async () => {
    expect(await ask(result(good, Buffer.of(0xfb, 0xfb)))).toEqual({
      rows: [goodRow, '\xfb\xfb'],
      error: 'no error',
      isLost: false,
    });
  });
});

describe('a compressed packet with a wrong number is error 2027', () => {
  const rows = ['1', '2', '3'].map((value) => row(value));
  const [head, ...tail] = [
    response(Buffer.of(1), column('a'), eof),
    ...[...rows, eof].map((payload, index) => buildPacket(index + 4, payload)),
  ] as [Buffer, ...Buffer[]];
  const contents = [Buffer.concat([head, tail[0] as Buffer]), ...tail.slice(1)];
  const compress = (...sequences: number[]) =>
    Buffer.concat(
      sequences.map((sequence, index) => compressPacket(contents[index] as Buffer, { sequence })),
    );

  it('accepts correct numbers', async () => {
    const all = { rows: ['\x011', '\x012', '\x013'], error: 'no error', isLost: false };
    expect(await ask(compress(1, 2, 3, 4), true)).toEqual(all);
  });

  it.each<[name: string, sequences: number[], count: number]>([
    ['the first has the number of the command', [0, 1, 2, 3], 0],
    ['the first is missing', [2, 3, 4, 5], 0],
    ['one is missing', [1, 2, 4, 5], 2],
    ['one is repeated', [1, 2, 2, 3], 2],
    ['the last is missing', [1, 2, 3, 5], 3],
  ])('%s', async (_name, sequences, count) => {
    const received = ['\x011', '\x012', '\x013'].slice(0, count);
    expect(await ask(compress(...sequences), true)).toEqual({
      rows: received,
      error: malformed,
      isLost: true,
    });
  });

  it('a body that cannot be inflated', async () => {
    const bytes = compressPacket(Buffer.concat(contents), { sequence: 1, length: 9 });
    expect(await ask(bytes, true)).toEqual({ rows: [], error: malformed, isLost: true });
  });
});

describe('an error before the server has received the whole command', () => {
  const error = buildError(1153, 'Got a packet bigger than max_allowed_packet', '08S01');
  const sql = Buffer.alloc(17 * 1024 * 1024, 'x');
  it.each([
    ['without compression', buildPacket(1, error), false],
    ['with compression', compressPacket(buildPacket(1, error), { sequence: 1 }), true],
  ])('%s', async (_name, bytes, compress) => {
    const result = await ask(bytes, compress, sql);
    expect(result.error).toBe('1153 (08S01): Got a packet bigger than max_allowed_packet');
  });
});

describe('a malformed login fails', () => {
  const login = async (steps: Step[]) => {
    const server = await startScriptedServer(steps);
    const opened = openConnection(makeTcpTarget('127.0.0.1', server.port), loginAs('research'));
    const error = await catchSqlError(opened.then((connection) => connection.close()));
    server.close();
    return error;
  };
  const header = (length: number, sequence: number) => {
    const bytes = buildPacket(sequence, Buffer.alloc(0));
    bytes.writeUIntLE(length, 0, 3);
    return bytes;
  };
  const long = 64 * 1024 + 1;
  const cases: [name: string, steps: Step[], error: string][] = [
    ['a greeting over 64 KiB', [{ raw: header(long, 0) }], malformed],
    ['an answer over 64 KiB', [buildGreeting(), { raw: header(long, 2) }], malformed],
    ['a wrong packet number', [buildGreeting(), { raw: buildPacket(7, okPayload) }], malformed],
    [
      'a challenge of two bytes',
      [buildGreeting(), Buffer.concat([Buffer.from('\xfemysql_native_password\0ab', 'latin1')])],
      '2012 (HY000): Error in server handshake',
    ],
  ];
  it.each(cases)('%s', async (_name, steps, error) => {
    expect(await login(steps)).toBe(error);
  });
});
