import { threeBytes } from '../protocol/packets.js';
import { Inflater } from './inflate.js';

/** Length of the body (3 bytes), the packet's number, length of what it inflates to (3). */
const headerLength = 7;

/**
 * Takes the compressed protocol apart: a stream of compressed packets, each of which holds a piece
 * of the stream of ordinary ones.
 */
export class CompressedReader {
  readonly #take: (chunk: Uint8Array) => void;
  readonly #onPacket: () => void;
  readonly #inflater = new Inflater();
  /** The packet that did not end in the last chunk; `#held` bytes of it are here. */
  #carry = new Uint8Array(64 * 1024);
  #held = 0;

  /** `take` gets the pieces, lent until it returns; `onPacket` is called before each. */
  constructor(take: (chunk: Uint8Array) => void, onPacket: () => void) {
    this.#take = take;
    this.#onPacket = onPacket;
  }

  /** Takes the next bytes of the stream, however they are cut. Throws where they are malformed. */
  push(chunk: Uint8Array): void {
    let rest = chunk;
    while (rest.length > 0) {
      const inPlace = this.#held === 0 && isWhole(rest);
      const taken = inPlace ? packetLength(rest) : Math.min(this.#missing(), rest.length);
      const piece = rest.subarray(0, taken);
      rest = rest.subarray(taken);
      if (inPlace) this.#packet(piece);
      else this.#hold(piece);
    }
  }

  /** How much is missing of the packet that is carried, or of its header. */
  #missing(): number {
    const known = this.#held < headerLength ? headerLength : packetLength(this.#carry);
    return known - this.#held;
  }

  #hold(piece: Uint8Array): void {
    const held = this.#held + piece.length;
    if (held > this.#carry.length) {
      const larger = new Uint8Array(2 * held);
      larger.set(this.#carry.subarray(0, this.#held));
      this.#carry = larger;
    }
    this.#carry.set(piece, this.#held);
    const packet = this.#carry.subarray(0, held);
    this.#held = isWhole(packet) ? 0 : held;
    if (this.#held === 0) this.#packet(packet);
  }

  #packet(bytes: Uint8Array): void {
    const body = bytes.subarray(headerLength);
    const length = threeBytes(bytes, 4);
    this.#onPacket();
    // Too short to be compressed.
    this.#take(length === 0 ? body : this.#inflater.inflate(body, length));
  }
}

function isWhole(bytes: Uint8Array): boolean {
  return bytes.length >= headerLength && bytes.length >= packetLength(bytes);
}

function packetLength(bytes: Uint8Array): number {
  return headerLength + threeBytes(bytes, 0);
}
