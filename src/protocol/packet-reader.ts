import { headerLength, maxPayload, type RowsTaken, readPayloadLength } from './packets.js';

/** Called with one complete payload: `bytes[start … end)`, valid only during the call. */
export type OnPacket = (bytes: Uint8Array, start: number, end: number) => void;

/**
 * Called with the next bytes, `bytes[start … end)`, which begin with a packet header. Can accept
 * any number of complete packets, whose numbers are right. Returns undefined if it accepts none.
 */
export type OnPackets = (bytes: Uint8Array, start: number, end: number) => RowsTaken | undefined;

/** Why nothing more is read: a packet is too long, or its number does not follow the last one. */
export type PacketProblem = 'too long' | 'out of order';

/** The number of the next packet. undefined: no numbers are checked. */
export type ExpectedSequence = number | 'any' | undefined;

/**
 * Splits the server's byte stream into packets. It copies only packets that are split between
 * chunks; it passes the others on as parts of the chunk.
 *
 * mysql2's own parser creates an object for each packet. With millions of rows that is most of the
 * work, so this class reads the stream while a command runs.
 */
export class PacketReader {
  readonly #onPacket: OnPacket;
  readonly #onPackets: OnPackets;
  /**
   * The first `#partialLength` bytes of a packet that did not end in the last chunk, with its
   * header.
   */
  #partial = new Uint8Array(64 * 1024);
  #partialLength = 0;
  /** Payloads of 16 MB − 1 byte whose continuation has not arrived yet. */
  #parts: Uint8Array[] = [];
  readonly #maxPayloadLength: number;
  readonly #onProblem: (problem: PacketProblem) => void;
  #closed = false;
  /** See expectSequence. */
  #sequence: ExpectedSequence;
  /** In the chunk that is being processed, the numbers of the packets before this position are right. */
  #orderedEnd = 0;

  /**
   * Passes all packets, except those of 16 MB and more, to `onPackets` first. Passes those that
   * `onPackets` does not accept to `onPacket`, one at a time.
   *
   * `maxPayloadLength`: the maximum length of a payload in bytes, with its continuations. After it
   * has called `onProblem`, the reader ignores all later bytes.
   */
  constructor(
    onPacket: OnPacket,
    onPackets: OnPackets,
    maxPayloadLength: number,
    onProblem: (problem: PacketProblem) => void,
  ) {
    this.#onPacket = onPacket;
    this.#onPackets = onPackets;
    this.#maxPayloadLength = maxPayloadLength;
    this.#onProblem = onProblem;
  }

  /** Sets the number of the next packet; each packet after it must continue the numbering. */
  expectSequence(sequence: ExpectedSequence): void {
    this.#sequence = sequence;
    this.#orderedEnd = 0;
  }

