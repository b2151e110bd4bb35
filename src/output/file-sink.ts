import { closeSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { OutputError, type Sink } from './sink.js';

/** Who may read a new file: the data is private. */
const onlyTheUser = 0o600;

/**
 * A file that comes into being whole: what is written lies beside it under another name until
 * `finish`. Its mode is 0600, or that of the file which it replaces.
 */
export class FileSink implements Sink {
  readonly #path: string;
  readonly #beside: string;
  readonly #fd: number;

  /** Throws OutputError with the system's code where no file can be made there. */
  constructor(path: string) {
    this.#path = path;
    this.#beside = join(dirname(path), `.${basename(path)}.${process.pid}.part`);
    this.#fd = failing(() => {
      const mode = modeOf(path) ?? onlyTheUser;
      return openSync(this.#beside, 'wx', mode);
    });
  }

  async write(bytes: Uint8Array): Promise<void> {
    writeAll(this.#fd, bytes);
  }

  /** All was written: the file gets its name. Throws OutputError. */
  finish(): void {
    failing(() => {
      closeSync(this.#fd);
      renameSync(this.#beside, this.#path);
    });
  }

  /** Something went wrong: nothing is left, and a file of that name is as it was. */
  discard(): void {
    closeSync(this.#fd);
    rmSync(this.#beside, { force: true });
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

/** The mode of a file that is there, without its kind; of a device or a folder, an error follows. */
function modeOf(path: string): number | undefined {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat?.isDirectory()) throw new OutputError('EISDIR');
  return stat && stat.mode & 0o777;
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
