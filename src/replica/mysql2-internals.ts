import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import type { ConnectionOptions, Connection as Mysql2Connection } from 'mysql2';
import { PacketReader } from '../protocol/packet-reader.js';
import { brokenLoginError, malformedPacketError } from '../protocol/sql-error.js';
import { type BufferedReader, readTlsInto } from './buffered-reader.js';
import { CompressedReader } from './compressed-reader.js';
import { ReadThrottle } from './read-throttle.js';

/*
 * Accesses private fields of mysql2; no other file does. mysql2 performs the handshake, the
 * authentication and the request for TLS. Afterwards this program sends the bytes of a command
 * through mysql2's `write` (which compresses them if the handshake negotiated that), and receives
 * the bytes of the response in place of mysql2's packet parser. Checked against mysql2 3.24.6,
 * which package.json pins exactly; test/replica/mysql2-internals.test.ts fails if one of the names
 * below disappears.
 */

/** A packet of the login that mysql2 has received. */
interface LoginPacket {
  sequenceId: number;
  /** Returns the first byte of the payload. */
  peekByte(): number;
}

/** Fields of mysql2's connection that are not part of its types. */
interface Mysql2Internals {
  stream: Duplex;
  packetParser: { execute: (chunk: Uint8Array) => void };
  /** Called with each packet of the login; at its start with undefined. */
  handlePacket(packet: LoginPacket | undefined): void;
  /** The number that the next packet must have. */
  sequenceId: number;
  /** Present only with compression. */
  _inflatedPacketsParser?: unknown;
  /** The number of the next compressed packet, sent or received. */
  compressedSequenceId: number;
  _bumpCompressedSequenceId(packets: number): void;
  write(bytes: Uint8Array): void;
  /** Sends a packet of the login; its buffer begins with the packet header. */
  writePacket(packet: { buffer: Buffer }): void;
  _resetSequenceId(): void;
  _handshakePacket: { connectionId: number };
  startTLS(onSecure: (error?: Error) => void): void;
  _handleNetworkError(error: Error): void;
  /** The running command; during the login, the content of the response to the greeting. */
  _command: { mariadbExtendedClientFlags: number };
}

/** Receives what the server sends on a connection that takeOverConnection has taken over. */
export interface ByteReceiver {
  /** Receives the next bytes, valid only during the call. */
  take(chunk: Uint8Array): void;
  /** Whether the next compressed packet must continue the numbers of those that were sent. */
  isNumbered(): boolean;
  /** Called if a compressed packet has a wrong number or is malformed. */
  onMalformed(): void;
}

/** Sends commands on a connection whose command phase mysql2 no longer controls. */
export interface CommandChannel {
  /** The server's thread id, as KILL takes it. */
  threadId: number;
  /** Starts a command. `frames`: its packets with headers, sequence numbers from 0. */
  send(frames: Uint8Array[]): void;
  /**
   * Sends one more packet of the running command, to answer a request of the server. If it returns
   * a promise, the caller must wait for it before it sends more.
   */
  sendMore(frame: Uint8Array): Promise<void> | undefined;
  /** The name of the cipher in use; undefined without TLS. */
  cipher(): string | undefined;
  pause(): void;
  resume(): void;
  destroy(): void;
}

/**
 * Replaces mysql2's TLS handshake by `start`, because mysql2 supports neither revocation lists nor
 * IP addresses in certificates. Must be called before mysql2 reads the greeting.
 */
export function replaceStartTls(
  connection: Mysql2Connection,
  start: (socket: Duplex, done: (error?: Error) => void) => Duplex,
): void {
  const internals = connection as unknown as Mysql2Internals;
  internals.startTLS = (onSecure) => {
    internals.stream.removeAllListeners('data');
    try {
      const tlsSocket = start(internals.stream, (error) => {
        tlsSocket.on('error', (later: Error) => internals._handleNetworkError(later));
        onSecure(error);
      });
      tlsSocket.on('data', (chunk: Uint8Array) => internals.packetParser.execute(chunk));
      internals.stream = tlsSocket;
    } catch (error) {
      onSecure(error as Error);
    }
  };
}

/**
 * Returns the password in the form in which mysql2 takes it as bytes: the hash that it would compute
 * for mysql_native_password. For the other plugins mysql2 has no password.
 */
export function hashPassword(password: Buffer): ConnectionOptions {
  if (password.length === 0) return {};
  const { createHash } = process.getBuiltinModule('node:crypto');
  const hash = createHash('sha1').update(password).digest();
  // mysql2 expects a Buffer, unlike its types.
  return { passwordSha1: hash as unknown as string };
}

/** Lengths and offsets in the first packets of the client, which include the packet header. */
const tlsRequestLength = 36;
const capabilitiesOffset = 4;
const collationOffset = 12;
const multiFactorCapability = 1 << 28;

/**
 * Sends `collation`, which determines the character set of the session, in place of the one with
 * which mysql2 encodes and decodes texts. Also removes the offer of a second factor, which mysql2
 * makes if the server does. Must be called before mysql2 reads the greeting.
 */
