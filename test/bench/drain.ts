import { once } from 'node:events';
import { createConnection } from 'mysql2';
import { connectBuffered } from '../../src/replica/buffered-reader.js';
import type { Task } from './measure.js';

const endOfFile = 0xfe;
const comQuery = 3;

/** A method of mysql2's connection that its types do not declare. */
interface RawConnection {
  write(bytes: Buffer): void;
}

/**
 * Returns a task that runs a query over plain TCP, and discards the bytes it receives. No client can be
 * faster: the time is that of the server. It runs in this process, so that start-up does not count.
 */
export function createDrain(
  endpoint: { address: string; port: number },
  login: { name: string; password: string },
  database: string,
  sql: string,
): Task {
  return async () => {
    const started = performance.now();
    const reader = connectBuffered({ host: endpoint.address, port: endpoint.port });
    await once(reader.socket, 'connect');
    const { name: user, password } = login;
    const connection = createConnection({ stream: reader.socket, user, password, database });
    await once(connection, 'connect');
    const rawConnection = connection as unknown as RawConnection;
    const text = Buffer.from(sql);
    const query = Buffer.concat([Buffer.alloc(5), text]);
    query.writeUIntLE(text.length + 1, 0, 3);
    query[4] = comQuery;
    await new Promise<void>((resolve) => {
      reader.readInto(findEnd(resolve));
      rawConnection.write(query);
    });
    connection.destroy();
    return performance.now() - started;
  };
}

/**
 * Returns a function that receives chunks, and calls `onEnd` after the last row. It reads only the
 * header and the first byte of each packet; the second end-of-file packet ends the rows. A packet
 * whose first byte is not in the chunk waits for the next chunk.
 */
function findEnd(onEnd: () => void): (chunk: Uint8Array) => void {
  let incomplete: Uint8Array = new Uint8Array(0);
  let skip = 0;
  let ends = 0;
  return (data) => {
    const chunk = incomplete.length > 0 ? Buffer.concat([incomplete, data]) : data;
    let offset = skip;
    for (; offset + 5 <= chunk.length; offset += 4 + readLength(chunk, offset)) {
      const isEnd = chunk[offset + 4] === endOfFile && readLength(chunk, offset) < 9;
      if (isEnd && ++ends === 2) return onEnd();
    }
    incomplete = chunk.slice(Math.min(offset, chunk.length));
    skip = Math.max(offset - chunk.length, 0);
  };
}

function readLength(bytes: Uint8Array, offset: number): number {
  return (bytes[offset] ?? 0) | ((bytes[offset + 1] ?? 0) << 8) | ((bytes[offset + 2] ?? 0) << 16);
}
