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

/** Who may read it: the data is private. */
const onlyTheUser = 0o600;
/** How much is read at once. */
const pieceSize = 256 * 1024;

/**
 * A file in which bytes wait. Every error is thrown as a Failure that names the place. Reading and
 * writing are synchronous: what was written lately comes from the system's memory.
 */
export class SpillFile {
  readonly #fd: number;
  readonly #failed: (error: unknown) => Failure;
  readonly #space: FileSpace;
  readonly #piece: Uint8Array = Buffer.allocUnsafeSlow(pieceSize);
  #closed = false;

  /** `failed` turns an error of the system into a Failure. */
  private constructor(fd: number, used: readonly Extent[], failed: (error: unknown) => Failure) {
    this.#fd = fd;
    this.#failed = failed;
    this.#space = new FileSpace(used);
  }

  /**
   * A file without a name in `directory`: nothing is left of it when the process ends, in whatever way.
   * Throws Failure.
   */
  static unnamed(directory: string): SpillFile {
    const failed = (error: unknown) => noRoomFor(directory, error);
    const random = Math.random().toString(36).slice(2, 12);
    const path = join(directory, `.analytics-mysql.${process.pid}-${random}`);
    try {
      const fd = openSync(path, 'wx+', onlyTheUser);
      rmSync(path);
      return new SpillFile(fd, [], failed);
    } catch (error) {
      throw failed(error);
    }
  }

  /**
   * The file of this name, created if there is none; of its content, `used` is kept. Throws Failure.
   */
  static named(path: string, used: readonly Extent[]): SpillFile {
    const failed = (error: unknown) =>
      new Failure(
        'output-failed',
        `cannot keep rows in ${printable(path)} (${codeOf(error)}): fix this and run again with --resume`,
      );
    try {
      const { O_RDWR, O_CREAT, O_NOFOLLOW } = constants;
      const fd = openSync(path, O_RDWR | O_CREAT | O_NOFOLLOW, onlyTheUser);
      return new SpillFile(fd, used, failed);
    } catch (error) {
      throw failed(error);
    }
  }

  /** Bytes in use. */
  get used(): number {
    return this.#space.used;
  }

  /** Size of the file in bytes. Throws Failure. */
  get size(): number {
    return this.#orFailure(() => fstatSync(this.#fd).size);
  }

  /** Writes `bytes`, and adds to `extents` where they lie. Throws Failure; nothing is added then. */
  write(bytes: Uint8Array, extents: Extent[]): void {
    const taken = this.#space.take(bytes.length);
    try {
      let at = 0;
      for (const extent of taken) {
        this.#writeAt(bytes.subarray(at, at + extent[1]), extent[0]);
        at += extent[1];
      }
    } catch (error) {
      this.#space.give(taken);
      throw this.#failed(error);
    }
    for (const extent of taken) addExtent(extents, extent);
  }

  /**
   * Reads an extent piece by piece; each is valid only until the next is read. Throws Failure, also
   * where the file ends sooner.
   */
  *pieces([offset, length]: Extent): Generator<Uint8Array, void> {
    for (let at = 0; at < length; ) {
      const wanted = Math.min(length - at, this.#piece.length);
      const size = this.#orFailure(() => {
        const read = readSync(this.#fd, this.#piece, 0, wanted, offset + at);
        if (read === 0) throw new Error('it is shorter than it was');
        return read;
      });
      at += size;
      yield this.#piece.subarray(0, size);
    }
  }

  /** Lets these parts of the file be used again. */
  free(extents: readonly Extent[]): void {
    this.#space.give(extents);
  }

  /** Makes what was written survive a crash of the machine. Throws Failure. */
  sync(): void {
    if (!this.#closed) this.#orFailure(() => fdatasyncSync(this.#fd));
  }

  /** Like `sync`, without blocking. Rejects with Failure. */
  async synced(): Promise<void> {
    if (this.#closed) return;
    try {
      await promisify(fdatasync)(this.#fd);
    } catch (error) {
      throw this.#failed(error);
    }
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    closeSync(this.#fd);
  }

  #writeAt(bytes: Uint8Array, offset: number): void {
    for (let done = 0; done < bytes.length; ) {
      done += writeSync(this.#fd, bytes, done, bytes.length - done, offset + done);
    }
  }

  #orFailure<T>(act: () => T): T {
    try {
      return act();
    } catch (error) {
      throw this.#failed(error);
    }
  }
}

function noRoomFor(directory: string, error: unknown): Failure {
  const code = codeOf(error);
  const why = code === 'ENOSPC' || code === 'EDQUOT' ? 'it is full' : code;
  const place = printable(directory);
  const text = `waiting rows cannot be kept in ${place} (${why}): set TMPDIR to a directory with more room, or use --output`;
  return new Failure('no-room', text);
}

function codeOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message;
}
