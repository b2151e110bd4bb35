import { closeSync, statSync } from 'node:fs';
import { AtomicFile, privateFileMode } from '../files/atomic-file.js';
import { openOwnFile } from '../files/file-owner.js';
import { writeAll } from '../files/write-all.js';
import { OutputError, type Sink, withOutputErrors } from './sink.js';

/**
 * A sink for a file that gets its name only when it is complete: see AtomicFile. All methods throw
 * or reject with OutputError.
 */
export class FileSink implements Sink {
  readonly #file: AtomicFile;

  constructor(path: string) {
    this.#file = withOutputErrors(() => {
      const isDirectory = statSync(path, { throwIfNoEntry: false })?.isDirectory();
      if (isDirectory) throw new OutputError('EISDIR');
      return new AtomicFile(path);
    });
  }

  async write(bytes: Uint8Array): Promise<void> {
    withOutputErrors(() => this.#file.write(bytes));
  }

  finish(): void {
    withOutputErrors(() => this.#file.finish());
  }

  discard(): void {
    this.#file.discard();
  }
}

/** A sink that appends to a file, and creates it (mode 0600) if it does not exist. */
export class AppendingSink implements Sink {
  readonly #fd: number;

  /** Throws OutputError if the file cannot be opened or belongs to another user. */
  constructor(path: string) {
    this.#fd = withOutputErrors(() => openOwnFile(path, 'a', privateFileMode));
  }

  async write(bytes: Uint8Array): Promise<void> {
    withOutputErrors(() => writeAll(this.#fd, bytes));
  }

  close(): void {
    closeSync(this.#fd);
  }
}
