import type { Inflate as InflateStream } from 'node:zlib';

/** What node:zlib keeps in a stream, and its own synchronous functions use. */
interface Inside {
  _handle?: {
    writeSync?(
      flush: number,
      from: Uint8Array,
      fromOffset: number,
      fromLength: number,
      to: Uint8Array,
      toOffset: number,
      toLength: number,
    ): void;
  };
  /** How much was left of the output, and of the input. */
  _writeState?: Uint32Array;
}

/**
 * Inflates one packet after another with one and the same decompressor, into one and the same
 * memory: node:zlib's own function makes both anew each time, which for packets of 16 kB costs more
 * than the inflating. Where a Node has it otherwise inside (checked: 20 to 24), that one is used.
 */
export class Inflater {
  // Loaded late: few connections are compressed.
  readonly #zlib = process.getBuiltinModule('node:zlib');
  readonly #stream: InflateStream & Inside = this.#zlib.createInflate();
  #memory = new Uint8Array(64 * 1024);

  constructor() {
    // Found out below.
    this.#stream.on('error', () => {});
  }

  /**
   * Gives the `length` bytes that `bytes` become; they are lent until the next call. Throws where
   * they become something else.
   */
  inflate(bytes: Uint8Array, length: number): Uint8Array {
    const { _handle: handle, _writeState: left } = this.#stream;
    if (typeof handle?.writeSync !== 'function' || left === undefined) {
      return this.#zlib.inflateSync(bytes, { maxOutputLength: length });
    }
    if (this.#memory.length < length) this.#memory = new Uint8Array(length);
    this.#stream.reset();
    // Untouched by an error.
    left[0] = 1;
    handle.writeSync(
      this.#zlib.constants.Z_FINISH,
      bytes,
      0,
      bytes.length,
      this.#memory,
      0,
      length,
    );
    if (left[0] !== 0 || left[1] !== 0) throw new Error('malformed compressed packet');
    return this.#memory.subarray(0, length);
  }
}
