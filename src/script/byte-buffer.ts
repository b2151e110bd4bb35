/** The least capacity that is allocated, in bytes. */
const minimumCapacity = 4096;
/** `clear` frees a buffer whose capacity is greater, in bytes. */
const maximumIdleCapacity = 4 << 20;

/**
 * A growing byte buffer that copies each byte a bounded number of times. It borrows the first piece
 * instead of copying it, until another piece follows or `copyBorrowed` is called, because most
 * statements consist of one piece.
 */
export class ByteBuffer {
  #storage = Buffer.alloc(0);
  #length = 0;
  #borrowed: Uint8Array | undefined;

  get length(): number {
    return this.#borrowed === undefined ? this.#length : this.#borrowed.length;
  }

  /** The bytes collected so far; valid only until the next call that changes the buffer. */
  get bytes(): Uint8Array {
    return this.#borrowed ?? this.#storage.subarray(0, this.#length);
  }

  /** Adds `piece`, which the caller must not change before it calls `copyBorrowed` or `clear`. */
  append(piece: Uint8Array): void {
    if (piece.length === 0) return;
    if (this.length === 0) {
      this.#borrowed = piece;
      return;
    }
    this.copyBorrowed();
    this.#copy(piece);
  }

  appendByte(value: number): void {
    this.copyBorrowed();
    this.#reserve(1);
    this.#storage[this.#length++] = value;
  }

  /** Copies the borrowed piece, so that the caller may change it. */
  copyBorrowed(): void {
    const piece = this.#borrowed;
    if (piece === undefined) return;
    this.#borrowed = undefined;
    this.#copy(piece);
  }

  clear(): void {
    this.#borrowed = undefined;
    this.#length = 0;
    if (this.#storage.length > maximumIdleCapacity) this.#storage = Buffer.alloc(0);
  }

  #copy(piece: Uint8Array): void {
    this.#reserve(piece.length);
    this.#storage.set(piece, this.#length);
    this.#length += piece.length;
  }

  #reserve(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#storage.length) return;
    const grown = Buffer.allocUnsafeSlow(
      Math.max(needed, 2 * this.#storage.length, minimumCapacity),
    );
    this.#storage.copy(grown, 0, 0, this.#length);
    this.#storage = grown;
  }
}
