import {
  closeSync,
  constants,
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
import { isOwnFile, openOwnFile } from './file-owner.js';
import { writeAll } from './write-all.js';

/** The mode of new files. Only the owner may read them, because the data is private. */
export const privateFileMode = 0o600;

/**
 * A file that is written atomically: the bytes go into a temporary file in the same directory, which
 * `finish` renames to the final name. The mode is 0600, or the mode of the file that is replaced if
 * that belongs to this user. If the path is a symbolic link, its target is replaced. A non-regular file
 * such as `/dev/null` is written in place.
 *
 * All methods throw the system's errors (NodeJS.ErrnoException); the constructor throws
 * ForeignFileError for a pipe or a device of another user.
 */
export class AtomicFile {
  readonly #path: string;
  /** The temporary file; undefined if `#path` is written in place. */
  readonly #temporaryPath: string | undefined;
  #fd: number | undefined;

  /** `isPrivate`: use mode 0600 even if the replaced file has another mode. */
  constructor(path: string, isPrivate = false) {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat !== undefined && !stat.isFile()) {
      this.#path = path;
      // Without O_NONBLOCK, a pipe without a reader would block the program.
      this.#fd = openOwnFile(path, constants.O_WRONLY | constants.O_NONBLOCK);
      return;
    }
    this.#path = stat === undefined ? path : realpathSync(path);
    const random = Math.random().toString(36).slice(2, 8);
    const name = `.${basename(this.#path)}.${process.pid}-${random}.part`;
    this.#temporaryPath = join(dirname(this.#path), name);
    this.#fd = openSync(this.#temporaryPath, 'wx', privateFileMode);
    // openSync applies the umask to its mode, so the replaced file's mode is set explicitly.
    // Another user who gave his file mode 0666 must not choose the mode of ours.
    if (stat !== undefined && !isPrivate && isOwnFile(stat))
      this.#discardOnError((fd) => fchmodSync(fd, stat.mode & 0o777));
  }

  /** Writes `bytes`. Does nothing after `finish` or `discard`: a signal can end a run at any time. */
  write(bytes: Uint8Array): void {
    if (this.#fd !== undefined) writeAll(this.#fd, bytes);
  }

  /** Completes the file and gives it its final name. If this throws, the temporary file is removed. */
  finish(): void {
    this.#discardOnError((fd) => {
      // Without fsync, a crash of the machine could leave the final name with incomplete content.
      if (this.#temporaryPath !== undefined) fsyncSync(fd);
      this.#fd = undefined;
      closeSync(fd);
      if (this.#temporaryPath !== undefined) renameSync(this.#temporaryPath, this.#path);
    });
  }

  /** Removes the temporary file. A file that already has the final name stays unchanged. */
  discard(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
    if (this.#temporaryPath !== undefined) rmSync(this.#temporaryPath, { force: true });
  }

  #discardOnError(act: (fd: number) => void): void {
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

/**
 * Writes `text` to a file with mode 0600, atomically (see AtomicFile). Throws the system's errors, and
 * then leaves no new file.
 */
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
 * Removes the temporary files that killed runs left next to the file at `path`. Files of processes
 * that still run stay. Ignores the system's errors.
 */
export function removeAbandonedFiles(path: string): void {
  try {
    const exists = statSync(path, { throwIfNoEntry: false }) !== undefined;
    const finalPath = exists ? realpathSync(path) : path;
    const [prefix, suffix] = [`.${basename(finalPath)}.`, '.part'];
    for (const name of readdirSync(dirname(finalPath))) {
      if (!name.startsWith(prefix) || !name.endsWith(suffix)) continue;
      const [, pid] = /^(\d+)-[a-z\d]+$/.exec(name.slice(prefix.length, -suffix.length)) ?? [];
      if (pid !== undefined && !isAlive(Number(pid))) rmSync(join(dirname(finalPath), name));
    }
  } catch {
    // The directory may be writable but not readable; the file itself can still be created.
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM means that the process exists and belongs to another user.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
