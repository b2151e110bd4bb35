import { connect, type Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';

/** Maximum size of one read in bytes. */
const readSize = 256 * 1024;
/** The same for TLS, whose records hold 16 kB. */
const tlsReadSize = 64 * 1024;

/** Receives bytes, which are valid only during the call. */
export type TakeBytes = (chunk: Uint8Array) => void;

/** A socket that reads all bytes into one buffer. */
export interface BufferedReader {
  readonly socket: Socket;
  /** From now on passes the bytes to `take` instead of the stream. */
  readInto(take: TakeBytes): void;
}

/**
 * Connects like node:net. The socket delivers bytes as a stream until `readInto` is called. A
 * stream allocates a buffer and emits an event for each read; `readInto` avoids both.
 */
export function connectBuffered(
  destination: { host: string; port: number } | { path: string },
): BufferedReader {
  let take: TakeBytes | undefined;
  const socket: Socket = connect({
    ...destination,
    onread: {
      buffer: new Uint8Array(readSize),
      callback(length, buffer) {
        const chunk = buffer.subarray(0, length);
        if (take === undefined) return socket.push(Buffer.from(chunk));
        take(chunk);
        return true;
      },
    },
  });
  return {
    socket,
    readInto(handler) {
      take = handler;
    },
  };
}

/** Private fields that node:net sets in a socket with the option `onread`. */
interface SocketInternals {
  [name: symbol]: unknown;
  _handle?: { useUserBuffer?: (buffer: Uint8Array) => void };
}

/**
 * Passes the bytes of a TLS socket to `take` instead of the stream. Node has no `onread` for TLS
 * over an existing socket, so this function sets the private fields that node:net sets for `onread`
 * (Node 20 to 26). Returns false and changes nothing if this version of Node has other fields; the
 * bytes then arrive through the stream.
 */
export function readTlsInto(socket: TLSSocket, take: TakeBytes): boolean {
  const internals = socket as unknown as SocketInternals;
  const symbols = Object.getOwnPropertySymbols(internals);
  const findSymbol = (name: string) => symbols.find(({ description }) => description === name);
  const [bufferSymbol, callbackSymbol] = [findSymbol('kBuffer'), findSymbol('kBufferCb')];
  if (bufferSymbol === undefined || callbackSymbol === undefined) return false;
  if (typeof internals._handle?.useUserBuffer !== 'function') return false;
  const buffer = new Uint8Array(tlsReadSize);
  internals[bufferSymbol] = buffer;
  internals[callbackSymbol] = (length: number) => {
    take(buffer.subarray(0, length));
    return true;
  };
  internals._handle.useUserBuffer(buffer);
  return true;
}
