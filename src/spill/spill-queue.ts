import type { Hash } from 'node:crypto';
import type { Extent } from './file-space.js';
import type { SpillFile } from './spill-file.js';

interface Piece {
  bytes: Uint8Array;
  length: number;
}

/** Bytes of the file that are freed at once while they are read, so that it can be used again soon. */
const readSize = 4 * 1024 * 1024;

/** What the queues of a SpillBuffer share. */
export interface SharedSpill {
  /** Throws Failure. */
  readonly file: SpillFile;
  /** A piece of memory; `last` is the size of the queue's newest one. Throws Failure. */
  take(last: number): Uint8Array;
  /** Takes a piece back. */
  give(piece: Uint8Array): void;
  /** The queue was dropped; these parts of the file are free. */
  forget(queue: SpillQueue, extents: readonly Extent[]): void;
}

/** Bytes of one owner, first in, first out. See `SpillBuffer.queue`. */
export class SpillQueue {
  /** Bytes that were ever appended. */
  appended = 0;
  /** Bytes of memory that could be put into the file. */
  memory = 0;
  readonly #buffer: SharedSpill;
  readonly #hash: Hash | undefined;
  /** The oldest bytes are in the file, the newer ones in memory. */
  #extents: Extent[] = [];
  #pieces: Piece[] = [];
  #lastSize = 0;
  /** The part of the file that is being read. */
  #reading: { extent: Extent; pieces: Generator<Uint8Array, void> } | undefined;
  #lent: Piece | undefined;
  #dropped = false;

  constructor(buffer: SharedSpill, hash: Hash | undefined) {
    this.#buffer = buffer;
    this.#hash = hash;
  }

  /** Copies `bytes[start … end)`. Throws Failure; `appended` then says how much was kept. */
  append(bytes: Uint8Array, start = 0, end = bytes.length): void {
    // A server may still be sending after its rows were dropped.
    if (this.#dropped) return;
    for (let at = start; at < end; ) {
      let piece = this.#pieces.at(-1);
      if (piece === undefined || piece.length === piece.bytes.length) {
        piece = { bytes: this.#buffer.take(this.#lastSize), length: 0 };
        this.#pieces.push(piece);
        this.#lastSize = piece.bytes.length;
        this.memory += piece.bytes.length;
      }
      const size = Math.min(end - at, piece.bytes.length - piece.length);
      copy(piece.bytes, piece.length, bytes, at, size);
      piece.length += size;
      at += size;
      this.appended += size;
    }
  }

  /**
   * Removes and returns the next bytes, as many as are at hand; undefined when the queue is empty.
   * Valid only until the next call on any queue of the buffer. Throws Failure.
   */
  next(): Uint8Array | undefined {
    this.#takeBack();
    for (;;) {
      const read = this.#reading?.pieces.next().value;
      if (read !== undefined) return read;
      if (this.#reading !== undefined) this.#buffer.file.free([this.#reading.extent]);
      const extent = this.#takeExtent();
      if (extent === undefined) break;
      this.#reading = { extent, pieces: this.#buffer.file.pieces(extent) };
    }
    this.#reading = undefined;
    this.#lent = this.#firstPiece();
    return this.#lent?.bytes.subarray(0, this.#lent.length);
  }

  /** Moves at least `size` bytes of memory into the file, if there are as many. Throws Failure. */
  putAway(size: number): void {
    const least = Math.max(0, this.memory - size);
    while (this.memory > least) {
      const piece = this.#pieces[0];
      if (piece === undefined) return;
      const bytes = piece.bytes.subarray(0, piece.length);
      this.#buffer.file.write(bytes, this.#extents);
      this.#hash?.update(bytes);
      this.#firstPiece();
      this.#buffer.give(piece.bytes);
    }
  }

  /**
   * Moves everything into the file, where it stays, and drops the queue. Returns where it lies, and
   * its SHA-256 in hexadecimal where the buffer makes checksums. Throws Failure.
   */
  seal(): { extents: Extent[]; sha256: string | undefined } {
    this.putAway(this.memory);
    const extents = this.#extents;
    this.#extents = [];
    this.drop();
    return { extents, sha256: this.#hash?.digest('hex') };
  }

  /** Forgets all bytes, and frees what they took. Can be called again. */
  drop(): void {
    if (this.#dropped) return;
    this.#dropped = true;
    this.#takeBack();
    for (let piece = this.#firstPiece(); piece !== undefined; piece = this.#firstPiece()) {
      this.#buffer.give(piece.bytes);
    }
    const reading = this.#reading === undefined ? [] : [this.#reading.extent];
    this.#reading = undefined;
    this.#buffer.forget(this, [...reading, ...this.#extents]);
    this.#extents = [];
  }

  #takeExtent(): Extent | undefined {
    const first = this.#extents[0];
    if (first === undefined || first[1] <= readSize) return this.#extents.shift();
    const [offset, length] = first;
    this.#extents[0] = [offset + readSize, length - readSize];
    return [offset, readSize];
  }

  /** Takes the oldest piece out of memory; the buffer still counts its bytes. */
  #firstPiece(): Piece | undefined {
    const piece = this.#pieces.shift();
    if (piece !== undefined) this.memory -= piece.bytes.length;
    return piece;
  }

  #takeBack(): void {
    if (this.#lent !== undefined) this.#buffer.give(this.#lent.bytes);
    this.#lent = undefined;
  }
}

/** A call to `set` costs more than a few bytes do. */
function copy(
  to: Uint8Array,
  toStart: number,
  from: Uint8Array,
  start: number,
  size: number,
): void {
  if (size > 64) to.set(from.subarray(start, start + size), toStart);
  else for (let i = 0; i < size; i++) to[toStart + i] = from[start + i] as number;
}
