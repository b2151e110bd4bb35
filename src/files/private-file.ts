import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  openSync,
  readSync,
  realpathSync,
  renameSync,
  statSync,
  unlinkSync,
} from 'node:fs';
import { isErrno } from '../system-error.js';
import { writeAll } from './write-all.js';

/** Bytes. No owner types a larger history file, and reading one would delay the prompt. */
const maxFileSize = 64 << 20;

/**
 * Opens a file that only its owner may read or write, and returns its descriptor. A file with a wider
 * mode gets mode 0600, as does a file that is created. Returns undefined if there is no such file and
 * `flags` do not create it, or if it is a character device such as /dev/null, which stores nothing.
 * Throws an Error, whose message is the reason, if the file cannot be opened, its mode cannot be
 * changed, it is not a regular file, or it is larger than 64 MiB.
 */
export function openPrivateFile(path: string, flags: number): number | undefined {
  let fd: number;
  try {
    // Without O_NONBLOCK, opening a named pipe would block the program.
    fd = openSync(path, flags | constants.O_NONBLOCK, 0o600);
  } catch (error) {
    if (isErrno(error) && error.code === 'ENOENT' && !(flags & constants.O_CREAT)) return undefined;
    throw error;
  }
  try {
    const stat = fstatSync(fd);
    if (stat.isCharacterDevice()) {
      closeSync(fd);
      return undefined;
    }
    if (!stat.isFile()) throw new Error('it is not a regular file');
    if (stat.size > maxFileSize) throw new Error('it is larger than 64 MiB');
    if (stat.mode & 0o077) fchmodSync(fd, 0o600);
    return fd;
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

/** Returns the bytes from `position` to the end of the file. */
export function readToEnd(fd: number, position: number): Buffer {
  return readRange(fd, position, Math.max(0, fstatSync(fd).size - position));
}

/** Returns `length` bytes from `position` on, or fewer if the file ends before. */
export function readRange(fd: number, position: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const read = readSync(fd, bytes, filled, length - filled, position + filled);
    if (read === 0) break;
    filled += read;
  }
  return bytes.subarray(0, filled);
}

/** Seconds after which a temporary file counts as abandoned by a killed program. */
const staleAfterSeconds = 60;

/**
 * Replaces the content of the file at `path` with `parts`, through a temporary file in the same
 * directory. The caller has read the first `length` bytes of the file through `fd`; bytes that other
 * programs append meanwhile are copied to the new file. A symbolic link stays a symbolic link.
 *
 * Returns false, and changes nothing, if another program is replacing the file or has replaced it, or
 * if the file belongs to another user, since the new file would belong to this one. Throws the
 * system's errors.
 *
 * AtomicFile cannot be used here: the name of the temporary file is a lock among all programs, and the
 * descriptor has to stay open for the bytes that are copied afterwards.
 */
export function replaceFile(
  path: string,
  fd: number,
  length: number,
  parts: readonly Uint8Array[],
): boolean {
  if (fstatSync(fd).uid !== process.geteuid?.()) return false;
  const realPath = realpathSync(path);
  const temporaryPath = `${realPath}.tmp`;
  // All programs use the same temporary name, so only one replaces the file at a time.
  const temporaryFd = openTemporaryFile(temporaryPath);
  if (temporaryFd === undefined) return false;
  let isRenamed = false;
  try {
    if (!isSameFile(path, fd)) return false;
    for (const part of parts) writeAll(temporaryFd, part);
    renameSync(temporaryPath, realPath);
    isRenamed = true;
    writeAll(temporaryFd, readToEnd(fd, length));
    return true;
  } finally {
    if (!isRenamed) unlinkSync(temporaryPath);
    closeSync(temporaryFd);
  }
}

/** Returns whether `path` still names the file that is open as `fd`. */
export function isSameFile(path: string, fd: number): boolean {
  const [named, opened] = [statSync(path, { throwIfNoEntry: false }), fstatSync(fd)];
  return named !== undefined && named.ino === opened.ino && named.dev === opened.dev;
}

/**
 * Creates the temporary file and returns its descriptor; undefined if another program has created it
 * less than `staleAfterSeconds` ago.
 */
function openTemporaryFile(path: string): number | undefined {
  const { O_APPEND, O_CREAT, O_EXCL, O_RDWR } = constants;
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat !== undefined) {
    if (Date.now() - stat.mtimeMs < staleAfterSeconds * 1000) return undefined;
    unlinkSync(path);
  }
  try {
    return openSync(path, O_APPEND | O_CREAT | O_EXCL | O_RDWR, 0o600);
  } catch (error) {
    if (isErrno(error) && error.code === 'EEXIST') return undefined;
    throw error;
  }
}
