import {
  closeSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { OutputError, type Sink } from './sink.js';

/** Who may read a new file: the data is private. */
const onlyTheUser = 0o600;

/**
 * A file that comes into being whole: what is written lies beside it under another name until
 * `finish`. Its mode is 0600, or that of the file which it replaces. A link leads to the file that
 * is replaced; what is no file (`/dev/null`, a named pipe) is written to as it is.
 */
export class FileSink implements Sink {
  readonly #path: string;
  /** Undefined: what is written goes to `#path` itself. */
  readonly #beside: string | undefined;
  readonly #fd: number;

  /** Throws OutputError with the system's code where no file can be made there. */
  constructor(path: string) {
    const stat = failing(() => statSync(path, { throwIfNoEntry: false }));
    if (stat?.isDirectory()) throw new OutputError('EISDIR');
    if (stat !== undefined && !stat.isFile()) {
      this.#path = path;
      this.#fd = failing(() => openSync(path, 'w'));
      return;
    }
    const target = stat === undefined ? path : failing(() => realpathSync(path));
    const beside = join(dirname(target), `.${basename(target)}.${process.pid}.part`);
    this.#path = target;
    this.#beside = beside;
    const mode = stat === undefined ? onlyTheUser : stat.mode & 0o777;
    this.#fd = failing(() => openSync(beside, 'wx', mode));
  }

  async write(bytes: Uint8Array): Promise<void> {
    writeAll(this.#fd, bytes);
  }

  /** All was written: the file gets its name. Throws OutputError. */
  finish(): void {
    const beside = this.#beside;
    failing(() => {
      closeSync(this.#fd);
      if (beside !== undefined) renameSync(beside, this.#path);
    });
  }

  /** Something went wrong: nothing is left, and a file of that name is as it was. */
  discard(): void {
    closeSync(this.#fd);
    if (this.#beside !== undefined) rmSync(this.#beside, { force: true });
  }
}

/** Adds to the end of a file, which is made (mode 0600) if there is none. */
export class AppendingSink implements Sink {
  readonly #fd: number;

  /** Throws OutputError where the file cannot be opened. */
  constructor(path: string) {
    this.#fd = failing(() => openSync(path, 'a', onlyTheUser));
  }

  async write(bytes: Uint8Array): Promise<void> {
    writeAll(this.#fd, bytes);
  }

  close(): void {
    closeSync(this.#fd);
  }
}

function writeAll(fd: number, bytes: Uint8Array): void {
  failing(() => {
    for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
  });
}

function failing<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (error instanceof OutputError) throw error;
    throw new OutputError((error as NodeJS.ErrnoException).code ?? 'EIO');
  }
}
