import { closeSync, constants, fstatSync } from 'node:fs';
import { isAt, openPrivate, readAt, readFrom, replaceFile } from '../files/private-file.js';
import { writeAll } from '../files/write-all.js';
import { reasonOf } from '../system-error.js';
import { escaped, unescapedLines } from './history-escapes.js';

/** The first line of a history of libedit. */
const headerText = '_HiStOrY_V2_';
const header = Buffer.from(`${headerText}\n`);
/** A larger entry is recalled, but not kept: it was pasted, and every start would read it. */
const largestEntry = 256 << 10;

/**
 * The file that keeps the entries, of the form that `mariadb` 10.11 reads and writes: its header,
 * then a line for each. Several programs may append at a time: each entry is one write to the end of
 * whatever file has the name then, since `mariadb` replaces the file when it ends (by what it knew:
 * entries that others added meanwhile are lost to it, as they are between two of it).
 *
 * It is for its owner's eyes alone: a file that others may read is narrowed to 0600, as `mariadb`
 * leaves it too, and is not used where that cannot be done.
 */
export class HistoryFile {
  readonly #path: string;
  readonly #warn: (problem: string) => void;
  #usable = true;

  /** `warn` is told, once, why the file is not used, or not any more. */
  constructor(path: string, warn: (problem: string) => void) {
    this.#path = path;
    this.#warn = warn;
  }

  /**
   * Reads the lines of the latest `limit` entries; the function that it gives makes entries of them,
   * the oldest first, which takes longer. A file that has grown to more than a quarter above the
   * limit is cut down to it.
   */
  read(limit: number): () => string[] {
    let entries = (): string[] => [];
    this.#attempt('read', () => {
      const fd = openPrivate(this.#path, constants.O_RDONLY);
      if (fd === undefined) return;
      try {
        const bytes = readFrom(fd, 0);
        const encoded = isEncoded(bytes);
        const lines = encoded ? bytes.subarray(header.length) : bytes;
        const latest = latestLines(lines, limit);
        entries = () => (encoded ? encodedLines(latest) : plainLines(latest));
        const isLong = latest !== lines && latestLines(lines, limit * 1.25) !== lines;
        if (encoded && isLong) this.#cut(fd, bytes.length, latest);
      } finally {
        closeSync(fd);
      }
    });
    return entries;
  }

  /** Adds an entry at the end, in one write. */
  append(entry: string): void {
    const line = Buffer.from(`${escaped(entry)}\n`);
    if (line.length > largestEntry) return;
    this.#attempt('write', () => {
      // Once more if the file was replaced meanwhile, and the entry not carried over.
      if (!this.#write(line, false)) this.#write(line, true);
    });
  }

  /** False if the file that was written to has lost its name. */
  #write(line: Buffer, unlessThere: boolean): boolean {
    const fd = this.#openToAppend();
    if (fd === undefined) return true;
    try {
      if (unlessThere && readFrom(fd, 0).includes(line)) return true;
      writeAll(fd, Buffer.concat([leadIn(fd), line]));
      return isAt(this.#path, fd);
    } finally {
      closeSync(fd);
    }
  }

  /**
   * A file of plain lines, as GNU readline writes it, is given the header and escapes first: without
   * them `mariadb` reads nothing of it, and empties it.
   */
  #openToAppend(): number | undefined {
    const flags = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT;
    const fd = openPrivate(this.#path, flags);
    if (fd === undefined) return undefined;
    const first = readAt(fd, 0, header.length);
    if (first.length === 0 || isEncoded(first)) return fd;
    try {
      const bytes = readFrom(fd, 0);
      const lines = plainLines(bytes).map((line) => `${escaped(line)}\n`);
      if (!replaceFile(this.#path, fd, bytes.length, [header, Buffer.from(lines.join(''))])) {
        throw new Error('it is not of the form that the client writes');
      }
    } finally {
      closeSync(fd);
    }
    return openPrivate(this.#path, flags);
  }

  #cut(fd: number, length: number, lines: Buffer): void {
    try {
      replaceFile(this.#path, fd, length, [header, lines]);
    } catch {
      // A directory that may not be written to: the file stays longer, and the next start tries again.
    }
  }

  #attempt(what: 'read' | 'write', act: () => void): void {
    if (!this.#usable) return;
    try {
      act();
    } catch (error) {
      this.#usable = false;
      this.#warn(
        `cannot ${what} the history file '${this.#path}' (${reasonOf(error)}); ` +
          'statements are recalled until the end of this session only',
      );
    }
  }
}

function isEncoded(bytes: Buffer): boolean {
  return bytes.subarray(0, header.length).equals(header);
}

/** The last `limit` lines, with their ends; `lines` itself if there are no more. */
function latestLines(lines: Buffer, limit: number): Buffer {
  let start = lines.length;
  for (let count = 0; count < limit && start > 0; count++) {
    // Passes over the end of the line; a negative offset would count from the end.
    start = start < 2 ? 0 : lines.lastIndexOf(0x0a, start - 2) + 1;
  }
  return start === 0 ? lines : lines.subarray(start);
}

/** Two programs that made the file at the same time may both have begun it. */
function encodedLines(lines: Buffer): string[] {
  return unescapedLines(lines).filter((text) => text !== headerText);
}

function plainLines(lines: Buffer): string[] {
  return lines.toString('utf8').split(/\n+/).filter(Boolean);
}

/** What has to stand before a new line: the header in an empty file, the end of a line cut short. */
function leadIn(fd: number): Buffer {
  const { size } = fstatSync(fd);
  if (size === 0) return header;
  return Buffer.from(readAt(fd, size - 1, 1)[0] === 0x0a ? '' : '\n');
}