  /** Processes the next bytes of the stream; a chunk can begin and end anywhere. */
  push(chunk: Uint8Array): void {
    if (this.#closed) return;
    let position = this.#partialLength > 0 ? this.#completePartial(chunk) : 0;
    const size = chunk.length;
    this.#orderedEnd = 0;
    while (!this.#closed) {
      if (size - position < headerLength || !this.#isNext(chunk, position)) break;
      if (position >= this.#orderedEnd) this.#orderedEnd = this.#findOrderedEnd(chunk, position);
      const batchEnd = this.#offerBatch(chunk, position, this.#orderedEnd);
      if (batchEnd > position) {
        position = batchEnd;
        continue;
      }
      const length = readPayloadLength(chunk, position);
      const start = position + headerLength;
      const end = start + length;
      if (length > this.#maxPayloadLength || this.#parts.length > 0) {
        if (this.#closeIfTooLong(length)) return;
      }
      if (end > size) break;
      this.#emit(chunk, start, end, length);
      position = end;
    }
    if (position < size && !this.#closed) this.#savePartial(chunk, position);
  }

  /** Tells whether the packet at `position` has the expected number; if not, closes the reader. */
  #isNext(bytes: Uint8Array, position: number): boolean {
    if (this.#sequence === 'any') this.#sequence = bytes[position + 3];
    if (this.#sequence === undefined || this.#sequence === bytes[position + 3]) return true;
    this.#close('out of order');
    return false;
  }

  /**
   * Returns the position of the first packet, from `start` on, that does not have the expected number;
   * without one, the end. A batch must not contain it: the receivers of batches look at no number.
   */
  #findOrderedEnd(bytes: Uint8Array, start: number): number {
    if (typeof this.#sequence !== 'number') return bytes.length;
    let sequence = this.#sequence;
    for (let position = start; bytes.length - position >= headerLength; ) {
      if (bytes[position + 3] !== sequence) return position;
      sequence = (sequence + 1) & 0xff;
      position += headerLength + readPayloadLength(bytes, position);
    }
    return bytes.length;
  }

  #close(problem: PacketProblem): void {
    this.#closed = true;
    this.#onProblem(problem);
  }

  #advanceSequence(packets: number): void {
    if (typeof this.#sequence === 'number') this.#sequence = (this.#sequence + packets) & 0xff;
  }

  /**
   * Completes the packet begun in earlier chunks. Returns the number of bytes used from `chunk`.
   */
  #completePartial(chunk: Uint8Array): number {
    let position = 0;
    while (this.#partialLength < headerLength) {
      if (position === chunk.length) return position;
      this.#partial[this.#partialLength++] = chunk[position++] as number;
    }
    if (!this.#isNext(this.#partial, 0)) return chunk.length;
    const length = readPayloadLength(this.#partial, 0);
    if (this.#closeIfTooLong(length)) return chunk.length;
    const total = headerLength + length;
    this.#ensureCapacity(total);
    const taken = Math.min(total - this.#partialLength, chunk.length - position);
    this.#partial.set(chunk.subarray(position, position + taken), this.#partialLength);
    this.#partialLength += taken;
    position += taken;
    if (this.#partialLength < total) return position;
    this.#partialLength = 0;
    if (this.#offerBatch(this.#partial, 0, total) < total) {
      this.#emit(this.#partial, headerLength, total, length);
    }
    return position;
  }

  #offerBatch(bytes: Uint8Array, start: number, end: number): number {
    if (this.#parts.length > 0) return start;
    const taken = this.#onPackets(bytes, start, end);
    if (taken === undefined) return start;
    this.#advanceSequence(taken.rows);
    return taken.end;
  }

  #savePartial(chunk: Uint8Array, position: number): void {
    const rest = chunk.length - position;
    const expectedLength =
      rest >= headerLength ? headerLength + readPayloadLength(chunk, position) : rest;
    this.#ensureCapacity(Math.max(expectedLength, rest));
    this.#partial.set(chunk.subarray(position), 0);
    this.#partialLength = rest;
  }

  #closeIfTooLong(length: number): boolean {
    const pendingLength = this.#parts.reduce((sum, part) => sum + part.length, 0);
    if (pendingLength + length > this.#maxPayloadLength) this.#close('too long');
    return this.#closed;
  }

  #ensureCapacity(size: number): void {
    if (this.#partial.length >= size) return;
    const larger = new Uint8Array(size);
    larger.set(this.#partial.subarray(0, this.#partialLength));
    this.#partial = larger;
  }

  #emit(bytes: Uint8Array, start: number, end: number, length: number): void {
    // First, because the receiver may set the number of the next packet.
    this.#advanceSequence(1);
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
 * Returns the packets of a command: payloads of at most 16 MB − 1 byte, numbered from 0. A small
 * payload is copied into one buffer with its header; a large payload is not copied.
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
    const limit = first ? maxPayload - 1 : maxPayload;
    const taken = Math.min(limit, payload.length - position);
    const length = first ? taken + 1 : taken;
    const head = Buffer.allocUnsafe(first ? headerLength + 1 : headerLength);
    head.writeUIntLE(length, 0, 3);
    head[3] = sequence++ & 0xff;
    if (first) head[4] = command;
    frames.push(head, payload.subarray(position, position + taken));
    position += taken;
    first = false;
    // An empty packet must follow a packet of the maximum length.
    if (length < maxPayload) return frames;
  }
}
