import type { Hash } from 'node:crypto';
import type { Extent } from './file-space.js';
import { appendPacket, wholeRows } from './packets.js';
import type { Spool } from './spool.js';

interface Piece {
  bytes: Uint8Array;
  length: number;
}

/** The rows of one wiki, as packets of the protocol, in the order in which they came. */
export class Lane {
  rows = 0;
  /** Of the rows, without what frames them. */
  bytes = 0;
  /** Bytes of memory that it takes and that could be put away. */
  memory = 0;
  readonly #spool: Spool;
  readonly #hash: Hash | undefined;
  /** What came first is in the file; the memory holds what came after. */
  #extents: Extent[] = [];
  #pieces: Piece[] = [];
  #lastSize = 0;
  /** What is handed out now: an extent, piece by piece, or a piece of memory. */
  #reading: { extent: Extent; pieces: Generator<Uint8Array, void> } | undefined;
  #lent: Piece | undefined;
  #dropped = false;

  /** See `Spool.lane`. */
  constructor(spool: Spool, hash: Hash | undefined) {
    this.#spool = spool;
    this.#hash = hash;
  }

  /** Keeps a row, `bytes[start … end)`. Throws Failure. */
  row(bytes: Uint8Array, start: number, end: number): void {
    this.rows++;
    this.#packet(bytes, start, end);
  }

  /** Keeps bytes that are no row, and count as none, in packets as rows are. Throws Failure. */
  note(bytes: Uint8Array): void {
    this.#packet(bytes, 0, bytes.length);
    this.bytes -= bytes.length;
  }

  /** As Format.takeRows; gives where the first packet begins that it left. Throws Failure. */
  takeRows(bytes: Uint8Array, start: number, end: number, longest: number): number {
    const { end: stop, rows } = wholeRows(bytes, start, end, longest);
    if (rows === 0) return start;
    this.rows += rows;
    this.bytes += stop - start - 4 * rows;
    this.#append(bytes, start, stop);
    return stop;
  }

  /**
   * What comes next of all that was kept, in pieces that end anywhere; it is forgotten here. Lent
   * until the next call for any lane. undefined: that was all. Throws Failure.
   */
  next(): Uint8Array | undefined {
    this.#takeBack();
    for (;;) {
      const read = this.#reading?.pieces.next().value;
      if (read !== undefined) return read;
      if (this.#reading !== undefined) this.#spool.file.free([this.#reading.extent]);
      const extent = this.#extents.shift();
      if (extent === undefined) break;
      this.#reading = { extent, pieces: this.#spool.file.pieces(extent) };
    }
    this.#reading = undefined;
    this.#lent = this.#firstPiece();
    return this.#lent?.bytes.subarray(0, this.#lent.length);
  }

  /** Puts at least so many bytes of memory into the file, if there are as many. Throws Failure. */
  putAway(size: number): void {
    const least = Math.max(0, this.memory - size);
    while (this.memory > least) {
      const piece = this.#pieces[0];
      if (piece === undefined) return;
      const bytes = piece.bytes.subarray(0, piece.length);
      this.#spool.file.write(bytes, this.#extents);
      this.#hash?.update(bytes);
      this.#firstPiece();
      this.#spool.give(piece.bytes);
    }
  }

  /**
   * Puts all into the file, where it is to stay: gives where it lies, and its checksum (SHA-256 in
   * hexadecimal, where the spool has them). The lane is gone then. Throws Failure.
   */
  settle(): { extents: Extent[]; sha256: string | undefined } {
    this.putAway(this.memory);
    const extents = this.#extents;
    this.#extents = [];
    this.drop();
    return { extents, sha256: this.#hash?.digest('hex') };
  }

  /** Forgets all, and gives back what it took. Safe at any time. */
  drop(): void {
    if (this.#dropped) return;
    this.#dropped = true;
    this.#takeBack();
    for (let piece = this.#firstPiece(); piece !== undefined; piece = this.#firstPiece()) {
      this.#spool.give(piece.bytes);
    }
    const reading = this.#reading === undefined ? [] : [this.#reading.extent];
    this.#reading = undefined;
    this.#spool.forget(this, [...reading, ...this.#extents]);
    this.#extents = [];
  }

  #packet(bytes: Uint8Array, start: number, end: number): void {
    this.bytes += end - start;
    appendPacket(bytes, start, end, (from, first, last) => this.#append(from, first, last));
  }

  #append(bytes: Uint8Array, start: number, end: number): void {
    // A server may still be sending when the run is given up.
    if (this.#dropped) return;
    for (let at = start; at < end; ) {
      let piece = this.#pieces.at(-1);
      if (piece === undefined || piece.length === piece.bytes.length) {
        piece = { bytes: this.#spool.take(this.#lastSize), length: 0 };
        this.#pieces.push(piece);
        this.#lastSize = piece.bytes.length;
        this.memory += piece.bytes.length;
      }
      const size = Math.min(end - at, piece.bytes.length - piece.length);
      copy(piece.bytes, piece.length, bytes, at, size);
      piece.length += size;
      at += size;
    }
  }

  /** Takes the first piece out of memory; its bytes are still counted by the spool. */
  #firstPiece(): Piece | undefined {
    const piece = this.#pieces.shift();
    if (piece !== undefined) this.memory -= piece.bytes.length;
    return piece;
  }

  #takeBack(): void {
    if (this.#lent !== undefined) this.#spool.give(this.#lent.bytes);
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
