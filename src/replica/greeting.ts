import type { Socket } from 'node:net';
import { clientErrors, parseErrorPacket, ReplicaError } from './replica-error.js';

/** What the server says of itself before anything else (protocol: Handshake v10). */
export interface Greeting {
  /** Without the `5.5.5-` that MariaDB puts in front for old replication clients. */
  serverVersion: string;
  offersTls: boolean;
}

const capabilityTls = 0x0800;

/**
 * Reads the server's greeting and puts it back, so that mysql2 reads it again: whether the server
 * offers TLS has to be known before mysql2 is told to use it. The socket is left paused.
 *
 * Throws the server's own error ("Too many connections", "Host … is not allowed"), or 2013 when
 * the connection ends or `timeoutSeconds` (0: no limit) go by.
 */
export function readGreeting(socket: Socket, timeoutSeconds: number): Promise<Greeting> {
  return new Promise((resolve, reject) => {
    let seen: Buffer = Buffer.alloc(0);
    const lost = (systemError: number) =>
      new ReplicaError(
        clientErrors.lost,
        'HY000',
        `Lost connection to server at 'handshake: reading initial communication packet', system error: ${systemError}`,
        'connect',
      );
    const settle = () => {
      clearTimeout(timer);
      socket.pause();
      // Only our own: the socket listens to itself too.
      socket.removeListener('data', onData);
      socket.removeListener('end', onEnd);
      socket.removeListener('error', onError);
    };
    const fail = (error: ReplicaError) => {
      settle();
      socket.on('error', () => {});
      socket.destroy();
      reject(error);
    };
    const timer =
      timeoutSeconds > 0 ? setTimeout(() => fail(lost(110)), timeoutSeconds * 1000) : undefined;
    const onEnd = () => fail(lost(0));
    const onError = () => fail(lost(104));
    const onData = (chunk: Buffer) => {
      seen = seen.length === 0 ? chunk : Buffer.concat([seen, chunk]);
      if (seen.length < 4 || seen.length < 4 + seen.readUIntLE(0, 3)) return;
      if (seen[4] === 0xff) return fail(parseErrorPacket(seen, 4, seen.length, 'connect'));
      settle();
      socket.unshift(seen);
      resolve(parseGreeting(seen));
    };
    socket.on('end', onEnd);
    socket.on('error', onError);
    socket.on('data', onData);
  });
}

function parseGreeting(packet: Buffer): Greeting {
  const versionStart = 5;
  const versionEnd = packet.indexOf(0, versionStart);
  // Behind the version: thread id (4 bytes), scramble (8), a filler, then the capabilities.
  const capabilities = packet.readUInt16LE(versionEnd + 1 + 4 + 8 + 1);
  return {
    serverVersion: packet.toString('latin1', versionStart, versionEnd).replace(/^5\.5\.5-/, ''),
    offersTls: (capabilities & capabilityTls) !== 0,
  };
}
