import { writeSync } from 'node:fs';

/*
 * Writes messages to standard error.
 */

/** Milliseconds between two attempts to write to a full descriptor, and the number of attempts. */
const retryDelay = 10;
const maxRetries = 100;

/**
 * Writes to standard error synchronously. Never throws: a closed standard error is not an error of
 * the run, and there is nowhere to report it.
 */
export function writeStandardError(bytes: Uint8Array | string): void {
  const all = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
  let retries = 0;
  for (let written = 0; written < all.length; ) {
    try {
      written += writeSync(2, all, written);
    } catch (error) {
      // EAGAIN: another process made the descriptor non-blocking, and its reader is slow.
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'EAGAIN' || ++retries > maxRetries) return;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, retryDelay);
    }
  }
}
