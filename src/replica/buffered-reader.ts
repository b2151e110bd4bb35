import { connect, type Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';

/** How many bytes one read may bring. */
const readSize = 256 * 1024;
/** A record of TLS holds 16 kB. */
const secureReadSize = 64 * 1024;

/** Takes bytes that are lent until it returns. */
export type TakeBytes = (chunk: Uint8Array) => void;

/** A socket all of whose bytes come in the same memory. */
export interface BufferedReader {
  readonly socket: Socket;
  /** From now on gives the bytes to `take`, past the stream. */
  readInto(take: TakeBytes): void;
}

/**
 * Connects, as node:net does. The bytes come out of the socket as out of any stream until they are
 * diverted: the stream's way costs memory that is thrown away, and an event, for each read.
 */
export function connectBuffered(
  to: { host: string; port: number } | { path: string },
): BufferedReader {
  let take: TakeBytes | undefined;
  const socket: Socket = connect({
    ...to,
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
    readInto(taker) {
      take = taker;
    },
  };
}

/** What node:net keeps in a socket under these names when it is given `onread`. */
interface Inside {
  [name: symbol]: unknown;
  _handle?: { useUserBuffer?: (buffer: Uint8Array) => void };
}

/**
 * The same for TLS over a socket that there was before, for which Node has no `onread`; what
 * node:net does for it is done here (Node 20 to 26). False, and nothing was done, where a Node has
 * it otherwise: the bytes then come out of the stream.
 */
export function readSecureInto(socket: TLSSocket, take: TakeBytes): boolean {
  const inside = socket as unknown as Inside;
  const symbols = Object.getOwnPropertySymbols(inside);
  const named = (name: string) => symbols.find(({ description }) => description === name);
  const [buffer, callback] = [named('kBuffer'), named('kBufferCb')];
  if (buffer === undefined || callback === undefined) return false;
  if (typeof inside._handle?.useUserBuffer !== 'function') return false;
  const memory = new Uint8Array(secureReadSize);
  inside[buffer] = memory;
  inside[callback] = (length: number) => {
    take(memory.subarray(0, length));
    return true;
  };
  inside._handle.useUserBuffer(memory);
  return true;
}
