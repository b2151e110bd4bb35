import { readUint24 } from '../protocol/packets.js';
import { Inflater } from './inflate.js';

/** Length of the body (3 bytes), sequence number (1), length of the inflated body (3). */
const headerLength = 7;

/**
 * Parses the compressed protocol: a stream of compressed packets, each of which contains a part of
 * the stream of ordinary packets.
 */
export class CompressedReader {
  readonly #take: (chunk: Uint8Array) => void;
  readonly #onPacket: (sequence: number) => void;
  readonly #inflater = new Inflater();
  /** The first `#partialLength` bytes of a packet that did not end in the last chunk. */
  #partial = new Uint8Array(64 * 1024);
  #partialLength = 0;

  /**
   * Passes each part to `take`, valid only during the call, and calls `onPacket` before each with
   * the number of the compressed packet.
   */
  constructor(take: (chunk: Uint8Array) => void, onPacket: (sequence: number) => void) {
    this.#take = take;
    this.#onPacket = onPacket;
  }

  /**
   * Parses the next bytes of the stream; a chunk can begin and end anywhere. Throws if they are
   * malformed.
   */
  push(chunk: Uint8Array): void {
    let rest = chunk;
    while (rest.length > 0) {
      const isCompleteInChunk = this.#partialLength === 0 && isComplete(rest);
      const length = isCompleteInChunk
        ? getPacketLength(rest)
        : Math.min(this.#countMissingBytes(), rest.length);
      const piece = rest.subarray(0, length);
      rest = rest.subarray(length);
      if (isCompleteInChunk) this.#deliver(piece);
      else this.#appendToPartial(piece);
    }
  }

  /** Returns the number of missing bytes of the partial packet, or of its header. */
  #countMissingBytes(): number {
    const expectedLength =
      this.#partialLength < headerLength ? headerLength : getPacketLength(this.#partial);
    return expectedLength - this.#partialLength;
  }

  #appendToPartial(piece: Uint8Array): void {
    const newLength = this.#partialLength + piece.length;
    if (newLength > this.#partial.length) {
      const larger = new Uint8Array(2 * newLength);
      larger.set(this.#partial.subarray(0, this.#partialLength));
      this.#partial = larger;
    }
    this.#partial.set(piece, this.#partialLength);
    const packet = this.#partial.subarray(0, newLength);
    this.#partialLength = isComplete(packet) ? 0 : newLength;
    if (this.#partialLength === 0) this.#deliver(packet);
  }

  #deliver(bytes: Uint8Array): void {
    const body = bytes.subarray(headerLength);
    const length = readUint24(bytes, 4);
    this.#onPacket(bytes[3] as number);
    // Length 0: the body was too short to be compressed.
    this.#take(length === 0 ? body : this.#inflater.inflate(body, length));
  }
}

function isComplete(bytes: Uint8Array): boolean {
  return bytes.length >= headerLength && bytes.length >= getPacketLength(bytes);
}

function getPacketLength(bytes: Uint8Array): number {
  return headerLength + readUint24(bytes, 0);
}
