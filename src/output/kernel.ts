import { headerLength, readPayloadLength } from '../protocol/packets.js';

/** The compiled module of src/wasm/rows.ts in Base64; the build defines it. */
declare const ROWS_WASM: string | undefined;

const emptyOutput = new Uint8Array(0);

/** The exports of src/wasm/rows.ts. */
interface Exports {
  memory: WebAssembly.Memory;
  input: WebAssembly.Global;
  inputSize: WebAssembly.Global;
  output: WebAssembly.Global;
  taken: WebAssembly.Global;
  rows: WebAssembly.Global;
  toTsv(size: number, longest: number, escaped: number, columns: number): number;
  escapeText(size: number): number;
}

/** The part of a chunk that the kernel converted, and the resulting text. */
export interface ConvertedRows {
  /** Offset of the first packet that was not converted. */
  end: number;
  rows: number;
  /** Valid only until the next call. */
  output: Uint8Array;
}

/**
 * Converts rows to tab-separated values in WebAssembly, many rows per call: at some 2 GB per
 * second, where JavaScript reaches 0.4.
 */
export class RowKernel {
  readonly #exports: Exports;
  readonly #input: Uint8Array;
  readonly #output: Uint8Array;
  readonly #taken: WebAssembly.Global;
  readonly #rows: WebAssembly.Global;

  /** `bytes`: the compiled module. Throws if WebAssembly cannot run it. */
  constructor(bytes: Uint8Array<ArrayBuffer>) {
    const module = new WebAssembly.Module(bytes);
    const exports = new WebAssembly.Instance(module).exports as unknown as Exports;
    const { memory, input, inputSize, output, taken, rows } = exports;
    this.#exports = exports;
    this.#input = new Uint8Array(memory.buffer, input.value, inputSize.value);
    this.#output = new Uint8Array(memory.buffer, output.value, 5 * inputSize.value);
    this.#taken = taken;
    this.#rows = rows;
  }

  /**
   * Converts the packets (with their headers) in `bytes[start … end)` to tab-separated values.
   * Stops before the first packet that is not a complete and valid row (see isValidRow) of
   * `columns` cells and at most `longest` bytes.
   */
  toTsv(
    bytes: Uint8Array,
    start: number,
    end: number,
    longest: number,
    columns: number,
    raw: boolean,
  ): ConvertedRows {
    const size = Math.min(end - start, this.#input.length);
    // The first packet is incomplete, so a copy is not worthwhile.
    if (headerLength + readPayloadLength(bytes, start) > size)
      return { end: start, rows: 0, output: emptyOutput };
    this.#input.set(bytes.subarray(start, start + size));
    // The kernel uses 32-bit integers.
    const length = this.#exports.toTsv(size, Math.min(longest, size), raw ? 0 : -1, columns);
    return {
      end: start + this.#taken.value,
      rows: this.#rows.value,
      output: this.#output.subarray(0, length),
    };
  }

  /**
   * Returns `bytes` (at most 128 kB) escaped as a part of a tab-separated value. The result is
   * valid only until the next call.
   */
  escape(bytes: Uint8Array): Uint8Array {
    this.#input.set(bytes);
    return this.#output.subarray(0, this.#exports.escapeText(bytes.length));
  }
}

/** Loading the kernel takes a millisecond; smaller result sets are faster without it. */
const minBytesToLoad = 32 * 1024;

let loadedKernel: RowKernel | 'none' | undefined;

/** Returns the kernel for a result set that has `bytes` bytes so far; undefined: do not use it. */
export type KernelProvider = (bytes: number) => RowKernel | undefined;

/** Returns the kernel of this process, which the first large result set loads. */
export const getBundledKernel: KernelProvider = (bytes) => {
  if (loadedKernel === undefined && bytes > minBytesToLoad) loadedKernel = loadKernel();
  return loadedKernel === 'none' ? undefined : loadedKernel;
};

function loadKernel(): RowKernel | 'none' {
  // Without a build the program runs without the kernel; only the speed differs.
  if (typeof ROWS_WASM === 'undefined') return 'none';
  try {
    return new RowKernel(Buffer.from(ROWS_WASM, 'base64'));
  } catch {
    return 'none';
  }
}
