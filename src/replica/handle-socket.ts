import { EventEmitter } from 'node:events';
import type { SecureContext } from 'node:tls';
import { ipVersion } from '../ip-address.js';
import {
  nodeHandles,
  type Request,
  type StreamHandle,
  systemError,
  type TlsHandle,
} from '../node-handles.js';

/** How much may wait to be written before the writer is asked to wait: as node:net has it. */
const enoughWaiting = 16 * 1024;
/** Numbers of libuv's errors, as on Linux. */
const endOfFile = -4095;
const notConnected = -107;
const connectionReset = -104;
/** Shorter keys of the Diffie-Hellman exchange are refused, as by node:tls. */
const leastDhBits = 1024;

type Handles = NonNullable<ReturnType<typeof handlesForTcp>>;

function handlesForTcp() {
  const tcp = nodeHandles('tcp_wrap');
  const stream = nodeHandles('stream_wrap');
  const tls = nodeHandles('tls_wrap');
  return tcp && stream && tls && { tcp, stream, tls };
}

/**
 * What a connection to a server needs of node:net's Socket, and of node:tls's after `secure`, with
 * the same names and events (connect, data, drain, end, error, close) in the same order; but nothing
 * is read before `resume`. Node's own two are loaded and compiled for longer than all the rest of a
 * short run takes.
 */
export class HandleSocket extends EventEmitter {
  readonly remoteAddress: string;
  readonly #handles: Handles;
  readonly #tcp;
  #tls: TlsHandle | undefined;
  /** Of the two the one that is read and written. */
  #handle: StreamHandle;
  /** Ends the handshake of TLS, while there is one. */
  #secured: ((error?: Error) => void) | undefined;
  /** Put back by `unshift`. */
  #unread: Buffer | undefined;
  #paused = true;
  #queue: Uint8Array[] = [];
  /** Bytes of the queue, and of the write that is under way. */
  #waiting = 0;
  #writing = false;
  #ending = false;
  destroyed = false;

  /** Begins to connect to a port of an IP address; undefined where Node's own have to be used. */
  static connect(address: string, port: number): HandleSocket | undefined {
    const handles = handlesForTcp();
    return handles && new HandleSocket(handles, address, port);
  }

  private constructor(handles: Handles, address: string, port: number) {
    super();
    const { TCP, TCPConnectWrap, constants } = handles.tcp;
    this.remoteAddress = address;
    this.#handles = handles;
    this.#tcp = new TCP(constants.SOCKET);
    this.#handle = this.#tcp;
    const request = new TCPConnectWrap();
    request.oncomplete = (status) => {
      if (this.destroyed) return;
      this.#tcp.onread = (chunk) => this.#read(chunk);
      if (status < 0) this.#fail(systemError(status, 'connect'));
      else this.emit('connect');
    };
    const connects = ipVersion(address) === 6 ? this.#tcp.connect6 : this.#tcp.connect;
    const status = connects.call(this.#tcp, request, address, port);
    if (status < 0) process.nextTick(() => this.#fail(systemError(status, 'connect')));
  }

  get writableNeedDrain(): boolean {
    return this.#waiting >= enoughWaiting;
  }

  setNoDelay(on: boolean): void {
    this.#tcp.setNoDelay(on);
  }

  setKeepAlive(on: boolean): void {
    this.#tcp.setKeepAlive(on, 0);
  }

  pause(): void {
    this.#paused = true;
    if (!this.destroyed) this.#handle.readStop();
  }

  resume(): void {
    this.#paused = false;
    process.nextTick(() => this.#flow());
  }

  /** Puts bytes back in front of what comes; only while paused. */
  unshift(bytes: Buffer): void {
    this.#unread = bytes;
  }

  /** What is written must not change until it is. False: wait for `drain` before the next. */
  write(bytes: Uint8Array): boolean {
    if (this.destroyed) return true;
    this.#queue.push(bytes);
    this.#waiting += bytes.length;
    this.#writeNext();
    return !this.writableNeedDrain;
  }

  /** Says that nothing more will be written; the socket goes when the other side says so too. */
  end(): void {
    this.#ending = true;
    this.#writeNext();
  }

  /** Closes at once; what waits to be written is lost. */
  destroy(): void {
    this.#fail(undefined);
  }

  /**
   * Has all that comes put into `memory`, and tells `take` how much of it has; `data` is not told.
   */
  divert(memory: Uint8Array, take: (length: number) => void): void {
    if (this.destroyed) return;
    this.#handle.useUserBuffer(memory);
    this.#handle.onread = () => {
      const length = this.#lengthRead();
      if (length > 0 && !this.destroyed) take(length);
      else if (length < 0) this.#stopped(length);
    };
  }

  /**
   * Starts TLS, as a client who does not check the server's certificate; calls `done` when the
   * connection is secure, or with the error of node:tls that it is not, and then destroys the socket.
   */
  secure({ context }: SecureContext, done: (error?: Error) => void): void {
    // It went away when it was asked for TLS; `error` or `close` tells.
    if (this.destroyed) return;
    const tls = this.#handles.tls.wrap(this.#tcp, context, false, this.#writing);
    this.#tls = tls;
    this.#handle = tls;
    this.#secured = (error) => {
      this.#secured = undefined;
      done(error);
    };
    tls.onread = (chunk) => this.#read(chunk);
    tls.onhandshakestart = () => {};
    tls.onhandshakedone = () => {
      if (this.destroyed) return;
      const { type, size = 0 } = tls.getEphemeralKeyInfo();
      if (type !== 'DH' || size >= leastDhBits) this.#secured?.();
      else this.#fail(new Error(`DH parameter size ${size} is less than ${leastDhBits}`));
    };
    tls.onerror = (error) => this.#fail(error);
    // Asked for, and not refused whatever it is.
    tls.setVerifyMode(true, false);
    tls.readStart();
    tls.start();
  }

  /** True once TLS has been started. */
  get encrypted(): boolean {
    return this.#tls !== undefined;
  }

  getCipher(): { name: string } | undefined {
    return this.destroyed ? undefined : this.#tls?.getCipher();
  }

  #flow(): void {
    if (this.destroyed || this.#paused) return;
    const unread = this.#unread;
    this.#unread = undefined;
    if (unread !== undefined) this.emit('data', unread);
    if (!this.destroyed && !this.#paused) this.#handle.readStart();
  }

  #lengthRead(): number {
    const { streamBaseState, kReadBytesOrError } = this.#handles.stream;
    return streamBaseState[kReadBytesOrError] ?? 0;
  }

  #read(chunk: ArrayBuffer | undefined): void {
    const length = this.#lengthRead();
    if (length < 0) this.#stopped(length);
    if (length <= 0 || chunk === undefined || this.destroyed) return;
    const { streamBaseState, kArrayBufferOffset } = this.#handles.stream;
    this.emit('data', Buffer.from(chunk, streamBaseState[kArrayBufferOffset], length));
  }

