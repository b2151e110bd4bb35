import type { Inflate as InflateStream } from 'node:zlib';

/** Private fields of a node:zlib stream, which node:zlib's own synchronous functions use. */
interface ZlibInternals {
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
  /** The number of bytes left in the output buffer, then in the input. */
  _writeState?: Uint32Array;
}

/**
 * Inflates packets with one decompressor and one output buffer. `inflateSync` of node:zlib creates
 * both for each call, which for packets of 16 kB costs more than inflating. If this version of Node
 * has other private fields (checked: 20 to 24 have them), this class calls `inflateSync`.
 */
export class Inflater {
  // Load node:zlib only when needed: few connections are compressed.
  readonly #zlib = process.getBuiltinModule('node:zlib');
  readonly #stream: InflateStream & ZlibInternals = this.#zlib.createInflate();
  #output = new Uint8Array(64 * 1024);

  constructor() {
    // `inflate` detects errors itself.
    this.#stream.on('error', () => {});
  }

  /**
   * Returns the `length` inflated bytes, valid only until the next call. Throws if `bytes` is
   * malformed or inflates to another length.
   */
  inflate(bytes: Uint8Array, length: number): Uint8Array {
    const { _handle: handle, _writeState: writeState } = this.#stream;
    if (typeof handle?.writeSync !== 'function' || writeState === undefined) {
      return this.#zlib.inflateSync(bytes, { maxOutputLength: length });
    }
    if (this.#output.length < length) this.#output = new Uint8Array(length);
    this.#stream.reset();
    // An error leaves this value unchanged, and the check below detects it.
    writeState[0] = 1;
    handle.writeSync(
      this.#zlib.constants.Z_FINISH,
      bytes,
      0,
      bytes.length,
      this.#output,
      0,
      length,
    );
    if (writeState[0] !== 0 || writeState[1] !== 0) throw new Error('malformed compressed packet');
    return this.#output.subarray(0, length);
  }
}
