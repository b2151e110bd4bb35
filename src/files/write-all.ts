import { writeSync } from 'node:fs';

/** Writes all of `bytes`, with one call unless the system takes less. Throws the system's errors. */
export function writeAll(fd: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(fd, bytes, written);
}