  /** Nothing more comes. */
  #stopped(status: number): void {
    if (this.destroyed) return;
    if (status === endOfFile && this.#secured === undefined) {
      this.emit('end');
      this.destroy();
    } else {
      // In the handshake of TLS node:tls calls it so, however it ended.
      this.#fail(systemError(status === endOfFile ? connectionReset : status, 'read'));
    }
  }

  #writeNext(): void {
    if (this.#writing || this.destroyed) return;
    const bytes = this.#queue.shift();
    if (bytes !== undefined) this.#writeNow(bytes);
    else if (this.#ending) this.#shutDown();
  }

  #writeNow(bytes: Uint8Array): void {
    const { WriteWrap, streamBaseState, kLastWriteWasAsync } = this.#handles.stream;
    const request: Request = new WriteWrap();
    request.handle = this.#handle;
    request.buffer = bytes;
    request.oncomplete = (status) => this.#written(bytes.length, status);
    this.#writing = true;
    const status = this.#handle.writeBuffer(request, bytes);
    if (status !== 0 || !streamBaseState[kLastWriteWasAsync]) this.#written(bytes.length, status);
  }

  #written(length: number, status: number): void {
    const neededDrain = this.writableNeedDrain;
    this.#writing = false;
    this.#waiting -= length;
    if (status < 0) this.#fail(systemError(status, 'write'));
    this.#writeNext();
    if (!this.destroyed && neededDrain && !this.writableNeedDrain) this.emit('drain');
  }

  #shutDown(): void {
    this.#ending = false;
    const request = new this.#handles.stream.ShutdownWrap();
    request.handle = this.#handle;
    request.oncomplete = () => {};
    const status = this.#handle.shutdown(request);
    if (status < 0 && status !== notConnected) this.#fail(systemError(status, 'shutdown'));
    else if (this.#paused) this.resume();
  }

  #fail(error: Error | undefined): void {
    if (this.destroyed) return;
    this.destroyed = true;
    this.#tcp.close(() => this.#tls?.destroySSL());
    process.nextTick(() => {
      if (error !== undefined && this.#secured !== undefined) this.#secured(error);
      else if (error !== undefined) this.emit('error', error);
      this.emit('close');
    });
  }
}
