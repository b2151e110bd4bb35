import { once } from 'node:events';
import { createConnection } from 'mysql2';
import { connectBuffered } from '../../src/replica/buffered-reader.js';
import type { Task } from './measure.js';

const endOfFile = 0xfe;
const comQuery = 3;

/** The method of mysql2's connection that is used here and not part of its types. */
interface Inside {
  write(bytes: Buffer): void;
}

/**
 * The floor of all clients: asks as they do, over plain TCP, receives the bytes and drops them. What
 * it takes is the server's own time. Runs in this process, so that its start does not count.
 */
export function drain(
  place: { address: string; port: number },
  login: { name: string; password: string },
  database: string,
  sql: string,
): Task {
  return async () => {
    const started = performance.now();
    const reads = connectBuffered({ host: place.address, port: place.port });
    await once(reads.socket, 'connect');
    const { name: user, password } = login;
    const connection = createConnection({ stream: reads.socket, user, password, database });
    await once(connection, 'connect');
    const inside = connection as unknown as Inside;
    const text = Buffer.from(sql);
    const query = Buffer.concat([Buffer.alloc(5), text]);
    query.writeUIntLE(text.length + 1, 0, 3);
    query[4] = comQuery;
    await new Promise<void>((resolve) => {
      reads.readInto(untilEnd(resolve));
      inside.write(query);
    });
    connection.destroy();
    return performance.now() - started;
  };
}

/**
 * Looks at nothing but the packets' headers and first bytes; the second end is that of the rows. A
 * packet that is cut short of its first byte waits for the next chunk.
 */
function untilEnd(onEnd: () => void): (chunk: Uint8Array) => void {
  let rest: Uint8Array = new Uint8Array(0);
  let skip = 0;
  let ends = 0;
  return (data) => {
    const chunk = rest.length > 0 ? Buffer.concat([rest, data]) : data;
    let at = skip;
    for (; at + 5 <= chunk.length; at += 4 + lengthAt(chunk, at)) {
      const isEnd = chunk[at + 4] === endOfFile && lengthAt(chunk, at) < 9;
      if (isEnd && ++ends === 2) return onEnd();
    }
    rest = chunk.slice(Math.min(at, chunk.length));
    skip = Math.max(at - chunk.length, 0);
  };
}

function lengthAt(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16);
}
