import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { promisify } from 'node:util';

/** A server's answer to one query, as it came. */
export interface Recording {
  /** The packets before the first row: how many columns, each column, the end of them. */
  head: Buffer;
  /** The rows' packets; their number is a multiple of 256, so that they can be sent over and over. */
  rows: Buffer;
  /** The payload that ends the rows. */
  end: Buffer;
}

const run = promisify(execFile);
const comQuery = 3;

/**
 * What a server answers to `sql`, recorded by a proxy through which the client asks, with `login`
 * for its arguments. `sql` must give a multiple of 256 rows, since packets are numbered by a byte.
 */
export async function record(
  place: { address: string; port: number },
  login: string[],
  sql: string,
): Promise<Recording> {
  const question = Buffer.concat([Buffer.of(comQuery), Buffer.from(sql)]);
  const answer: Buffer[] = [];
  const proxy = createServer((client) => {
    const server = connect(place.port, place.address);
    let recording = false;
    client.on('data', (data) => {
      recording ||= data.subarray(4).equals(question);
      server.write(data);
    });
    server.on('data', (data) => {
      if (recording) answer.push(data);
      client.write(data);
    });
    client.on('close', () => server.destroy());
    for (const socket of [client, server]) socket.on('error', () => socket.destroy());
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const { port } = proxy.address() as AddressInfo;
  const through = ['--no-defaults', '-h127.0.0.1', `-P${port}`, '--skip-ssl', ...login];
  await run('mariadb', [...through, '--quick', '-e', sql], { maxBuffer: 1 << 30 });
  proxy.close();
  return cut(Buffer.concat(answer));
}

/** Cuts an answer behind its head and before its end. */
function cut(answer: Buffer): Recording {
  let at = 0;
  const skip = () => {
    at += 4 + answer.readUIntLE(at, 3);
  };
  const columns = answer.readUInt8(4);
  for (let packet = 0; packet < columns + 2; packet++) skip();
  const headEnd = at;
  let rows = 0;
  let rowsEnd = at;
  for (skip(); at < answer.length; skip()) {
    rows++;
    rowsEnd = at;
  }
  if (rows === 0 || rows % 256 !== 0) throw new Error(`${rows} rows cannot be repeated`);
  return {
    head: answer.subarray(0, headEnd),
    rows: answer.subarray(headEnd, rowsEnd),
    end: answer.subarray(rowsEnd + 4),
  };
}
