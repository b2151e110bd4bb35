import { headerLength, payloadLength } from '../protocol/packets.js';

/** Set by the build: the module that src/wasm/rows.ts is compiled to, in Base64. */
declare const ROWS_WASM: string | undefined;

const nothing = new Uint8Array(0);

/** What src/wasm/rows.ts exports. */
interface Exports {
  memory: WebAssembly.Memory;
  input: WebAssembly.Global;
  inputSize: WebAssembly.Global;
  output: WebAssembly.Global;
  taken: WebAssembly.Global;
  rows: WebAssembly.Global;
  toTsv(size: number, longest: number, escaped: number): number;
  escapeText(size: number): number;
}

/** How much of what was given was taken, and what came of it. */
export interface ConvertedRows {
  /** Where the first packet begins that was not taken. */
  end: number;
  rows: number;
  /** Lent until the next call. */
  output: Uint8Array;
}

/**
 * The part of this program that is compiled to WebAssembly: takes rows by the chunk, at some 2 GB a
 * second, where JavaScript does 0.4.
 */
export class RowKernel {
  readonly #exports: Exports;
  readonly #input: Uint8Array;
  readonly #output: Uint8Array;
  readonly #taken: WebAssembly.Global;
  readonly #rows: WebAssembly.Global;

  /** Takes the compiled module. Throws where WebAssembly cannot run it. */
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
   * Writes rows as tab-separated values, from packets with their headers in `bytes[start … end)`.
   * Stops before whatever is no whole and sound row of at most `longest` bytes.
   */
  toTsv(
    bytes: Uint8Array,
    start: number,
    end: number,
    longest: number,
    raw: boolean,
  ): ConvertedRows {
    const size = Math.min(end - start, this.#input.length);
    // Not worth a copy.
    if (headerLength + payloadLength(bytes, start) > size)
      return { end: start, rows: 0, output: nothing };
    this.#input.set(bytes.subarray(start, start + size));
    // The kernel counts in 32 bits.
    const length = this.#exports.toTsv(size, Math.min(longest, size), raw ? 0 : -1);
    return {
      end: start + this.#taken.value,
      rows: this.#rows.value,
      output: this.#output.subarray(0, length),
    };
  }

  /** `bytes`, at most 128 kB, as a part of a cell of tab-separated values; lent until the next call. */
  escape(bytes: Uint8Array): Uint8Array {
    this.#input.set(bytes);
    return this.#output.subarray(0, this.#exports.escapeText(bytes.length));
  }
}

/** Loading takes a millisecond: a result set of fewer bytes than this is written sooner without. */
const worthLoading = 32 * 1024;

let loaded: RowKernel | 'none' | undefined;

/** Gives the kernel to a result set of which so many bytes have come; undefined: do without. */
export type KernelFor = (bytes: number) => RowKernel | undefined;

/** The one kernel of this process, loaded by the first result set that is large enough. */
export const builtKernel: KernelFor = (bytes) => {
  if (loaded === undefined && bytes > worthLoading) loaded = load();
  return loaded === 'none' ? undefined : loaded;
};

function load(): RowKernel | 'none' {
  // Unbuilt, the program runs without it: nothing but the speed differs.
  if (typeof ROWS_WASM === 'undefined') return 'none';
  try {
    return new RowKernel(Buffer.from(ROWS_WASM, 'base64'));
  } catch {
    return 'none';
  }
}
