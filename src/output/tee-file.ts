import { closeSync, openSync, writeSync } from 'node:fs';
import { findDescriptor } from '../descriptor.js';
import { dimOff, dimOn } from './cell-count.js';

/** Length of the longer dimming sequence; a partial one at the end of a chunk is shorter. */
const maxDimmingLength = Math.max(dimOn.length, dimOff.length);

/**
 * The output file of `tee`: receives everything that is printed, as plain text without the dimming
 * sequences. It is created with mode 0600 if it does not exist, because results can be private.
 */
export class TeeFile {
  readonly path: string;
  readonly #onFailure: (error: NodeJS.ErrnoException) => void;
  #descriptor: number | undefined;
  /** Whether this object opened the descriptor and must close it. */
  readonly #isOwned: boolean;
  /** Bytes at the end of the last chunk that may be the start of a dimming sequence. */
  #partialSequence: Buffer = Buffer.alloc(0);

  /**
   * Throws the system's error if the file cannot be opened. `onFailure` is called once if a write
   * fails; after that nothing more is written.
   */
  constructor(path: string, onFailure: (error: NodeJS.ErrnoException) => void) {
    this.path = path;
    this.#onFailure = onFailure;
    const inherited = findDescriptor(path);
    this.#isOwned = inherited === undefined;
    this.#descriptor = inherited ?? openSync(path, 'a', 0o600);
  }

  append(bytes: Uint8Array): void {
    if (this.#descriptor === undefined) return;
    const plain = removeDimming(Buffer.concat([this.#partialSequence, bytes]));
    const cut = findPartialDimming(plain);
    this.#partialSequence = Buffer.from(plain.subarray(cut));
    this.#write(plain.subarray(0, cut));
  }

  close(): void {
    this.#write(this.#partialSequence);
    this.#close();
  }

  #close(): void {
    if (this.#descriptor !== undefined && this.#isOwned) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  #write(bytes: Uint8Array): void {
    try {
      for (let writtenBytes = 0; writtenBytes < bytes.length; ) {
        if (this.#descriptor === undefined) return;
        writtenBytes += writeSync(this.#descriptor, bytes, writtenBytes);
      }
    } catch (error) {
      this.#close();
      this.#onFailure(error as NodeJS.ErrnoException);
    }
  }
}

function removeDimming(bytes: Buffer): Buffer {
  const parts: Buffer[] = [];
  let copiedUpTo = 0;
  for (
    let position = bytes.indexOf(0x1b);
    position >= 0;
    position = bytes.indexOf(0x1b, position + 1)
  ) {
    const found = [dimOn, dimOff].find((sequence) =>
      bytes.subarray(position, position + sequence.length).equals(sequence),
    );
    if (found === undefined) continue;
    parts.push(bytes.subarray(copiedUpTo, position));
    copiedUpTo = position + found.length;
    position = copiedUpTo - 1;
  }
  return copiedUpTo === 0 ? bytes : Buffer.concat([...parts, bytes.subarray(copiedUpTo)]);
}

/** Returns the offset of an incomplete dimming sequence at the end; `bytes.length` if none. */
function findPartialDimming(bytes: Buffer): number {
  const position = bytes.lastIndexOf(0x1b);
  if (position < 0 || bytes.length - position >= maxDimmingLength) return bytes.length;
  const rest = bytes.subarray(position);
  const isPartial = [dimOn, dimOff].some((sequence) =>
    sequence.subarray(0, rest.length).equals(rest),
  );
  return isPartial ? position : bytes.length;
}
