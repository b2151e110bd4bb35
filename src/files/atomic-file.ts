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
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { writeAll } from './write-all.js';

/** Who may read a new file: the data is private. */
export const ownerOnly = 0o600;

/**
 * A file that comes into being whole: what is written lies beside it under another name until
 * `finish`. Its mode is 0600, or that of the file which it replaces. A link leads to the file that
 * is replaced; what is no file (`/dev/null`) is written to as it is.
 *
 * All methods throw the system's errors (NodeJS.ErrnoException).
 */
export class AtomicFile {
  readonly #path: string;
  /** Undefined: what is written goes to `#path` itself. */
  readonly #beside: string | undefined;
  #fd: number | undefined;

  /** `isPrivate`: its mode is 0600 whatever it replaces. */
  constructor(path: string, isPrivate = false) {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat !== undefined && !stat.isFile()) {
      this.#path = path;
      this.#fd = openSync(path, 'w');
      return;
    }
    this.#path = stat === undefined ? path : realpathSync(path);
    const random = Math.random().toString(36).slice(2, 8);
    const name = `.${basename(this.#path)}.${process.pid}-${random}.part`;
    this.#beside = join(dirname(this.#path), name);
    this.#fd = openSync(this.#beside, 'wx', ownerOnly);
    // The mode that openSync takes is less the umask.
    if (stat !== undefined && !isPrivate)
      this.#orDiscard((fd) => fchmodSync(fd, stat.mode & 0o777));
  }

  /** After the end nothing is written any more, without an error: a signal ends a run at any moment. */
  write(bytes: Uint8Array): void {
    if (this.#fd !== undefined) writeAll(this.#fd, bytes);
  }

  /** All was written: the file gets its name. If it throws, nothing is left. */
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
      act(fd);
    } catch (error) {
      this.discard();
      throw error;
    }
  }
}

/** Makes a file of a text that its owner alone may read, whole or not at all: see AtomicFile. */
export function writePrivateFile(path: string, text: string): void {
  const file = new AtomicFile(path, true);
  try {
    file.write(Buffer.from(text));
  } catch (error) {
    file.discard();
    throw error;
  }
  file.finish();
}

/**
 * Removes what killed runs have left beside a file that they were making, as far as that can be done.
 * What a living process is writing stays.
 */
export function removeAbandoned(path: string): void {
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
    // The directory may be written but not read: the file itself can still be made.
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
