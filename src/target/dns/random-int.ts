import { closeSync, openSync, readSync } from 'node:fs';

/**
 * A random integer from 0 up to, but not including, `limit`, which is 65,536 at most: what
 * node:crypto's randomInt gives. The build puts this in its place where dns2 asks for an id, since
 * that module alone takes 3 ms to load; the source is the same, the kernel's generator.
 */
export function randomInt(limit: number): number {
  const bytes = Buffer.alloc(4);
  const descriptor = openSync('/dev/urandom', 'r');
  readSync(descriptor, bytes, 0, bytes.length, null);
  closeSync(descriptor);
  // 2^32 is a multiple of 65,536: no number is more likely than another there.
  return bytes.readUInt32LE(0) % limit;
}
