import { appendPacket, bytesOfRows, type RowsTaken, wholeRows } from '../../protocol/packets.js';
import type { Extent } from '../../spill/file-space.js';
import type { SpillQueue } from '../../spill/spill-queue.js';

/** The rows of one wiki, as packets of the protocol, in the order in which they came. */
export class RowBuffer {
  rows = 0;
  /** Of the rows, without their packet headers. */
  bytes = 0;
  readonly #queue: SpillQueue;

  /** `queue` must be empty, and belongs to the row buffer from now on. */
  constructor(queue: SpillQueue) {
    this.#queue = queue;
  }

  /** Keeps a row, `bytes[start … end)`. Throws Failure. */
  row(bytes: Uint8Array, start: number, end: number): void {
    this.rows++;
    this.bytes += end - start;
    this.#packet(bytes, start, end);
  }

  /** Keeps bytes that are not a row, and are not counted, in packets as rows are. Throws Failure. */
  putColumns(bytes: Uint8Array): void {
    this.#packet(bytes, 0, bytes.length);
  }

  /** Keeps rows by the chunk. Throws Failure. */
  takeRows(bytes: Uint8Array, start: number, end: number, longest: number): RowsTaken | undefined {
    const taken = wholeRows(bytes, start, end, longest);
    if (taken.rows === 0) return undefined;
    this.rows += taken.rows;
    this.bytes += bytesOfRows(start, taken);
    this.#queue.append(bytes, start, taken.end);
    return taken;
  }

  /** See `SpillQueue.next`: pieces may end anywhere in a packet. */
  next(): Uint8Array | undefined {
    return this.#queue.next();
  }

  /** See `SpillQueue.settle`. */
  seal(): { extents: Extent[]; sha256: string | undefined } {
    return this.#queue.seal();
  }

  /** Forgets all rows. Can be called again. */
  drop(): void {
    this.#queue.drop();
  }

  #packet(bytes: Uint8Array, start: number, end: number): void {
    appendPacket(bytes, start, end, (from, first, last) => this.#queue.append(from, first, last));
  }
}
