import type { Duplex } from 'node:stream';

/** An answer of more bytes than this is a large one: only there a short wait is worth it. */
const largeAnswer = 1024 * 1024;
/** Less than this at once means that the server is slower than we are. */
const fewBytes = 64 * 1024;
/** How long to wait then, in milliseconds. */
const restTime = 2;

/**
 * How fast a stream is read: not at all while the output is stuck, and in a large answer not at
 * every few bytes. A server writes 16 kB at a time; to be woken for each costs more than the work on
 * them, while the system keeps what comes during a short rest.
 */
export class ReadThrottle {
  readonly #stream: Duplex;
  /** Bytes of this answer, and of this turn of the event loop. */
  #answer = 0;
  #turn = 0;
  #turnEnds = false;
  #paused = false;
  #resting = false;

  constructor(stream: Duplex) {
    this.#stream = stream;
  }

  /** A new answer begins. */
  begin(): void {
    this.#answer = 0;
  }

  /** So many bytes have come. */
  received(bytes: number): void {
    this.#answer += bytes;
    this.#turn += bytes;
    if (this.#answer < largeAnswer || this.#turnEnds) return;
    this.#turnEnds = true;
    setImmediate(() => this.#endTurn());
  }

  pause(): void {
    this.#paused = true;
    this.#stream.pause();
  }

  resume(): void {
    this.#paused = false;
    if (!this.#resting) this.#stream.resume();
  }

  #endTurn(): void {
    const few = this.#turn < fewBytes;
    this.#turn = 0;
    this.#turnEnds = false;
    if (!few || this.#paused) return;
    this.#resting = true;
    this.#stream.pause();
    setTimeout(() => {
      this.#resting = false;
      if (!this.#paused) this.#stream.resume();
    }, restTime);
  }
}
