import { headerLength, maxPayload, payloadLength } from './packets.js';

/** Called with one whole payload: `bytes[start … end)`. The bytes are lent until it returns. */
export type OnPacket = (bytes: Uint8Array, start: number, end: number) => void;

/**
 * Called with whatever comes next, `bytes[start … end)`, which begins with a packet's header: takes
 * as many whole packets as it likes and gives where the first begins that it did not take.
 */
export type OnPackets = (bytes: Uint8Array, start: number, end: number) => number;

/**
 * Cuts the server's byte stream into packets without copying: a packet that lies whole in a chunk
 * is handed on where it lies; only one that is split between chunks is gathered.
 *
 * mysql2 has a parser of its own, which makes an object of each packet; with millions of rows that
 * is most of the work, so while a command runs the stream comes here instead.
 */
export class PacketReader {
  readonly #onPacket: OnPacket;
  readonly #onPackets: OnPackets;
  /** The packet that did not end in the last chunk, header first; `#held` bytes of it are here. */
  #carry = new Uint8Array(64 * 1024);
  #held = 0;
  /** Payloads of 16 MB − 1 byte that wait for their continuation. */
  #parts: Uint8Array[] = [];
  readonly #longest: number;
  readonly #onTooLong: () => void;
  #closed = false;

  /**
   * All packets are offered to `onPackets` first, but for those of 16 MB and more; what it leaves
   * goes to `onPacket` one by one.
   *
   * `longest` is the largest payload in bytes, continuations counted together; for a larger one
   * `onTooLong` is called, and nothing more is read.
   */
  constructor(onPacket: OnPacket, onPackets: OnPackets, longest: number, onTooLong: () => void) {
    this.#onPacket = onPacket;
    this.#onPackets = onPackets;
    this.#longest = longest;
    this.#onTooLong = onTooLong;
  }

  /** Takes the next bytes of the stream, however they are cut. */
  push(chunk: Uint8Array): void {
    if (this.#closed) return;
    let position = this.#held > 0 ? this.#finishCarried(chunk) : 0;
    const size = chunk.length;
    for (;;) {
      position = this.#offer(chunk, position, size);
      if (size - position < headerLength) break;
      const length = payloadLength(chunk, position);
      const start = position + headerLength;
      const end = start + length;
      if (length > this.#longest || this.#parts.length > 0) {
        if (this.#refuse(length)) return;
      }
      if (end > size) break;
      this.#emit(chunk, start, end, length);
      position = end;
    }
    if (position < size) this.#hold(chunk, position);
  }

  /** Completes the packet begun in earlier chunks; returns how much of `chunk` that took. */
  #finishCarried(chunk: Uint8Array): number {
    let position = 0;
    while (this.#held < headerLength) {
      if (position === chunk.length) return position;
      this.#carry[this.#held++] = chunk[position++] as number;
    }
    const length = payloadLength(this.#carry, 0);
    if (this.#refuse(length)) return chunk.length;
    const total = headerLength + length;
    this.#makeRoom(total);
    const take = Math.min(total - this.#held, chunk.length - position);
    this.#carry.set(chunk.subarray(position, position + take), this.#held);
    this.#held += take;
    position += take;
    if (this.#held < total) return position;
    this.#held = 0;
    if (this.#offer(this.#carry, 0, total) < total) {
      this.#emit(this.#carry, headerLength, total, length);
    }
    return position;
  }

  #offer(bytes: Uint8Array, start: number, end: number): number {
    return this.#parts.length === 0 ? this.#onPackets(bytes, start, end) : start;
  }

  #hold(chunk: Uint8Array, position: number): void {
    const rest = chunk.length - position;
    const known = rest >= headerLength ? headerLength + payloadLength(chunk, position) : rest;
    this.#makeRoom(Math.max(known, rest));
    this.#carry.set(chunk.subarray(position), 0);
    this.#held = rest;
  }

  #refuse(length: number): boolean {
    const waiting = this.#parts.reduce((sum, part) => sum + part.length, 0);
    this.#closed = waiting + length > this.#longest;
    if (this.#closed) this.#onTooLong();
    return this.#closed;
  }

  #makeRoom(size: number): void {
    if (this.#carry.length >= size) return;
    const larger = new Uint8Array(size);
    larger.set(this.#carry.subarray(0, this.#held));
    this.#carry = larger;
  }

  #emit(bytes: Uint8Array, start: number, end: number, length: number): void {
    if (length < maxPayload && this.#parts.length === 0) {
      this.#onPacket(bytes, start, end);
      return;
    }
    this.#parts.push(Buffer.from(bytes.subarray(start, end)));
    if (length === maxPayload) return;
    const whole = Buffer.concat(this.#parts);
    this.#parts = [];
    this.#onPacket(whole, 0, whole.length);
  }
}

/**
 * Puts a command's payload into packets: each at most 16 MB − 1 byte, numbered from 0. Small ones
 * come back as one buffer; of large ones the payload is not copied.
 */
export function framePackets(command: number, payload: Uint8Array): Uint8Array[] {
  const total = payload.length + 1;
  if (total < maxPayload) {
    const head = Buffer.allocUnsafe(headerLength + 1);
    head.writeUIntLE(total, 0, 3);
    head[3] = 0;
    head[4] = command;
    return payload.length <= 64 * 1024 ? [Buffer.concat([head, payload])] : [head, payload];
  }
  const frames: Uint8Array[] = [];
  let sequence = 0;
  let position = 0;
  let first = true;
  for (;;) {
    const room = first ? maxPayload - 1 : maxPayload;
    const take = Math.min(room, payload.length - position);
    const length = first ? take + 1 : take;
    const head = Buffer.allocUnsafe(first ? headerLength + 1 : headerLength);
    head.writeUIntLE(length, 0, 3);
    head[3] = sequence++ & 0xff;
    if (first) head[4] = command;
    frames.push(head, payload.subarray(position, position + take));
    position += take;
    first = false;
    // A last packet that is exactly full is followed by an empty one.
    if (length < maxPayload) return frames;
  }
}
