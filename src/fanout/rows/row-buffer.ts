import {
  appendPacket,
  countRowBytes,
  findValidRows,
  type RowsTaken,
  type TakeRows,
} from '../../protocol/packets.js';
import type { Extent } from '../../spill/file-space.js';
import type { SpillQueue } from '../../spill/spill-queue.js';

/** Buffers the rows of one wiki as packets of the protocol, in the order of arrival. */
export class RowBuffer {
  rows = 0;
  /** Bytes of the rows, without packet headers. */
  bytes = 0;
  readonly #queue: SpillQueue;

  /** `queue` must be empty; afterwards only this buffer may use it. */
  constructor(queue: SpillQueue) {
    this.#queue = queue;
  }

  /** Appends a row, `bytes[start … end)`. Throws Failure. */
  row(bytes: Uint8Array, start: number, end: number): void {
    this.rows++;
    this.bytes += end - start;
    this.#appendPacket(bytes, start, end);
  }

  /** Appends encoded columns as a packet, which does not count as a row. Throws Failure. */
  appendColumns(bytes: Uint8Array): void {
    this.#appendPacket(bytes, 0, bytes.length);
  }

  /** Appends all complete and valid rows of a chunk. Throws Failure. */
  takeRows(...batch: Parameters<TakeRows>): RowsTaken | undefined {
    const [bytes, start] = batch;
    const taken = findValidRows(...batch);
    if (taken.rows === 0) return undefined;
    this.rows += taken.rows;
    this.bytes += countRowBytes(start, taken);
    this.#queue.append(bytes, start, taken.end);
    return taken;
  }

  /** See `SpillQueue.next`: pieces may end in the middle of a packet. */
  next(): Uint8Array | undefined {
    return this.#queue.next();
  }

  /** See `SpillQueue.seal`. */
  seal(): { extents: Extent[]; sha256: string | undefined } {
    return this.#queue.seal();
  }

  /** Discards all rows. Can be called again. */
  drop(): void {
    this.#queue.drop();
  }

  #appendPacket(bytes: Uint8Array, start: number, end: number): void {
    appendPacket(bytes, start, end, (from, first, last) => this.#queue.append(from, first, last));
  }
}
