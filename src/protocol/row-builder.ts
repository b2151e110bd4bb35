import { maxLenencSize, writeLenenc } from './lenenc.js';
import { nullMarker } from './row.js';

/** Builds a row of the text protocol, for code that changes cells before a format writes them. */
export class RowBuilder {
  bytes: Uint8Array = new Uint8Array(0);
  length = 0;

  /** Starts a row. `size`: the maximum size of its cells as the server encodes them, in bytes. */
  begin(size: number): void {
    this.length = 0;
    // A length can take more bytes here than in the server's encoding.
    const capacity = size * 2 + maxLenencSize;
    if (this.bytes.length < capacity) this.bytes = Buffer.allocUnsafeSlow(capacity);
  }

  addNull(): void {
    this.bytes[this.length++] = nullMarker;
  }

  add(source: Uint8Array, start: number, end: number): void {
    this.length = writeLenenc(this.bytes, this.length, end - start);
    this.bytes.set(source.subarray(start, end), this.length);
    this.length += end - start;
  }
}
