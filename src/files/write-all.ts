import { writeSync } from 'node:fs';

/** Writes all of `bytes`, with one call unless the system takes less. Throws the system's errors. */
export function writeAll(fd: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
}
