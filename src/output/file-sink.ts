import {
  closeSync,
  fchmodSync,
  fsyncSync,
  openSync,
  readdirSync,
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
 * is replaced; what is no file (`/dev/null`) is written to as it is.
 */
export class FileSink implements Sink {
  readonly #path: string;
  /** Undefined: what is written goes to `#path` itself. */
  readonly #beside: string | undefined;
  #fd: number | undefined;

  /** Throws OutputError with the system's code where no file can be made there. */
  constructor(path: string) {
    const stat = failing(() => statSync(path, { throwIfNoEntry: false }));
    if (stat?.isDirectory()) throw new OutputError('EISDIR');
    this.#path = path;
    if (stat !== undefined && !stat.isFile()) {
      this.#fd = failing(() => openSync(path, 'w'));
      return;
    }
    this.#path = stat === undefined ? path : failing(() => realpathSync(path));
    const random = Math.random().toString(36).slice(2, 8);
    const name = `.${basename(this.#path)}.${process.pid}-${random}.part`;
    const beside = join(dirname(this.#path), name);
    this.#beside = beside;
    this.#fd = failing(() => openSync(beside, 'wx', onlyTheUser));
    // The mode that openSync takes is less the umask.
    if (stat !== undefined) this.#orDiscard((fd) => fchmodSync(fd, stat.mode & 0o777));
  }

  /** After the end nothing is written any more, without an error: a signal ends a run at any moment. */
  async write(bytes: Uint8Array): Promise<void> {
    if (this.#fd !== undefined) writeAll(this.#fd, bytes);
  }

  /** All was written: the file gets its name. Throws OutputError, and then nothing is left. */
  finish(): void {
    this.#orDiscard((fd) => {
      // Else a crash of the machine could leave the name without the content.
      if (this.#beside !== undefined) fsyncSync(fd);
      this.#fd = undefined;
      closeSync(fd);
      if (this.#beside !== undefined) renameSync(this.#beside, this.#path);
    });
  }

  /** Something went wrong: nothing is left, and a file of that name is as it was. */
  discard(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
    if (this.#beside !== undefined) rmSync(this.#beside, { force: true });
  }

  #orDiscard(act: (fd: number) => void): void {
    const fd = this.#fd;
    if (fd === undefined) return;
    try {
      failing(() => act(fd));
    } catch (error) {
      this.discard();
      throw error;
    }
  }
}

/**
 * Removes what killed runs have left beside a file that they were making, as far as that can be done.
 * What a living process is writing stays.
 */
export function removeLeftBeside(path: string): void {
  try {
    const there = statSync(path, { throwIfNoEntry: false }) !== undefined;
    const whole = there ? realpathSync(path) : path;
    const [before, after] = [`.${basename(whole)}.`, '.part'];
    for (const name of readdirSync(dirname(whole))) {
      if (!name.startsWith(before) || !name.endsWith(after)) continue;
      const [, pid] = /^(\d+)-[a-z\d]+$/.exec(name.slice(before.length, -after.length)) ?? [];
      if (pid !== undefined && !isAlive(Number(pid))) rmSync(join(dirname(whole), name));
    }
  } catch {
    // The folder may be written but not read: the file itself can still be made.
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is somebody else's.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
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
