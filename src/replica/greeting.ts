import type { Socket } from 'node:net';
import {
  clientErrors,
  lostConnectionError,
  malformedPacketError,
  parseErrorPacket,
  SqlError,
  systemErrors,
} from '../protocol/sql-error.js';

/** The first packet of a server, which describes it (protocol: Handshake v10). */
export interface Greeting {
  /** Without the prefix `5.5.5-`, which MariaDB sends for old replication clients. */
  serverVersion: string;
  offersTls: boolean;
  /** The status flags at the start of the session. */
  status: number;
}

const tlsCapability = 0x0800;
/** In bytes. A greeting has about 100, an error message at most some hundreds. */
const maxGreetingLength = 64 * 1024;

const protocolVersion = 10;

/**
 * Reads the server's greeting and puts it back into the socket, so that mysql2 reads it again: the
 * caller must know whether the server offers TLS before it configures mysql2. Leaves the socket
 * paused.
 *
 * `wantsTls`: errors of the server carry a note that they are not authenticated, because they
 * arrive before the TLS handshake.
 *
 * Throws the server's error ("Too many connections", "Host … is not allowed"), 2007 for another
 * protocol version, 2027 for a packet over 64 KiB, or 2013 if the connection ends, `timeoutSeconds` (0: no limit) elapse, or the
 * packet is not a greeting.
 */
export function readGreeting(
  socket: Socket,
  timeoutSeconds: number,
  wantsTls: boolean,
): Promise<Greeting> {
  return new Promise((resolve, reject) => {
    let received: Buffer = Buffer.alloc(0);
    const lostError = (systemError: number) =>
      lostConnectionError('handshake: reading initial communication packet', systemError);
    const cleanUp = () => {
      clearTimeout(timer);
      socket.pause();
      // Remove only these listeners: the socket has listeners of its own.
      socket.removeListener('data', onData);
      socket.removeListener('end', onEnd);
      socket.removeListener('error', onError);
    };
    const fail = (error: SqlError) => {
      cleanUp();
      socket.on('error', () => {});
      socket.destroy();
      reject(error);
    };
    const timer =
      timeoutSeconds > 0
        ? setTimeout(() => fail(lostError(systemErrors.timedOut)), timeoutSeconds * 1000)
        : undefined;
    const onEnd = () => fail(lostError(systemErrors.again));
    const onError = () => fail(lostError(systemErrors.reset));
    const onData = (chunk: Buffer) => {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
      if (received.length < 4) return;
      const end = 4 + received.readUIntLE(0, 3);
      // The first packet must have the number 0; otherwise this is another protocol.
      if (received[3] !== 0 || end === 4) return fail(lostError(systemErrors.again));
      if (end > maxGreetingLength) return fail(malformedPacketError('connect'));
      if (received.length < end) return;
      const greeting = parseGreeting(received.subarray(0, end), wantsTls);
      if (greeting instanceof SqlError) return fail(greeting);
      cleanUp();
      socket.unshift(received);
      resolve(greeting);
    };
    socket.on('end', onEnd);
    socket.on('error', onError);
    socket.on('data', onData);
  });
}

function parseGreeting(packet: Buffer, wantsTls: boolean): Greeting | SqlError {
  const version = packet[4] as number;
  if (version === 0xff) {
    const error = parseErrorPacket(packet, 4, packet.length, 'connect');
    return wantsTls ? toUnverifiedError(error) : error;
  }
  if (version !== protocolVersion) {
    const text = `Protocol mismatch. Server Version = ${version} Client Version = ${protocolVersion}`;
    return new SqlError(clientErrors.otherProtocol, '00000', text, 'connect');
  }
  const versionStart = 5;
  const versionEnd = packet.indexOf(0, versionStart);
  // After the version: thread id (4 bytes), scramble (8), a filler, then the capabilities (2), the
  // character set (1) and the status flags (2).
  const capabilitiesAt = versionEnd + 1 + 4 + 8 + 1;
  if (versionEnd < 0 || packet.length < capabilitiesAt + 2) {
    return lostConnectionError('reading authorization packet', systemErrors.again);
  }
  const capabilities = packet.readUInt16LE(capabilitiesAt);
  return {
    serverVersion: packet.toString('latin1', versionStart, versionEnd).replace(/^5\.5\.5-/, ''),
    offersTls: (capabilities & tlsCapability) !== 0,
    status: packet.length < capabilitiesAt + 5 ? 0 : packet.readUInt16LE(capabilitiesAt + 3),
  };
}

function toUnverifiedError({ errno, text }: SqlError): SqlError {
  const prefix = 'Received error packet before completion of TLS handshake.';
  const doubt = 'The authenticity of the following error cannot be verified:';
  const message = Buffer.concat([Buffer.from(`${prefix} ${doubt} ${errno} - `), text]);
  return new SqlError(clientErrors.cannotConnect, 'HY000', message, 'connect');
}
