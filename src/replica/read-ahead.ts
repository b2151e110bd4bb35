import { Failure } from '../failure.js';
import { SpillBuffer } from '../spill/spill-buffer.js';
import type { SpillQueue } from '../spill/spill-queue.js';

/** How long the server is not read while the output is blocked, in milliseconds. */
const maxHoldMs = 1500;
/** Bytes to deliver before yielding to signals and timers. */
const bytesPerYield = 4 * 1024 * 1024;

/** The source of the bytes: a connection to a server. */
export interface ReadAheadSource {
  pause(): void;
  resume(): void;
}

/** The receiver of the bytes. */
export interface ReadAheadTarget {
  /** Processes the next bytes, which are valid only during the call. */
  take(bytes: Uint8Array): void;
  /** See ResultHandler.backPressure; undefined if the output accepts more bytes. */
  backPressure(): Promise<void> | undefined;
  /** Called when the output fails, or when spilled bytes cannot be read back. */
  fail(error: unknown): void;
}

/** Shared by all connections of the process, so that together they use at most 32 MB of memory. */
let sharedSpillBuffer: SpillBuffer | undefined;

/**
 * Passes the bytes of a server to the output, and buffers them if the output is blocked for long.
 * While the output is blocked the server is not read, but for at most `maxHoldMs`: after
 * net_write_timeout the server would close the connection, and until then its statement holds
 * locks. After `maxHoldMs` the server is read as fast as it sends, and the bytes go into a spill
 * buffer: memory, and beyond 32 MB an anonymous file.
 *
 * When the output accepts bytes again, it gets the buffered bytes first. The server is then read
 * only as fast as the buffer empties, so that the buffer grows only while the output is blocked. If
 * the spill buffer cannot store more bytes, the server is not read.
 */
export class ReadAhead {
  readonly #source: ReadAheadSource;
  readonly #target: ReadAheadTarget;
  /** Why bytes could not be spilled since `begin`; undefined if there was no error. */
  spillError: Failure | undefined;
  #queue: SpillQueue | undefined;
  /** Bytes that arrived after an error of the spill buffer; they follow the bytes in the queue. */
  #overflow: Uint8Array | undefined;
  /** The output currently accepts no bytes. */
  #blocked = false;
  /** The output has been blocked for longer than `maxHoldMs`, so that bytes are spilled. */
  #spilling = false;
  /** Bytes that the server may still send in exchange for buffered bytes that were delivered. */
  #credit = 0;
  #timer: NodeJS.Timeout | undefined;
  #onDrained: (() => void) | undefined;
  #dropped = false;

  constructor(source: ReadAheadSource, target: ReadAheadTarget) {
    this.#source = source;
    this.#target = target;
  }

  /** Must be called before each command. */
  begin(): void {
    this.spillError = undefined;
  }

  /** Processes bytes from the server, which are valid only during the call. */
  push(bytes: Uint8Array): void {
    if (this.#queue !== undefined) {
      this.#enqueue(bytes);
      return;
    }
    this.#target.take(bytes);
    if (!this.#blocked) this.#checkBackPressure();
  }

  /** Calls `callback` when all buffered bytes are delivered: immediately if there are none. */
  whenDrained(callback: () => void): void {
    if (this.#queue === undefined) callback();
    else this.#onDrained = callback;
  }

  /** Discards the buffered bytes and delivers nothing more. Can be called again. */
  drop(): void {
    this.#dropped = true;
    clearTimeout(this.#timer);
    this.#releaseQueue();
  }

  /** Stops reading the server if the output is blocked. */
  #checkBackPressure(): void {
    const wait = this.#target.backPressure();
    if (wait === undefined) return;
    this.#blocked = true;
    this.#timer = setTimeout(() => this.#startSpilling(), maxHoldMs);
    this.#updateReading();
    wait.then(
      () => this.#onUnblocked(),
      (error) => {
        this.#endBlock();
        this.#target.fail(error);
        this.#drain();
      },
    );
  }

  #startSpilling(): void {
    this.#spilling = true;
    sharedSpillBuffer ??= new SpillBuffer();
    this.#queue ??= sharedSpillBuffer.createQueue();
    this.#updateReading();
  }

  #onUnblocked(): void {
    this.#endBlock();
    this.#drain();
  }

  #endBlock(): void {
    clearTimeout(this.#timer);
    this.#blocked = false;
    this.#spilling = false;
  }

  #enqueue(bytes: Uint8Array): void {
    if (!this.#spilling) this.#credit -= bytes.length;
    if (this.#overflow === undefined) this.#overflow = this.#appendToQueue(bytes);
    else this.#overflow = Buffer.concat([this.#overflow, bytes]);
    this.#updateReading();
  }

  /** Appends bytes to the queue. Returns a copy of the bytes that could not be stored. */
  #appendToQueue(bytes: Uint8Array): Uint8Array | undefined {
    const queue = this.#queue;
    if (queue === undefined) return undefined;
    const appendedBefore = queue.appended;
    try {
      queue.append(bytes);
      return undefined;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      this.spillError ??= error;
      return Buffer.from(bytes.subarray(queue.appended - appendedBefore));
    }
  }

  /** Delivers buffered bytes until the output is blocked again. */
  #drain(): void {
    let delivered = 0;
    while (this.#queue !== undefined && !this.#blocked) {
      if (delivered > bytesPerYield) {
        setImmediate(() => this.#drain());
        break;
      }
      const bytes = this.#dequeue(this.#queue);
      if (bytes === undefined) break;
      this.#target.take(bytes);
      delivered += bytes.length;
      this.#credit += bytes.length;
      if (this.#overflow !== undefined) this.#overflow = this.#appendToQueue(this.#overflow);
      this.#checkBackPressure();
    }
    this.#updateReading();
  }

  /** Returns the next buffered bytes; undefined, and releases the queue, if there are none. */
  #dequeue(queue: SpillQueue): Uint8Array | undefined {
    try {
      const bytes = queue.next();
      if (bytes !== undefined) return bytes;
    } catch (error) {
      this.#releaseQueue();
      this.#target.fail(error);
      return undefined;
    }
    const overflow = this.#overflow;
    const onDrained = this.#onDrained;
    this.#releaseQueue();
    if (overflow !== undefined) this.push(overflow);
    onDrained?.();
    return undefined;
  }

  #releaseQueue(): void {
    this.#queue?.drop();
    this.#queue = undefined;
    this.#overflow = undefined;
    this.#onDrained = undefined;
    this.#credit = 0;
    if (sharedSpillBuffer?.isIdle) {
      sharedSpillBuffer.close();
      sharedSpillBuffer = undefined;
    }
  }

  /** Resumes or pauses reading the server. */
  #updateReading(): void {
    if (this.#dropped) return;
    const shouldRead =
      this.#queue === undefined
        ? !this.#blocked
        : this.#overflow === undefined && (this.#spilling || this.#credit > 0);
    if (shouldRead) this.#source.resume();
    else this.#source.pause();
  }
}
