import { createHash } from 'node:crypto';
import { closeSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { privateFileMode } from '../../files/atomic-file.js';
import { writeAll } from '../../files/write-all.js';
import { OutputError, type Sink } from '../../output/sink.js';
import { isErrno } from '../../system-error.js';
import { partNameOf } from '../plan/output-layout.js';

/**
 * A wiki's file until it is complete: it has a temporary name, and its size and checksum are computed
 * as it is written. Its mode is 0600, because the data is private.
 */
export class PartFile implements Sink {
  /** Bytes written so far. */
  size = 0;
  readonly path: string;
  readonly #hash = createHash('sha256');
  #fd: number | undefined;

  /**
   * `file`: the final path, relative to `root`. Replaces a part file that a killed run left. Throws
   * OutputError if the file cannot be created.
   */
  constructor(root: string, file: string) {
    this.path = join(root, partNameOf(file));
    try {
      rmSync(this.path, { force: true });
      this.#fd = openSync(this.path, 'wx', privateFileMode);
    } catch (error) {
      throw asOutputError(error);
    }
  }

  /** Rejects with OutputError. Does nothing after `finish` or `discard`. */
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

  /** Closes the file and keeps it. Rejects with OutputError. */
  async finish(): Promise<void> {
    try {
      this.#close();
    } catch (error) {
      throw asOutputError(error);
    }
  }

  /** Returns the SHA-256 of the file in hexadecimal. Can be called once, after `finish`. */
  sha256(): string {
    return this.#hash.digest('hex');
  }

  /** Closes and removes the file. */
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
