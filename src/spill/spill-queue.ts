import type { Hash } from 'node:crypto';
import type { Extent } from './file-space.js';
import type { SpillFile } from './spill-file.js';

/** A piece of memory, of which the first `length` bytes are filled. */
interface Piece {
  bytes: Uint8Array;
  length: number;
}

/**
 * Bytes of the file after which a queue that is being read frees them, so that they are soon available
 * for other queues.
 */
const freeInterval = 4 * 1024 * 1024;

/** The memory and the spill file that the queues of a SpillBuffer share. */
export interface SpillStorage {
  /** Throws Failure. */
  readonly file: SpillFile;
  /**
   * Returns a piece of memory; `previousSize` is the size of the queue's newest piece in bytes. Throws
   * Failure.
   */
  allocate(previousSize: number): Uint8Array;
  /** Takes back a piece of memory. */
  release(piece: Uint8Array): void;
  /** Removes a queue that was dropped, and frees these parts of the file. */
  removeQueue(queue: SpillQueue, extents: readonly Extent[]): void;
}

/** A first-in, first-out queue of bytes in memory and in a spill file. See SpillBuffer. */
export class SpillQueue {
  /** How many bytes were appended in total. */
  appended = 0;
  /** Bytes of memory that can be freed by writing them to the file. */
  memory = 0;
  readonly #storage: SpillStorage;
  readonly #hash: Hash | undefined;
  /** The parts of the file that hold the oldest bytes; newer bytes are in memory. */
  #extents: Extent[] = [];
  #pieces: Piece[] = [];
  #lastSize = 0;
  /** The extent that is being read. */
  #reading: { extent: Extent; pieces: Generator<Uint8Array, void> } | undefined;
  /** The piece that the last call of `next` returned; its memory is released at the next call. */
  #returned: Piece | undefined;
  #isDropped = false;

  constructor(storage: SpillStorage, hash: Hash | undefined) {
    this.#storage = storage;
    this.#hash = hash;
  }

  /**
   * Appends a copy of `bytes[start … end)`. Throws Failure; `appended` then tells how many bytes were
   * stored.
   */
  append(bytes: Uint8Array, start = 0, end = bytes.length): void {
    // A server may still send rows after the queue was dropped.
    if (this.#isDropped) return;
    for (let position = start; position < end; ) {
      let piece = this.#pieces.at(-1);
      if (piece === undefined || piece.length === piece.bytes.length) {
        piece = { bytes: this.#storage.allocate(this.#lastSize), length: 0 };
        this.#pieces.push(piece);
        this.#lastSize = piece.bytes.length;
        this.memory += piece.bytes.length;
      }
      const size = Math.min(end - position, piece.bytes.length - piece.length);
      copy(piece.bytes, piece.length, bytes, position, size);
      piece.length += size;
      position += size;
      this.appended += size;
    }
  }

  /**
   * Removes and returns the next piece of bytes, of any length; undefined if the queue is empty. The
   * bytes are valid only until the next call on any queue of the buffer. Throws Failure.
   */
  next(): Uint8Array | undefined {
    this.#releaseReturned();
    for (;;) {
      const read = this.#reading?.pieces.next().value;
      if (read !== undefined) return read;
      if (this.#reading !== undefined) this.#storage.file.free([this.#reading.extent]);
      const extent = this.#shiftExtent();
      if (extent === undefined) break;
      this.#reading = { extent, pieces: this.#storage.file.readPieces(extent) };
    }
    this.#reading = undefined;
    this.#returned = this.#shiftPiece();
    return this.#returned?.bytes.subarray(0, this.#returned.length);
  }

  /** Moves at least `size` bytes from memory to the file, or all if there are fewer. Throws Failure. */
  spill(size: number): void {
    const target = Math.max(0, this.memory - size);
    while (this.memory > target) {
      const piece = this.#pieces[0];
      if (piece === undefined) return;
      const bytes = piece.bytes.subarray(0, piece.length);
      this.#storage.file.write(bytes, this.#extents);
      this.#hash?.update(bytes);
      this.#shiftPiece();
      this.#storage.release(piece.bytes);
    }
  }

  /**
   * Moves all bytes to the file, where they stay, and drops the queue. Returns their extents, and their
   * SHA-256 in hexadecimal if the buffer computes checksums. Throws Failure.
   */
  seal(): { extents: Extent[]; sha256: string | undefined } {
    this.spill(this.memory);
    const extents = this.#extents;
    this.#extents = [];
    this.drop();
    return { extents, sha256: this.#hash?.digest('hex') };
  }

  /** Discards all bytes and frees their memory and file space. Can be called again. */
  drop(): void {
    if (this.#isDropped) return;
    this.#isDropped = true;
    this.#releaseReturned();
    for (let piece = this.#shiftPiece(); piece !== undefined; piece = this.#shiftPiece()) {
      this.#storage.release(piece.bytes);
    }
    const reading = this.#reading === undefined ? [] : [this.#reading.extent];
    this.#reading = undefined;
    this.#storage.removeQueue(this, [...reading, ...this.#extents]);
    this.#extents = [];
  }

  #shiftExtent(): Extent | undefined {
    const first = this.#extents[0];
    if (first === undefined || first[1] <= freeInterval) return this.#extents.shift();
    const [offset, length] = first;
    this.#extents[0] = [offset + freeInterval, length - freeInterval];
    return [offset, freeInterval];
  }

  /** Removes and returns the oldest piece. The buffer counts its memory until it is released. */
  #shiftPiece(): Piece | undefined {
    const piece = this.#pieces.shift();
    if (piece !== undefined) this.memory -= piece.bytes.length;
    return piece;
  }

  #releaseReturned(): void {
    if (this.#returned !== undefined) this.#storage.release(this.#returned.bytes);
    this.#returned = undefined;
  }
}

/** Copies `size` bytes. A loop is faster than a call of `set` for a few bytes. */
function copy(
  target: Uint8Array,
  targetStart: number,
  source: Uint8Array,
  start: number,
  size: number,
): void {
  if (size > 64) target.set(source.subarray(start, start + size), targetStart);
  else for (let i = 0; i < size; i++) target[targetStart + i] = source[start + i] as number;
}
