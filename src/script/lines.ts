import { ByteBuffer } from './byte-buffer.js';
import { asBuffer, byte } from './bytes.js';

/**
 * Cuts chunks of any size into lines. A line within a chunk is a view of it; one that reaches
 * over several is collected. A line is good until the next one is asked for.
 */
export class Lines {
  readonly #cutReturn: boolean;
  readonly #partial = new ByteBuffer();
  #lent = false;
  #start = 0;
  #end = 0;

  /** Where in the chunk the line just given begins, unless a chunk before it holds its beginning. */
  get start(): number {
    return this.#start;
  }

  /** Where in the chunk the line just given ends, its newline included. */
  get end(): number {
    return this.#end;
  }

  /** `cutReturn`: a carriage return before the newline is no part of the line. */
  constructor(cutReturn: boolean) {
    this.#cutReturn = cutReturn;
  }

  /** Gives the lines that `chunk` completes, without their newline. */
  *split(chunk: Uint8Array): Generator<Uint8Array, void, void> {
    const bytes = asBuffer(chunk);
    let start = 0;
    for (;;) {
      const newline = bytes.indexOf(byte.newline, start);
      if (newline < 0) break;
      this.#start = start;
      this.#end = newline + 1;
      yield this.#cut(this.#join(bytes.subarray(start, newline)));
      start = newline + 1;
    }
    this.#join(bytes.subarray(start));
    this.#partial.own();
    this.#lent = false;
  }

  /** What follows the last newline; undefined if nothing does. Its carriage return stays. */
  rest(): Uint8Array | undefined {
    return this.#partial.length === 0 ? undefined : this.#partial.bytes;
  }

  #join(piece: Uint8Array): Uint8Array {
    if (this.#lent) this.#partial.clear();
    this.#partial.append(piece);
    this.#lent = true;
    return this.#partial.bytes;
  }

  #cut(line: Uint8Array): Uint8Array {
    const returned = this.#cutReturn && line[line.length - 1] === byte.carriageReturn;
    return returned ? line.subarray(0, -1) : line;
  }
}
