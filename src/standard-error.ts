import { writeSync } from 'node:fs';

/** Milliseconds to wait before a full descriptor is tried again, and how often that is done. */
const retryDelay = 10;
const maxRetries = 100;

/**
 * Writes to standard error at once. Never throws: that nobody reads messages any more is not an error
 * of the run, and there is nowhere to report it.
 */
export function writeStandardError(bytes: Uint8Array | string): void {
  const all = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
  let retries = 0;
  for (let done = 0; done < all.length; ) {
    try {
      done += writeSync(2, all, done);
    } catch (error) {
      // Another process made the descriptor non-blocking, and its reader is slow.
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'EAGAIN' || ++retries > maxRetries) return;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, retryDelay);
    }
  }
}
