import type { Sink } from './sink.js';

/** Bytes gathered before they are written; large enough that a write's cost does not matter. */
const bufferSize = 256 * 1024;
/** The client's own buffer for a pipe or a file: it writes in blocks of this many bytes. */
export const clientBuffer = 4096;
/** Bytes that may wait in the sink before the server is held back. */
const maxPending = 2 * bufferSize;

/**
 * Gathers output and hands it to a sink in large pieces. Formats write straight into `bytes` from
 * `length` on, after `reserve`: with millions of rows a call for each cell would cost more than
 * the copying.
 */
export class OutputBuffer {
  bytes: Uint8Array = Buffer.allocUnsafeSlow(bufferSize);
  length = 0;
  readonly #sink: Sink;
  readonly #spare: Uint8Array[] = [];
  #pending = 0;
  #sent = 0;
  #failure: unknown;
  #last: Promise<void> = Promise.resolve();
  #wakeUp: (() => void) | undefined;

  constructor(sink: Sink) {
    this.#sink = sink;
  }

  /** Makes room for `size` bytes behind `length`. */
  reserve(size: number): void {
    if (this.bytes.length - this.length >= size) return;
    this.send();
    if (this.bytes.length < size) this.bytes = Buffer.allocUnsafeSlow(size);
  }

  /** Appends bytes, whose content may change afterwards. */
  append(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** Appends text as UTF-8. */
  appendText(text: string): void {
    this.append(Buffer.from(text));
  }

  /** Hands what was gathered to the sink, without waiting for it. */
  send(): void {
    if (this.length === 0) return;
    const full = this.bytes;
    const size = this.length;
    this.length = 0;
    if (this.#failure !== undefined) return;
    this.#sent += size;
    const written = this.#sink.write(full.subarray(0, size));
    if (written === undefined && full.length === bufferSize) return;
    this.bytes = this.#spare.pop() ?? Buffer.allocUnsafeSlow(bufferSize);
    if (written === undefined) return;
    this.#pending += size;
    this.#last = written.then(
      () => this.#written(full, size),
      (error) => {
        this.#failure ??= error;
        this.#written(full, size);
      },
    );
  }

  /**
   * A promise while more waits in the sink than should; undefined when there is room. Rejects
   * with the sink's OutputError once writing has failed.
   */
  pressure(): Promise<void> | undefined {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    if (this.#pending <= maxPending) return undefined;
    return new Promise((resolve, reject) => {
      this.#wakeUp = () => (this.#failure === undefined ? resolve() : reject(this.#failure));
    });
  }

  /** Writes all that was gathered, and waits for it. Rejects with OutputError. */
  async flush(): Promise<void> {
    this.send();
    this.#sent = 0;
    await this.#last;
    if (this.#failure !== undefined) throw this.#failure;
  }

  /**
   * Writes what a program would have written that gathers its output in a buffer of `blockSize`
   * bytes: whole blocks since the last flush. The rest stays.
   */
  async sendBlocks(blockSize: number): Promise<void> {
    const total = this.#sent + this.length;
    const size = total - (total % blockSize) - this.#sent;
    if (size > 0) {
      const rest = Buffer.from(this.bytes.subarray(size, this.length));
      this.length = size;
      this.send();
      this.append(rest);
    }
    await this.#last;
    if (this.#failure !== undefined) throw this.#failure;
  }

  #written(buffer: Uint8Array, size: number): void {
    this.#pending -= size;
    if (buffer.length === bufferSize && this.#spare.length < 2) this.#spare.push(buffer);
    if (this.#pending > bufferSize && this.#failure === undefined) return;
    this.#wakeUp?.();
    this.#wakeUp = undefined;
  }
}
