const smallest = 4096;
/** A buffer that grew beyond this, in bytes, is given back when it is cleared. */
const kept = 4 << 20;

/**
 * Bytes that are collected piece by piece, each copied a bounded number of times. The first piece
 * is only borrowed, until another follows or `own` is called: most statements are one piece.
 */
export class ByteBuffer {
  #storage = Buffer.alloc(0);
  #length = 0;
  #borrowed: Uint8Array | undefined;

  get length(): number {
    return this.#borrowed === undefined ? this.#length : this.#borrowed.length;
  }

  /** What is collected; good until the next call that changes it. */
  get bytes(): Uint8Array {
    return this.#borrowed ?? this.#storage.subarray(0, this.#length);
  }

  /** Adds `piece`, which must stay untouched until `own` or `clear` is called. */
  append(piece: Uint8Array): void {
    if (piece.length === 0) return;
    if (this.length === 0) {
      this.#borrowed = piece;
      return;
    }
    this.own();
    this.#copy(piece);
  }

  /** Adds one byte. */
  appendByte(value: number): void {
    this.own();
    this.#reserve(1);
    this.#storage[this.#length++] = value;
  }

  /** Copies what is only borrowed, as the piece is about to go away. */
  own(): void {
    const piece = this.#borrowed;
    if (piece === undefined) return;
    this.#borrowed = undefined;
    this.#copy(piece);
  }

  clear(): void {
    this.#borrowed = undefined;
    this.#length = 0;
    if (this.#storage.length > kept) this.#storage = Buffer.alloc(0);
  }

  #copy(piece: Uint8Array): void {
    this.#reserve(piece.length);
    this.#storage.set(piece, this.#length);
    this.#length += piece.length;
  }

  #reserve(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#storage.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.#storage.length, smallest));
    this.#storage.copy(grown, 0, 0, this.#length);
    this.#storage = grown;
  }
}
