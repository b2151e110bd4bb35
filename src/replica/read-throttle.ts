import type { Duplex } from 'node:stream';

/** A result of more bytes than this is large: only then is a short sleep worthwhile. */
const largeResultBytes = 1024 * 1024;
/**
 * Fewer bytes than this in one turn of the event loop mean that the server is slower than this
 * program.
 */
const smallBatchBytes = 64 * 1024;
/** Duration of the sleep in milliseconds. */
const sleepMs = 2;

/**
 * Throttles reads: pauses under back-pressure, and in large results sleeps 2 ms so that small
 * packets arrive in batches. A server writes 16 kB at a time. Waking up for each write costs more
 * than processing it, and the system buffers what arrives during the sleep.
 */
export class ReadThrottle {
  readonly #stream: Duplex;
  /** Bytes received in this result, and in this turn of the event loop. */
  #resultBytes = 0;
  #turnBytes = 0;
  #turnEndScheduled = false;
  #paused = false;
  #sleeping = false;

  constructor(stream: Duplex) {
    this.#stream = stream;
  }

  /** Starts counting the bytes of a new result. */
  begin(): void {
    this.#resultBytes = 0;
  }

  /** Counts received bytes. */
  received(bytes: number): void {
    this.#resultBytes += bytes;
    this.#turnBytes += bytes;
    if (this.#resultBytes < largeResultBytes || this.#turnEndScheduled) return;
    this.#turnEndScheduled = true;
    setImmediate(() => this.#endTurn());
  }

  pause(): void {
    this.#paused = true;
    this.#stream.pause();
  }

  resume(): void {
    this.#paused = false;
    if (!this.#sleeping) this.#stream.resume();
  }

  #endTurn(): void {
    const isSmallBatch = this.#turnBytes < smallBatchBytes;
    this.#turnBytes = 0;
    this.#turnEndScheduled = false;
    if (!isSmallBatch || this.#paused) return;
    this.#sleeping = true;
    this.#stream.pause();
    setTimeout(() => {
      this.#sleeping = false;
      if (!this.#paused) this.#stream.resume();
    }, sleepMs);
  }
}
