import { createHash } from 'node:crypto';
import { closeSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ownerOnly } from '../../files/atomic-file.js';
import { writeAll } from '../../files/write-all.js';
import { OutputError, type Sink } from '../../output/sink.js';
import { isErrno } from '../../system-error.js';
import { partNameOf } from '../plan/output-layout.js';

/**
 * A wiki's file until it is whole, under another name, with its size and checksum. Its mode is 0600:
 * the data is private.
 */
export class PartFile implements Sink {
  /** Bytes that were written. */
  size = 0;
  readonly path: string;
  readonly #hash = createHash('sha256');
  #fd: number | undefined;

  /**
   * `file`: the path that it is to have, relative to `root`. Throws OutputError where no file can be
   * made; one that a killed run left is replaced.
   */
  constructor(root: string, file: string) {
    this.path = join(root, partNameOf(file));
    try {
      rmSync(this.path, { force: true });
      this.#fd = openSync(this.path, 'wx', ownerOnly);
    } catch (error) {
      throw asOutputError(error);
    }
  }

  /** Rejects with OutputError. After the end nothing is written any more, without an error. */
  write(bytes: Uint8Array): Promise<void> | undefined {
    if (this.#fd === undefined) return undefined;
    try {
      writeAll(this.#fd, bytes);
    } catch (error) {
      return Promise.reject(asOutputError(error));
    }
    this.#hash.update(bytes);
    this.size += bytes.length;
    return undefined;
  }

  /** All was written; the file stays. Rejects with OutputError. */
  async finish(): Promise<void> {
    try {
      this.#close();
    } catch (error) {
      throw asOutputError(error);
    }
  }

  /** SHA-256 of what was written, in hexadecimal; to be asked once, behind `finish`. */
  sha256(): string {
    return this.#hash.digest('hex');
  }

  /** Nothing is left of it. */
  discard(): void {
    try {
      this.#close();
    } finally {
      rmSync(this.path, { force: true });
    }
  }

  #close(): void {
    const fd = this.#fd;
    this.#fd = undefined;
    if (fd !== undefined) closeSync(fd);
  }
}

function asOutputError(error: unknown): unknown {
  return isErrno(error) ? new OutputError(error.code ?? 'EIO') : error;
}
