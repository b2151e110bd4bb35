import { closeSync, constants, fstatSync } from 'node:fs';
import {
  isSameFile,
  openPrivateFile,
  readRange,
  readToEnd,
  replaceFile,
} from '../files/private-file.js';
import { writeAll } from '../files/write-all.js';
import { describeError } from '../system-error.js';
import { escapeEntry, unescapeLines } from './history-escapes.js';

/** The first line of libedit's history files. */
const headerText = '_HiStOrY_V2_';
const header = Buffer.from(`${headerText}\n`);
/**
 * A longer entry stays in memory, but is not written: it was probably pasted, and every start would
 * have to read it.
 */
const maxEntryBytes = 256 << 10;

/**
 * The history file, in the format that `mariadb` 10.11 reads and writes: libedit's header, then one
 * line per entry. Several programs may append at a time: each entry is one write to the end of the
 * file that has the name at that moment, because `mariadb` replaces the file when it exits. It writes
 * the entries that it knew, so entries that others added meanwhile are lost, as they are between two
 * `mariadb` processes.
 *
 * Only the owner may read the file: if others can, its mode is changed to 0600, as `mariadb` does
 * too. If that fails, the file is not used.
 */
export class HistoryFile {
  readonly #path: string;
  readonly #warn: (problem: string) => void;
  #isUsable = true;

  /** `warn` is called at most once, with the reason why the file is not, or no longer, used. */
  constructor(path: string, warn: (problem: string) => void) {
    this.#path = path;
    this.#warn = warn;
  }

  /**
   * Reads the lines of the latest `limit` entries. Returns a function that decodes them, the oldest
   * first; decoding takes longer than reading. A file with more than 1.25 times `limit` entries is
   * shortened to `limit`.
   */
  read(limit: number): () => string[] {
    let entries = (): string[] => [];
    this.#attempt('read', () => {
      const fd = openPrivateFile(this.#path, constants.O_RDONLY);
      if (fd === undefined) return;
      try {
        const bytes = readToEnd(fd, 0);
        const encoded = isEncoded(bytes);
        const lines = encoded ? bytes.subarray(header.length) : bytes;
        const latest = latestLines(lines, limit);
        entries = () => (encoded ? decodeLines(latest) : splitPlainLines(latest));
        const isLong = latest !== lines && latestLines(lines, limit * 1.25) !== lines;
        if (encoded && isLong) this.#shorten(fd, bytes.length, latest);
      } finally {
        closeSync(fd);
      }
    });
    return entries;
  }

  /** Adds an entry at the end, in one write. */
  append(entry: string): void {
    const line = Buffer.from(`${escapeEntry(entry)}\n`);
    if (line.length > maxEntryBytes) return;
    this.#attempt('write', () => {
      // Writes again if another program replaced the file meanwhile, without the entry.
      if (!this.#write(line, false)) this.#write(line, true);
    });
  }

  /** Returns false if the file that was written to no longer has the name. */
  #write(line: Buffer, unlessPresent: boolean): boolean {
    const fd = this.#openToAppend();
    if (fd === undefined) return true;
    try {
      if (unlessPresent && readToEnd(fd, 0).includes(line)) return true;
      writeAll(fd, Buffer.concat([missingPrefix(fd), line]));
      return isSameFile(this.#path, fd);
    } finally {
      closeSync(fd);
    }
  }

  /**
   * Opens the file for appending. First converts a file of plain lines, as GNU readline writes it, to
   * libedit's format: `mariadb` cannot read a file without the header, and empties it.
   */
  #openToAppend(): number | undefined {
    const flags = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT;
    const fd = openPrivateFile(this.#path, flags);
    if (fd === undefined) return undefined;
    const first = readRange(fd, 0, header.length);
    if (first.length === 0 || isEncoded(first)) return fd;
    try {
      const bytes = readToEnd(fd, 0);
      const lines = splitPlainLines(bytes).map((line) => `${escapeEntry(line)}\n`);
      if (!replaceFile(this.#path, fd, bytes.length, [header, Buffer.from(lines.join(''))])) {
        throw new Error("it is not in the client's format");
      }
    } finally {
      closeSync(fd);
    }
    return openPrivateFile(this.#path, flags);
  }

  #shorten(fd: number, length: number, lines: Buffer): void {
    try {
      replaceFile(this.#path, fd, length, [header, lines]);
    } catch {
      // The directory is not writable: the file stays long, and the next start tries again.
    }
  }

  #attempt(operation: 'read' | 'write', action: () => void): void {
    if (!this.#isUsable) return;
    try {
      action();
    } catch (error) {
      this.#isUsable = false;
      this.#warn(
        `cannot ${operation} the history file '${this.#path}' (${describeError(error)}); ` +
          'statements are recalled until the end of this session only',
      );
    }
  }
}

function isEncoded(bytes: Buffer): boolean {
  return bytes.subarray(0, header.length).equals(header);
}

/** Returns the last `limit` lines with their line ends; `lines` itself if there are no more. */
function latestLines(lines: Buffer, limit: number): Buffer {
  let start = lines.length;
  for (let count = 0; count < limit && start > 0; count++) {
    // Skips the line end. A negative offset would count from the end of the buffer.
    start = start < 2 ? 0 : lines.lastIndexOf(0x0a, start - 2) + 1;
  }
  return start === 0 ? lines : lines.subarray(start);
}

/** Skips headers: two programs that created the file at the same time may both have written one. */
function decodeLines(lines: Buffer): string[] {
  return unescapeLines(lines).filter((text) => text !== headerText);
}

function splitPlainLines(lines: Buffer): string[] {
  return lines.toString('utf8').split(/\n+/).filter(Boolean);
}

/** Returns what is missing before a new line: the header in an empty file, or a line end. */
function missingPrefix(fd: number): Buffer {
  const { size } = fstatSync(fd);
  if (size === 0) return header;
  return Buffer.from(readRange(fd, size - 1, 1)[0] === 0x0a ? '' : '\n');
}
