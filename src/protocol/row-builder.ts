import { maxLenencSize, writeLenenc } from './lenenc.js';
import { nullMarker } from './row.js';

/** Puts a row of the text protocol together anew, for what changes cells on their way to a format. */
export class RowBuilder {
  bytes: Uint8Array = new Uint8Array(0);
  length = 0;

  /** Begins a row whose cells, with lengths as the server writes them, have `size` bytes at most. */
  begin(size: number): void {
    this.length = 0;
    // A length may be written longer here than it came.
    const room = size * 2 + maxLenencSize;
    if (this.bytes.length < room) this.bytes = Buffer.allocUnsafeSlow(room);
  }

  addNull(): void {
    this.bytes[this.length++] = nullMarker;
  }

  add(from: Uint8Array, start: number, end: number): void {
    this.length = writeLenenc(this.bytes, this.length, end - start);
    this.bytes.set(from.subarray(start, end), this.length);
    this.length += end - start;
  }
}
