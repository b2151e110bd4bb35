import { StreamSanitizer } from '../text/stream-sanitizer.js';
import type { Sink } from './sink.js';

/** Size of a buffer in bytes; large enough that the cost of a write does not matter. */
const bufferSize = 256 * 1024;
/** Size in bytes of the blocks in which the client writes to a pipe or a file. */
export const clientBlockSize = 4096;
/** Bytes that may be pending in the sink before the program stops reading from the server. */
const maxPending = 2 * bufferSize;
const noBytes = new Uint8Array(0);

/**
 * Buffers output and passes it to a sink in large blocks. Formats call `reserve` and then write
 * directly into `bytes` from `length` on: with millions of rows a call per cell would cost more
 * than the copying. Output for a terminal is sanitized, so that it cannot control the terminal.
 */
export class OutputBuffer {
  bytes: Uint8Array = Buffer.allocUnsafeSlow(bufferSize);
  length = 0;
  /** Makes the output safe for a terminal; undefined for other sinks, and with --raw. */
  readonly sanitizer: StreamSanitizer | undefined;
  /** Whether the output goes to a terminal, where a user waits for it. */
  readonly isTerminal: boolean;
  readonly #sink: Sink;
  readonly #spareBuffers: Uint8Array[] = [];
  #pending = 0;
  #sentSinceFlush = 0;
  #failure: unknown;
  #lastWrite: Promise<void> = Promise.resolve();
  #resumeWaiter: (() => void) | undefined;

  /** `raw`: a terminal gets the output unchanged. */
  constructor(sink: Sink, raw = false) {
    this.#sink = sink;
    this.isTerminal = sink.isTerminal === true;
    this.sanitizer = this.isTerminal && !raw ? new StreamSanitizer() : undefined;
  }

  /** Makes room for `size` bytes after `length`. */
  reserve(size: number): void {
    if (this.bytes.length - this.length >= size) return;
    this.send();
    if (this.bytes.length < size) this.bytes = Buffer.allocUnsafeSlow(size);
  }

  /** Appends a copy of `bytes`. */
  append(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** Appends text as UTF-8. */
  appendText(text: string): void {
    this.append(Buffer.from(text));
  }

  /** Passes the buffered bytes to the sink without waiting for the write. */
  send(): void {
    if (this.length === 0) return;
    const full = this.bytes;
    const size = this.length;
    this.length = 0;
    if (this.#failure !== undefined) return;
    this.#sentSinceFlush += size;
    const written = this.#write(full.subarray(0, size));
    if (written === undefined && full.length === bufferSize) return;
    this.bytes = this.#spareBuffers.pop() ?? Buffer.allocUnsafeSlow(bufferSize);
    if (written === undefined) return;
    this.#pending += size;
    this.#lastWrite = written.then(
      () => this.#onWritten(full, size),
      (error) => {
        this.#failure ??= error;
        this.#onWritten(full, size);
      },
    );
  }

  /**
   * Returns undefined if the sink has room, otherwise a promise that resolves when it has. The
   * promise rejects with the sink's OutputError once a write has failed.
   */
  backPressure(): Promise<void> | undefined {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    if (this.#pending <= maxPending) return undefined;
    return new Promise((resolve, reject) => {
      this.#resumeWaiter = () => (this.#failure === undefined ? resolve() : reject(this.#failure));
    });
  }

  /** Writes all buffered bytes and waits until they are written. Rejects with OutputError. */
  async flush(): Promise<void> {
    this.send();
    this.#sentSinceFlush = 0;
    await this.#lastWrite;
    const rest = this.sanitizer?.end() ?? noBytes;
    if (rest.length > 0 && this.#failure === undefined) await this.#sink.write(rest);
    if (this.#failure !== undefined) throw this.#failure;
  }

  /**
   * Writes the whole blocks of `blockSize` bytes since the last flush and keeps the rest, like a
   * program with an output buffer of that size; on a terminal, writes everything, as the client does.
   * Rejects with OutputError.
   */
  async sendBlocks(blockSize: number): Promise<void> {
    if (this.isTerminal) return this.flush();
    const total = this.#sentSinceFlush + this.length;
    const size = total - (total % blockSize) - this.#sentSinceFlush;
    if (size > 0) {
      const rest = Buffer.from(this.bytes.subarray(size, this.length));
      this.length = size;
      this.send();
      this.append(rest);
    }
    await this.#lastWrite;
    if (this.#failure !== undefined) throw this.#failure;
  }

  #write(bytes: Uint8Array): Promise<void> | undefined {
    if (this.sanitizer === undefined) return this.#sink.write(bytes);
    const sanitized = this.sanitizer.push(bytes);
    return sanitized.length === 0 ? undefined : this.#sink.write(sanitized);
  }

  #onWritten(buffer: Uint8Array, size: number): void {
    this.#pending -= size;
    if (buffer.length === bufferSize && this.#spareBuffers.length < 2)
      this.#spareBuffers.push(buffer);
    if (this.#pending > bufferSize && this.#failure === undefined) return;
    this.#resumeWaiter?.();
    this.#resumeWaiter = undefined;
  }
}
