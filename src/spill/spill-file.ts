import {
  closeSync,
  constants,
  fdatasync,
  fdatasyncSync,
  fstatSync,
  openSync,
  readSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Failure } from '../failure.js';
import { printable } from '../text/printable.js';
import { addExtent, type Extent, FileSpace } from './file-space.js';

/** The mode of spill files. Only the owner may read them, because the data is private. */
const privateFileMode = 0o600;
/** Bytes that are read at once. */
const pieceSize = 256 * 1024;

/**
 * A file for bytes that do not fit into memory. Every error is thrown as a Failure that names the file
 * or its directory. Reading and writing are synchronous: bytes that were written recently come from
 * the system's page cache.
 */
export class SpillFile {
  readonly #fd: number;
  readonly #toFailure: (error: unknown) => Failure;
  readonly #space: FileSpace;
  readonly #readBuffer: Uint8Array = Buffer.allocUnsafeSlow(pieceSize);
  #isClosed = false;

  /** `toFailure` converts an error of the system into a Failure. */
  private constructor(fd: number, used: readonly Extent[], toFailure: (error: unknown) => Failure) {
    this.#fd = fd;
    this.#toFailure = toFailure;
    this.#space = new FileSpace(used);
  }

  /**
   * Creates an unnamed file in `directory`. The system removes it when the process ends, even after a
   * kill -9. Throws Failure `no-room`.
   */
  static openUnnamed(directory: string): SpillFile {
    const toFailure = (error: unknown) => noSpaceFailure(directory, error);
    const random = Math.random().toString(36).slice(2, 12);
    const path = join(directory, `.analytics-mysql.${process.pid}-${random}`);
    try {
      const fd = openSync(path, 'wx+', privateFileMode);
      rmSync(path);
      return new SpillFile(fd, [], toFailure);
    } catch (error) {
      throw toFailure(error);
    }
  }

  /**
   * Opens the file at `path`, and creates it if there is none. The extents in `used` keep their
   * content; all others may be overwritten. Throws Failure `output-failed`.
   */
  static openNamed(path: string, used: readonly Extent[]): SpillFile {
    const toFailure = (error: unknown) =>
      new Failure(
        'output-failed',
        `cannot keep rows in '${printable(path)}' (${errorCode(error)}): fix this and run again with --resume`,
      );
    try {
      const { O_RDWR, O_CREAT, O_NOFOLLOW } = constants;
      const fd = openSync(path, O_RDWR | O_CREAT | O_NOFOLLOW, privateFileMode);
      return new SpillFile(fd, used, toFailure);
    } catch (error) {
      throw toFailure(error);
    }
  }

  /** Bytes in use. */
  get used(): number {
    return this.#space.used;
  }

  /** Size of the file in bytes. Throws Failure. */
  get size(): number {
    return this.#withFailures(() => fstatSync(this.#fd).size);
  }

  /**
   * Writes `bytes` and appends their extents to `extents`. Throws Failure, and then leaves `extents`
   * unchanged.
   */
  write(bytes: Uint8Array, extents: Extent[]): void {
    const allocated = this.#space.allocate(bytes.length);
    try {
      let written = 0;
      for (const extent of allocated) {
        this.#writeAt(bytes.subarray(written, written + extent[1]), extent[0]);
        written += extent[1];
      }
    } catch (error) {
      this.#space.release(allocated);
      throw this.#toFailure(error);
    }
    for (const extent of allocated) addExtent(extents, extent);
  }

  /**
   * Reads an extent in pieces. Each piece is valid only until the next one is read. Throws Failure,
   * also if the file is shorter than the extent requires.
   */
  *readPieces([offset, length]: Extent): Generator<Uint8Array, void> {
    for (let done = 0; done < length; ) {
      const wanted = Math.min(length - done, this.#readBuffer.length);
      const size = this.#withFailures(() => {
        const read = readSync(this.#fd, this.#readBuffer, 0, wanted, offset + done);
        if (read === 0) throw new Error('the file was truncated');
        return read;
      });
      done += size;
      yield this.#readBuffer.subarray(0, size);
    }
  }

  /** Makes these parts of the file available for new bytes. */
  free(extents: readonly Extent[]): void {
    this.#space.release(extents);
  }

  /** Flushes the file to disk, so that its bytes survive a crash of the machine. Throws Failure. */
  sync(): void {
    if (!this.#isClosed) this.#withFailures(() => fdatasyncSync(this.#fd));
  }

  /** Like `sync`, without blocking. Rejects with Failure. */
  async syncAsync(): Promise<void> {
    if (this.#isClosed) return;
    try {
      await promisify(fdatasync)(this.#fd);
    } catch (error) {
      throw this.#toFailure(error);
    }
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    closeSync(this.#fd);
  }

  #writeAt(bytes: Uint8Array, offset: number): void {
    for (let done = 0; done < bytes.length; ) {
      done += writeSync(this.#fd, bytes, done, bytes.length - done, offset + done);
    }
  }

  #withFailures<T>(act: () => T): T {
    try {
      return act();
    } catch (error) {
      throw this.#toFailure(error);
    }
  }
}

function noSpaceFailure(directory: string, error: unknown): Failure {
  const code = errorCode(error);
  const why = code === 'ENOSPC' || code === 'EDQUOT' ? 'it is full' : code;
  const text = `cannot buffer rows in '${printable(directory)}' (${why}): set TMPDIR to a directory with more space, or use --output`;
  return new Failure('no-room', text);
}

function errorCode(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message;
}
