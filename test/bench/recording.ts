import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { promisify } from 'node:util';

/** The bytes of a server's response to one query. */
export interface Recording {
  /** The packets before the first row: the number of columns, each column, and their end. */
  head: Buffer;
  /** The packets of the rows; their number is a multiple of 256, so that they can be repeated. */
  rows: Buffer;
  /** The payload of the packet after the rows. */
  end: Buffer;
}

const run = promisify(execFile);
const comQuery = 3;

/**
 * Returns a server's response to `sql`, recorded by a proxy between the mariadb client and the server.
 * `login` are arguments of the client. Throws an Error unless the number of rows is a multiple of 256,
 * which repeating them requires: the sequence number of a packet is one byte.
 */
export async function record(
  endpoint: { address: string; port: number },
  login: string[],
  sql: string,
): Promise<Recording> {
  const queryPayload = Buffer.concat([Buffer.of(comQuery), Buffer.from(sql)]);
  const response: Buffer[] = [];
  const proxy = createServer((client) => {
    const server = connect(endpoint.port, endpoint.address);
    let recording = false;
    client.on('data', (data) => {
      recording ||= data.subarray(4).equals(queryPayload);
      server.write(data);
    });
    server.on('data', (data) => {
      if (recording) response.push(data);
      client.write(data);
    });
    client.on('close', () => server.destroy());
    for (const socket of [client, server]) socket.on('error', () => socket.destroy());
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const { port } = proxy.address() as AddressInfo;
  const proxyArguments = ['--no-defaults', '-h127.0.0.1', `-P${port}`, '--skip-ssl', ...login];
  await run('mariadb', [...proxyArguments, '--quick', '-e', sql], { maxBuffer: 1 << 30 });
  proxy.close();
  return splitResponse(Buffer.concat(response));
}

/** Splits a response after its head and before its end. */
function splitResponse(response: Buffer): Recording {
  let offset = 0;
  const skip = () => {
    offset += 4 + response.readUIntLE(offset, 3);
  };
  const columns = response.readUInt8(4);
  for (let packet = 0; packet < columns + 2; packet++) skip();
  const headEnd = offset;
  let rows = 0;
  let rowsEnd = offset;
  for (skip(); offset < response.length; skip()) {
    rows++;
    rowsEnd = offset;
  }
  if (rows === 0 || rows % 256 !== 0) throw new Error(`${rows} rows cannot be repeated`);
  // The client negotiates a byte after the number of columns (MARIADB_CLIENT_CACHE_METADATA), which
  // the measured programs do not expect.
  const columnCount = Buffer.of(1, 0, 0, 1, columns);
  const definitions = response.subarray(4 + response.readUIntLE(0, 3), headEnd);
  return {
    head: Buffer.concat([columnCount, definitions]),
    rows: response.subarray(headEnd, rowsEnd),
    end: response.subarray(rowsEnd + 4),
  };
}
