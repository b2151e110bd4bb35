import type { Socket } from 'node:net';
import {
  clientErrors,
  lostConnection,
  parseErrorPacket,
  SqlError,
  systemErrors,
} from '../protocol/sql-error.js';

/** What the server says of itself before anything else (protocol: Handshake v10). */
export interface Greeting {
  /** Without the `5.5.5-` that MariaDB puts in front for old replication clients. */
  serverVersion: string;
  offersTls: boolean;
  /** The status flags with which the session begins. */
  status: number;
}

const capabilityTls = 0x0800;

const protocolVersion = 10;

/**
 * Reads the server's greeting and puts it back, so that mysql2 reads it again: whether the server
 * offers TLS has to be known before mysql2 is told to use it. The socket is left paused.
 *
 * `wantsTls`: an error of the server's comes before TLS could tell who it is, and is told so.
 *
 * Throws the server's own error ("Too many connections", "Host … is not allowed"), 2007 for another
 * protocol, or 2013 when the connection ends, `timeoutSeconds` (0: no limit) go by, or it is no
 * greeting.
 */
export function readGreeting(
  socket: Socket,
  timeoutSeconds: number,
  wantsTls: boolean,
): Promise<Greeting> {
  return new Promise((resolve, reject) => {
    let seen: Buffer = Buffer.alloc(0);
    const lost = (systemError: number) =>
      lostConnection('handshake: reading initial communication packet', systemError);
    const settle = () => {
      clearTimeout(timer);
      socket.pause();
      // Only our own: the socket listens to itself too.
      socket.removeListener('data', onData);
      socket.removeListener('end', onEnd);
      socket.removeListener('error', onError);
    };
    const fail = (error: SqlError) => {
      settle();
      socket.on('error', () => {});
      socket.destroy();
      reject(error);
    };
    const timer =
      timeoutSeconds > 0
        ? setTimeout(() => fail(lost(systemErrors.timedOut)), timeoutSeconds * 1000)
        : undefined;
    const onEnd = () => fail(lost(systemErrors.again));
    const onError = () => fail(lost(systemErrors.reset));
    const onData = (chunk: Buffer) => {
      seen = seen.length === 0 ? chunk : Buffer.concat([seen, chunk]);
      if (seen.length < 4) return;
      const end = 4 + seen.readUIntLE(0, 3);
      // The first packet has the number 0: this is some other protocol.
      if (seen[3] !== 0 || end === 4) return fail(lost(systemErrors.again));
      if (seen.length < end) return;
      const greeting = parseGreeting(seen.subarray(0, end), wantsTls);
      if (greeting instanceof SqlError) return fail(greeting);
      settle();
      socket.unshift(seen);
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
    return wantsTls ? unverified(error) : error;
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
    return lostConnection('reading authorization packet', systemErrors.again);
  }
  const capabilities = packet.readUInt16LE(capabilitiesAt);
  return {
    serverVersion: packet.toString('latin1', versionStart, versionEnd).replace(/^5\.5\.5-/, ''),
    offersTls: (capabilities & capabilityTls) !== 0,
    status: packet.length < capabilitiesAt + 5 ? 0 : packet.readUInt16LE(capabilitiesAt + 3),
  };
}

function unverified({ errno, text }: SqlError): SqlError {
  const before = 'Received error packet before completion of TLS handshake.';
  const doubt = 'The authenticity of the following error cannot be verified:';
  const whole = Buffer.concat([Buffer.from(`${before} ${doubt} ${errno} - `), text]);
  return new SqlError(clientErrors.cannotConnect, 'HY000', whole, 'connect');
}
