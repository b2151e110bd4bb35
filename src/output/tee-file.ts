import { closeSync, writeSync } from 'node:fs';
import { findDescriptor, isTerminal } from '../descriptor.js';
import { privateFileMode } from '../files/atomic-file.js';
import { openOwnFile } from '../files/file-owner.js';

/**
 * The output file of `tee`: receives everything that is printed, with the client's bytes. It is
 * created with mode 0600 if it does not exist, because results can be private.
 */
export class TeeFile {
  readonly path: string;
  readonly #onFailure: (error: NodeJS.ErrnoException) => void;
  #descriptor: number | undefined;
  /** Whether this object opened the descriptor and must close it. */
  readonly #isOwned: boolean;

  readonly #prepare: (bytes: Uint8Array) => Uint8Array;

  /**
   * Throws the system's error if the file cannot be opened, and ForeignFileError if it belongs to
   * another user. `onFailure` is called once if a write
   * fails; after that nothing more is written. `sanitize` makes text safe for a terminal, which the
   * path may name, too.
   */
  constructor(
    path: string,
    onFailure: (error: NodeJS.ErrnoException) => void,
    sanitize: (bytes: Uint8Array) => Uint8Array,
  ) {
    this.path = path;
    this.#onFailure = onFailure;
    const inherited = findDescriptor(path);
    this.#isOwned = inherited === undefined;
    this.#descriptor = inherited ?? openOwnFile(path, 'a', privateFileMode);
    this.#prepare = isTerminal(this.#descriptor) ? sanitize : (bytes) => bytes;
  }

  append(text: Uint8Array): void {
    const bytes = this.#prepare(text);
    try {
      for (let writtenBytes = 0; writtenBytes < bytes.length; ) {
        if (this.#descriptor === undefined) return;
        writtenBytes += writeSync(this.#descriptor, bytes, writtenBytes);
      }
    } catch (error) {
      this.close();
      this.#onFailure(error as NodeJS.ErrnoException);
    }
  }

  close(): void {
    if (this.#descriptor !== undefined && this.#isOwned) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }
}
