import type { Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/** Counts bytes as they are written and computes their SHA-256. */
export class Checksum {
  readonly #hash: Hash;
  bytes = 0;

  constructor() {
    // node:crypto is loaded only here, because few runs need it.
    this.#hash = process.getBuiltinModule('node:crypto').createHash('sha256');
  }

  add(bytes: Uint8Array): void {
    this.bytes += bytes.length;
    this.#hash.update(bytes);
  }

  /** Returns the SHA-256 of the added bytes in hexadecimal. No bytes can be added afterwards. */
  digest(): string {
    return this.#hash.digest('hex');
  }
}

/**
 * Reads a file and returns its size in bytes and its SHA-256 in hexadecimal. Rejects with the system's
 * error.
 */
export async function computeChecksum(path: string): Promise<{ bytes: number; sha256: string }> {
  const checksum = new Checksum();
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    checksum.add(chunk as Uint8Array);
  }
  return { bytes: checksum.bytes, sha256: checksum.digest() };
}
