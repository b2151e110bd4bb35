import { Failure } from '../failure.js';
import { SpillBuffer } from '../spill/spill-buffer.js';
import type { SpillQueue } from '../spill/spill-queue.js';

/** Milliseconds for which a server is held back while the output is stuck. */
const patience = 1500;
/** Bytes that are delivered before signals and timers get their turn. */
const bytesPerTurn = 4 * 1024 * 1024;

/** Where the bytes come from. */
export interface ReadAheadSource {
  pause(): void;
  resume(): void;
}

/** Where the bytes go to. */
export interface ReadAheadTarget {
  /** Takes the next bytes, which are valid only during the call. */
  take(bytes: Uint8Array): void;
  /** See ResultHandler.pressure; undefined where nothing is waited for. */
  pressure(): Promise<void> | undefined;
  /** The output has failed, or kept bytes could not be read again. */
  fail(error: unknown): void;
}

/** Shared by all connections of the process, so that 32 MB of memory are enough for all of them. */
let shared: SpillBuffer | undefined;

/**
 * Passes a server's bytes on as they come. While the output is stuck the server is held back, but
 * no longer than `patience`: after net_write_timeout it would hang up, and until then its statement
 * keeps locks. From then on the server is read as fast as it sends, and the bytes are kept, in memory
 * and beyond 32 MB in a file without a name.
 *
 * When the output moves again, the kept bytes are passed on first, and the server is read as fast as
 * they are: what is kept grows only while the output is stuck. Where there is no room to keep more,
 * the server is held back after all.
 */
export class ReadAhead {
  readonly #source: ReadAheadSource;
  readonly #target: ReadAheadTarget;
  /** Why more bytes could not be kept since `begin`; undefined: all could. */
  noRoom: Failure | undefined;
  #kept: SpillQueue | undefined;
  /** Bytes that came when there was no room, behind the kept ones. */
  #rest: Uint8Array | undefined;
  /** The output takes nothing at the moment. */
  #held = false;
  /** … for longer than `patience`. */
  #stuck = false;
  /** Bytes that the server may send in exchange for kept ones that were passed on. */
  #credit = 0;
  #timer: NodeJS.Timeout | undefined;
  #onDrained: (() => void) | undefined;
  #dropped = false;

  constructor(source: ReadAheadSource, target: ReadAheadTarget) {
    this.#source = source;
    this.#target = target;
  }

  /** Another command is sent. */
  begin(): void {
    this.noRoom = undefined;
  }

  /** Takes bytes from the server, which are valid only during the call. */
  push(bytes: Uint8Array): void {
    if (this.#kept !== undefined) {
      this.#keep(bytes);
      return;
    }
    this.#target.take(bytes);
    if (!this.#held) this.#heed();
  }

  /** Calls `act` when all kept bytes were passed on: at once if there are none. */
  whenDrained(act: () => void): void {
    if (this.#kept === undefined) act();
    else this.#onDrained = act;
  }

  /** Forgets what is kept; nothing is passed on any more. Can be called again. */
  drop(): void {
    this.#dropped = true;
    clearTimeout(this.#timer);
    this.#release();
  }

  /** Holds the server back if the output asks for it. */
  #heed(): void {
    const wait = this.#target.pressure();
    if (wait === undefined) return;
    this.#held = true;
    this.#timer = setTimeout(() => this.#onStuck(), patience);
    this.#steer();
    wait.then(
      () => this.#onFree(),
      (error) => {
        this.#endHold();
        this.#target.fail(error);
        this.#drain();
      },
    );
  }

  #onStuck(): void {
    this.#stuck = true;
    shared ??= new SpillBuffer();
    this.#kept ??= shared.queue();
    this.#steer();
  }

  #onFree(): void {
    this.#endHold();
    this.#drain();
  }

  #endHold(): void {
    clearTimeout(this.#timer);
    this.#held = false;
    this.#stuck = false;
  }

  #keep(bytes: Uint8Array): void {
    if (!this.#stuck) this.#credit -= bytes.length;
    if (this.#rest === undefined) this.#rest = this.#append(bytes);
    else this.#rest = Buffer.concat([this.#rest, bytes]);
    this.#steer();
  }

  /** Returns a copy of what there was no room for. */
  #append(bytes: Uint8Array): Uint8Array | undefined {
    const kept = this.#kept;
    if (kept === undefined) return undefined;
    const before = kept.appended;
    try {
      kept.append(bytes);
      return undefined;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      this.noRoom ??= error;
      return Buffer.from(bytes.subarray(kept.appended - before));
    }
  }

  /** Passes kept bytes on until the output is stuck again. */
  #drain(): void {
    let passed = 0;
    while (this.#kept !== undefined && !this.#held) {
      if (passed > bytesPerTurn) {
        setImmediate(() => this.#drain());
        break;
      }
      const bytes = this.#next(this.#kept);
      if (bytes === undefined) break;
      this.#target.take(bytes);
      passed += bytes.length;
      this.#credit += bytes.length;
      if (this.#rest !== undefined) this.#rest = this.#append(this.#rest);
      this.#heed();
    }
    this.#steer();
  }

  /** The next kept bytes; with the last of them nothing is kept any more. */
  #next(kept: SpillQueue): Uint8Array | undefined {
    try {
      const bytes = kept.next();
      if (bytes !== undefined) return bytes;
    } catch (error) {
      this.#release();
      this.#target.fail(error);
      return undefined;
    }
    const rest = this.#rest;
    const onDrained = this.#onDrained;
    this.#release();
    if (rest !== undefined) this.push(rest);
    onDrained?.();
    return undefined;
  }

  #release(): void {
    this.#kept?.drop();
    this.#kept = undefined;
    this.#rest = undefined;
    this.#onDrained = undefined;
    this.#credit = 0;
    if (shared?.isIdle) {
      shared.close();
      shared = undefined;
    }
  }

  /** Reads the server, or does not. */
  #steer(): void {
    if (this.#dropped) return;
    const reads =
      this.#kept === undefined
        ? !this.#held
        : this.#rest === undefined && (this.#stuck || this.#credit > 0);
    if (reads) this.#source.resume();
    else this.#source.pause();
  }
}
