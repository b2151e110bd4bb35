import { closeSync, openSync, writeSync } from 'node:fs';
import { descriptorOf } from '../descriptor.js';
import { dimOff, dimOn } from './cell-count.js';

/** Longer than the beginning of a dimming that a piece may end with. */
const longestDimming = Math.max(dimOn.length, dimOff.length);

/**
 * A file that everything printed is appended to, as plain text: what dims on the terminal is left
 * out. Made with mode 0600 if it is not there, since results may be nobody else's business.
 */
export class TeeFile {
  readonly path: string;
  readonly #onFailure: (error: NodeJS.ErrnoException) => void;
  #descriptor: number | undefined;
  /** We opened the descriptor. */
  readonly #isOurs: boolean;
  /** The end of what was appended, which may be the beginning of a dimming. */
  #held: Buffer = Buffer.alloc(0);

  /**
   * Throws the system's error if the file cannot be opened. `onFailure`: writing failed, and nothing
   * more is going to be written.
   */
  constructor(path: string, onFailure: (error: NodeJS.ErrnoException) => void) {
    this.path = path;
    this.#onFailure = onFailure;
    const given = descriptorOf(path);
    this.#isOurs = given === undefined;
    this.#descriptor = given ?? openSync(path, 'a', 0o600);
  }

  append(bytes: Uint8Array): void {
    if (this.#descriptor === undefined) return;
    const plain = withoutDimming(Buffer.concat([this.#held, bytes]));
    const cut = beginningAtEnd(plain);
    this.#held = Buffer.from(plain.subarray(cut));
    this.#write(plain.subarray(0, cut));
  }

  close(): void {
    this.#write(this.#held);
    this.#close();
  }

  #close(): void {
    if (this.#descriptor !== undefined && this.#isOurs) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  #write(bytes: Uint8Array): void {
    try {
      for (let done = 0; done < bytes.length; ) {
        if (this.#descriptor === undefined) return;
        done += writeSync(this.#descriptor, bytes, done);
      }
    } catch (error) {
      this.#close();
      this.#onFailure(error as NodeJS.ErrnoException);
    }
  }
}

function withoutDimming(bytes: Buffer): Buffer {
  const parts: Buffer[] = [];
  let from = 0;
  for (let at = bytes.indexOf(0x1b); at >= 0; at = bytes.indexOf(0x1b, at + 1)) {
    const found = [dimOn, dimOff].find((it) => bytes.subarray(at, at + it.length).equals(it));
    if (found === undefined) continue;
    parts.push(bytes.subarray(from, at));
    from = at + found.length;
    at = from - 1;
  }
  return from === 0 ? bytes : Buffer.concat([...parts, bytes.subarray(from)]);
}

/** Where a dimming begins that the text's end cuts off; its length if there is none. */
function beginningAtEnd(bytes: Buffer): number {
  const at = bytes.lastIndexOf(0x1b);
  if (at < 0 || bytes.length - at >= longestDimming) return bytes.length;
  const rest = bytes.subarray(at);
  const begins = [dimOn, dimOff].some((it) => it.subarray(0, rest.length).equals(rest));
  return begins ? at : bytes.length;
}
