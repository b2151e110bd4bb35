import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import type { Connection as Mysql2Connection } from 'mysql2';
import { type BufferedReader, readSecureInto } from './buffered-reader.js';
import { CompressedReader } from './compressed-reader.js';
import { ReadThrottle } from './read-throttle.js';

/*
 * The one place that leans on mysql2's inside. mysql2 does the handshake, authentication and TLS;
 * then a command's bytes go out through its `write` (which compresses where that was agreed) and
 * the answer's bytes are taken where its packet parser would have taken them. Checked
 * against mysql2 3.24.6, which package.json pins exactly; test/replica/mysql2-seam.test.ts fails
 * when any of the names below goes away.
 */

/** The fields of mysql2's connection that are used here and not part of its types. */
interface Inside {
  stream: Duplex;
  packetParser: { execute: (chunk: Uint8Array) => void };
  /** Only with compression. */
  _inflatedPacketsParser?: unknown;
  _bumpCompressedSequenceId(packets: number): void;
  write(bytes: Uint8Array): void;
  _resetSequenceId(): void;
  _handshakePacket: { connectionId: number };
  startTLS(onSecure: (error?: Error) => void): void;
  _handleNetworkError(error: Error): void;
  /** While logging in: what is said in the answer to the greeting. */
  _command: { mariadbExtendedClientFlags: number };
}

/** A connection whose command phase is ours. */
export interface Seam {
  /** The server's thread id, as KILL takes it. */
  threadId: number;
  /** Starts a command: its packets, framed, with sequence numbers from 0. */
  send(frames: Uint8Array[]): void;
  /**
   * Goes on with the command under way: an answer to a question of the server's. A promise holds
   * back until there is room for more.
   */
  sendMore(frame: Uint8Array): Promise<void> | undefined;
  /** The name of the cipher in use; undefined without TLS. */
  cipher(): string | undefined;
  pause(): void;
  resume(): void;
  destroy(): void;
}

/**
 * Has `start` secure the connection in mysql2's place, which knows neither lists of revoked
 * certificates nor addresses in them. To be called before the greeting is read.
 */
export function secureBy(
  connection: Mysql2Connection,
  start: (socket: Duplex, done: (error?: Error) => void) => Duplex,
): void {
  const inside = connection as unknown as Inside;
  inside.startTLS = (onSecure) => {
    inside.stream.removeAllListeners('data');
    try {
      const secure = start(inside.stream, (error) => {
        secure.on('error', (later: Error) => inside._handleNetworkError(later));
        onSecure(error);
      });
      secure.on('data', (chunk: Uint8Array) => inside.packetParser.execute(chunk));
      inside.stream = secure;
    } catch (error) {
      onSecure(error as Error);
    }
  };
}

/**
 * Offers MariaDB one of its extended capabilities. To be called before the greeting is read. Those
 * servers take notice that know extended metadata too (10.5.2), which mysql2 asks for itself.
 */
export function offerCapability(connection: Mysql2Connection, capability: number): void {
  (connection as unknown as Inside)._command.mariadbExtendedClientFlags |= capability;
}

/**
 * Takes over the bytes of `connection`, whose handshake must be complete, and gives them to `take`,
 * which may keep them only until it returns. `reads` is the socket that mysql2 was given.
 */
export function takeOver(
  connection: Mysql2Connection,
  reads: BufferedReader,
  take: (chunk: Uint8Array) => void,
): Seam {
  const inside = connection as unknown as Inside;
  const { stream } = inside;
  const pace = new ReadThrottle(stream);
  const takePlain = inside._inflatedPacketsParser === undefined ? take : inflating(inside, take);
  inside.packetParser.execute = takePlain;
  const takeDirectly = (chunk: Uint8Array) => {
    takePlain(chunk);
    pace.received(chunk.length);
  };
  if (stream === reads.socket) reads.readInto(takeDirectly);
  else readSecureInto(stream as TLSSocket, takeDirectly);
  return {
    threadId: inside._handshakePacket.connectionId,
    send(frames) {
      inside._resetSequenceId();
      pace.begin();
      for (const frame of frames) inside.write(frame);
    },
    sendMore(frame) {
      inside.write(frame);
      return roomIn(stream);
    },
    cipher() {
      return 'getCipher' in stream ? (stream as TLSSocket).getCipher()?.name : undefined;
    },
    pause: () => pace.pause(),
    resume: () => pace.resume(),
    destroy: () => stream.destroy(),
  };
}

/** Takes compressed bytes, and gives to `take` what was compressed. */
function inflating(inside: Inside, take: (chunk: Uint8Array) => void) {
  const reader = new CompressedReader(take, () => inside._bumpCompressedSequenceId(1));
  return (chunk: Uint8Array) => {
    try {
      reader.push(chunk);
    } catch (error) {
      inside._handleNetworkError(error as Error);
    }
  };
}

/** Settled when the stream takes more, or has gone away; undefined: it takes more now. */
function roomIn(stream: Duplex): Promise<void> | undefined {
  if (!stream.writableNeedDrain) return undefined;
  return new Promise((resolve) => {
    const settle = () => {
      stream.removeListener('drain', settle);
      stream.removeListener('close', settle);
      resolve();
    };
    stream.on('drain', settle);
    stream.on('close', settle);
  });
}
