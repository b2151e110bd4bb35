import { ByteBuffer } from './byte-buffer.js';
import { asBuffer, byte } from './bytes.js';

/**
 * Splits chunks of any size into lines. A line within one chunk is a view of the chunk; a line that
 * spans several chunks is copied. A line is valid only until the next one is requested.
 */
export class LineSplitter {
  readonly #stripReturn: boolean;
  /** The parts of the current line. */
  readonly #collected = new ByteBuffer();
  /** Whether the collected line was yielded, so that the next piece starts a new one. */
  #wasHandedOut = false;
  #start = 0;
  #end = 0;

  /** The position in the chunk where the last line begins, unless it begins in an earlier chunk. */
  get lineStart(): number {
    return this.#start;
  }

  /** The position in the chunk where the last line ends, after its newline. */
  get lineEnd(): number {
    return this.#end;
  }

  /** `stripReturn`: remove a carriage return before the newline. */
  constructor(stripReturn: boolean) {
    this.#stripReturn = stripReturn;
  }

  /** Yields the lines that are complete with `chunk`, without their newlines. */
  *split(chunk: Uint8Array): Generator<Uint8Array, void, void> {
    const bytes = asBuffer(chunk);
    let start = 0;
    for (;;) {
      const newline = bytes.indexOf(byte.newline, start);
      if (newline < 0) break;
      this.#start = start;
      this.#end = newline + 1;
      yield this.#stripReturnFrom(this.#addPiece(bytes.subarray(start, newline)));
      start = newline + 1;
    }
    this.#addPiece(bytes.subarray(start));
    this.#collected.copyBorrowed();
    this.#wasHandedOut = false;
  }

  /**
   * Returns the text after the last newline, including a carriage return, or undefined if there is
   * none.
   */
  getLastLine(): Uint8Array | undefined {
    return this.#collected.length === 0 ? undefined : this.#collected.bytes;
  }

  #addPiece(piece: Uint8Array): Uint8Array {
    if (this.#wasHandedOut) this.#collected.clear();
    this.#collected.append(piece);
    this.#wasHandedOut = true;
    return this.#collected.bytes;
  }

  #stripReturnFrom(line: Uint8Array): Uint8Array {
    const endsInReturn = this.#stripReturn && line[line.length - 1] === byte.carriageReturn;
    return endsInReturn ? line.subarray(0, -1) : line;
  }
}
