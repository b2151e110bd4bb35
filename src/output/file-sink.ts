import { closeSync, openSync, statSync } from 'node:fs';
import { AtomicFile, ownerOnly } from '../files/atomic-file.js';
import { writeAll } from '../files/write-all.js';
import { OutputError, type Sink } from './sink.js';

/** A file that comes into being whole: see AtomicFile. All methods fail with an OutputError. */
export class FileSink implements Sink {
  readonly #file: AtomicFile;

  constructor(path: string) {
    this.#file = failing(() => {
      const isDirectory = statSync(path, { throwIfNoEntry: false })?.isDirectory();
      if (isDirectory) throw new OutputError('EISDIR');
      return new AtomicFile(path);
    });
  }

  async write(bytes: Uint8Array): Promise<void> {
    failing(() => this.#file.write(bytes));
  }

  finish(): void {
    failing(() => this.#file.finish());
  }

  discard(): void {
    this.#file.discard();
  }
}

/** Adds to the end of a file, which is made (mode 0600) if there is none. */
export class AppendingSink implements Sink {
  readonly #fd: number;

  /** Throws OutputError where the file cannot be opened. */
  constructor(path: string) {
    this.#fd = failing(() => openSync(path, 'a', ownerOnly));
  }

  async write(bytes: Uint8Array): Promise<void> {
    failing(() => writeAll(this.#fd, bytes));
  }

  close(): void {
    closeSync(this.#fd);
  }
}

function failing<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (error instanceof OutputError) throw error;
    throw new OutputError((error as NodeJS.ErrnoException).code ?? 'EIO');
  }
}
