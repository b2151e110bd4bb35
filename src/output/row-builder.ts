import { nullMarker } from './cells.js';

/** The longest length in front of a cell. */
const longestPrefix = 9;

/** Puts a row of the text protocol together anew, for what changes cells on their way to a format. */
export class RowBuilder {
  bytes: Uint8Array = new Uint8Array(0);
  length = 0;

  /** Begins a row whose cells, with lengths as the server writes them, have `size` bytes at most. */
  begin(size: number): void {
    this.length = 0;
    // A length may be written longer here than it came.
    const room = size * 2 + longestPrefix;
    if (this.bytes.length < room) this.bytes = Buffer.allocUnsafeSlow(room);
  }

  addNull(): void {
    this.bytes[this.length++] = nullMarker;
  }

  add(from: Uint8Array, start: number, end: number): void {
    this.#prefix(end - start);
    this.bytes.set(from.subarray(start, end), this.length);
    this.length += end - start;
  }

  #prefix(value: number): void {
    if (value < nullMarker) {
      this.bytes[this.length++] = value;
      return;
    }
    this.bytes[this.length++] = 0xfe;
    let rest = value;
    for (let i = 0; i < 8; i++) {
      this.bytes[this.length++] = rest % 256;
      rest = Math.floor(rest / 256);
    }
  }
}