export function setCollation(connection: Mysql2Connection, collation: number): void {
  const internals = connection as unknown as Mysql2Internals;
  const writePacket = internals.writePacket.bind(internals);
  internals.writePacket = (packet) => {
    const { buffer } = packet;
    const flags = buffer.readUInt32LE(capabilitiesOffset);
    buffer.writeUInt32LE((flags & ~multiFactorCapability) >>> 0, capabilitiesOffset);
    buffer[collationOffset] = collation;
    // The request for TLS has the same fields as the response to the greeting, which follows it.
    if (buffer.length > tlsRequestLength) internals.writePacket = writePacket;
    writePacket(packet);
  };
}

/** The longest packet of the login in bytes; greetings and questions are much shorter. */
const maxLoginPacket = 64 * 1024;

/** The first byte of a packet that asks for another factor (protocol: AuthNextFactor). */
const nextFactor = 0x02;

/**
 * Checks the packets of the login before mysql2 reads them: the login fails with error 2027 if a
 * packet is longer than 64 KiB or has a wrong number. mysql2 would collect 16 MB, and would print a
 * warning about the number and continue. A request for another factor fails with error 2013, as in
 * the client; mysql2 would answer it with the password. Must be called before mysql2 reads the
 * greeting; takeOverConnection ends it.
 */
export function guardLogin(connection: Mysql2Connection): void {
  const internals = connection as unknown as Mysql2Internals;
  const { packetParser } = internals;
  const execute = packetParser.execute.bind(packetParser);
  const handlePacket = internals.handlePacket.bind(internals);
  let isRefused = false;
  const refuse = (error = malformedPacketError('connect')) => {
    if (!isRefused) internals._handleNetworkError(error);
    isRefused = true;
  };
  const lengthCheck = new PacketReader(
    () => {},
    () => undefined,
    maxLoginPacket,
    () => refuse(),
  );
  packetParser.execute = (chunk) => {
    lengthCheck.push(chunk);
    if (!isRefused) execute(chunk);
  };
  internals.handlePacket = (packet) => {
    if (packet !== undefined && packet.sequenceId !== internals.sequenceId) refuse();
    if (packet?.peekByte() === nextFactor) refuse(brokenLoginError());
    if (!isRefused) handlePacket(packet);
  };
}

/**
 * Offers the server one of MariaDB's extended capabilities. Must be called before mysql2 reads the
 * greeting. Only servers that support extended metadata (since 10.5.2), which mysql2 requests
 * itself, use the offer.
 */
export function offerCapability(connection: Mysql2Connection, capability: number): void {
  (connection as unknown as Mysql2Internals)._command.mariadbExtendedClientFlags |= capability;
}

/**
 * Takes over `connection`, whose handshake must be complete. Passes the received bytes to
 * `receiver`. `reader`: the socket that mysql2 uses.
 */
export function takeOverConnection(
  connection: Mysql2Connection,
  reader: BufferedReader,
  receiver: ByteReceiver,
): CommandChannel {
  const internals = connection as unknown as Mysql2Internals;
  const { stream } = internals;
  const throttle = new ReadThrottle(stream);
  let isFirstPacket = false;
  const countCompressedPacket = (sequence: number) => {
    // The server may answer before it has received all packets of the command.
    if (isFirstPacket && internals.compressedSequenceId > 1)
      internals.compressedSequenceId = sequence;
    isFirstPacket = false;
    if (receiver.isNumbered() && sequence !== internals.compressedSequenceId) {
      throw new Error('compressed packet out of order');
    }
    internals._bumpCompressedSequenceId(1);
  };
  const takeUncompressed =
    internals._inflatedPacketsParser === undefined
      ? (chunk: Uint8Array) => receiver.take(chunk)
      : createInflatingTake(receiver, countCompressedPacket);
  internals.packetParser.execute = takeUncompressed;
  const takeAndCount = (chunk: Uint8Array) => {
    takeUncompressed(chunk);
    throttle.received(chunk.length);
  };
  if (stream === reader.socket) reader.readInto(takeAndCount);
  else readTlsInto(stream as TLSSocket, takeAndCount);
  return {
    threadId: internals._handshakePacket.connectionId,
    send(frames) {
      internals._resetSequenceId();
      isFirstPacket = true;
      throttle.begin();
      for (const frame of frames) internals.write(frame);
    },
    sendMore(frame) {
      internals.write(frame);
      return waitForRoom(stream);
    },
    cipher() {
      return 'getCipher' in stream ? (stream as TLSSocket).getCipher()?.name : undefined;
    },
    pause: () => throttle.pause(),
    resume: () => throttle.resume(),
    destroy: () => stream.destroy(),
  };
}

/** Returns a function that inflates compressed bytes and passes the result to `receiver`. */
function createInflatingTake(receiver: ByteReceiver, onPacket: (sequence: number) => void) {
  const reader = new CompressedReader((chunk) => receiver.take(chunk), onPacket);
  return (chunk: Uint8Array) => {
    try {
      reader.push(chunk);
    } catch {
      receiver.onMalformed();
    }
  };
}

/**
 * Returns a promise that resolves when the stream accepts more bytes or is closed; undefined if it
 * accepts more bytes now.
 */
function waitForRoom(stream: Duplex): Promise<void> | undefined {
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
