import type { Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/** Counts and sums up bytes as they are written. */
export class Checksum {
  readonly #hash: Hash;
  bytes = 0;

  constructor() {
    // Loaded late: few runs need it.
    this.#hash = process.getBuiltinModule('node:crypto').createHash('sha256');
  }

  add(bytes: Uint8Array): void {
    this.bytes += bytes.length;
    this.#hash.update(bytes);
  }

  /** SHA-256 of what was added, in hexadecimal; nothing can be added any more. */
  end(): string {
    return this.#hash.digest('hex');
  }
}

/** Reads a file for its size and SHA-256. Rejects with the system's error. */
export async function checksumOf(path: string): Promise<{ bytes: number; sha256: string }> {
  const sum = new Checksum();
  for await (const piece of createReadStream(path, { highWaterMark: 1 << 20 })) {
    sum.add(piece as Uint8Array);
  }
  return { bytes: sum.bytes, sha256: sum.end() };
}
