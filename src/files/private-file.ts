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

/** A larger file was not typed by its owner; reading it would hold up the prompt. */
const largest = 64 << 20;

/**
 * Opens a file that nobody but its owner may read or write: one that has more rights is narrowed to
 * 0600, and one that is made gets that mode. Undefined if there is none, or if it is a device such as
 * /dev/null, which keeps nothing. Throws an Error, whose message is the reason, for what cannot be
 * opened or narrowed, is no file, or is larger than 64 MiB.
 */
export function openPrivate(path: string, flags: number): number | undefined {
  let fd: number;
  try {
    // A named pipe would hold up the program without O_NONBLOCK.
    fd = openSync(path, flags | constants.O_NONBLOCK, 0o600);
  } catch (error) {
    if (isErrno(error) && error.code === 'ENOENT' && !(flags & constants.O_CREAT)) return undefined;
    throw error;
  }
  try {
    const found = fstatSync(fd);
    if (found.isCharacterDevice()) {
      closeSync(fd);
      return undefined;
    }
    if (!found.isFile()) throw new Error('it is no regular file');
    if (found.size > largest) throw new Error('it is larger than 64 MiB');
    if (found.mode & 0o077) fchmodSync(fd, 0o600);
    return fd;
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

/** All bytes from `position` to the end. */
export function readFrom(fd: number, position: number): Buffer {
  return readAt(fd, position, Math.max(0, fstatSync(fd).size - position));
}

/** The bytes from `position` on, `length` of them or as many as there are. */
export function readAt(fd: number, position: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  let at = 0;
  while (at < length) {
    const read = readSync(fd, bytes, at, length - at, position + at);
    if (read === 0) break;
    at += read;
  }
  return bytes.subarray(0, at);
}

/** Seconds after which a temporary file is one that was left behind. */
const longestReplacement = 60;

/**
 * Puts `parts` in the place of the file at `path`, of which `fd` read the first `length` bytes,
 * through a temporary file beside it. A symbolic link stays one. What other programs append
 * meanwhile to the file that is replaced is carried over. False, and nothing is done, if another
 * program replaces or replaced it, or if it is another user's, since the new one would be ours.
 *
 * No AtomicFile: the temporary file's name is a lock among all programs, and the descriptor stays open
 * for what is carried over.
 */
export function replaceFile(
  path: string,
  fd: number,
  length: number,
  parts: readonly Uint8Array[],
): boolean {
  if (fstatSync(fd).uid !== process.geteuid?.()) return false;
  const place = realpathSync(path);
  const temporary = `${place}.tmp`;
  // It has one name for all programs, so that one replaces the file at a time.
  const made = openNew(temporary);
  if (made === undefined) return false;
  let isInPlace = false;
  try {
    if (!isAt(path, fd)) return false;
    for (const part of parts) writeAll(made, part);
    renameSync(temporary, place);
    isInPlace = true;
    writeAll(made, readFrom(fd, length));
    return true;
  } finally {
    if (!isInPlace) unlinkSync(temporary);
    closeSync(made);
  }
}

/** Tells whether the file that is open as `fd` is the one that has the name now. */
export function isAt(path: string, fd: number): boolean {
  const [named, opened] = [statSync(path, { throwIfNoEntry: false }), fstatSync(fd)];
  return named !== undefined && named.ino === opened.ino && named.dev === opened.dev;
}

function openNew(path: string): number | undefined {
  const { O_APPEND, O_CREAT, O_EXCL, O_RDWR } = constants;
  const found = statSync(path, { throwIfNoEntry: false });
  if (found !== undefined) {
    if (Date.now() - found.mtimeMs < longestReplacement * 1000) return undefined;
    unlinkSync(path);
  }
  try {
    return openSync(path, O_APPEND | O_CREAT | O_EXCL | O_RDWR, 0o600);
  } catch (error) {
    if (isErrno(error) && error.code === 'EEXIST') return undefined;
    throw error;
  }
}
