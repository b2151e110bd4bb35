import type { Transform } from 'node:stream';
import { OutputError, type Sink } from './sink.js';

/** How a file is compressed. */
export type Compression = 'gzip' | 'zstd';

type Zlib = typeof import('node:zlib') & {
  /** From Node 22.15 on. */
  createZstdCompress?: () => Transform;
};

/** Loaded when it is needed: most runs compress nothing. */
function zlib(): Zlib {
  return process.getBuiltinModule('node:zlib');
}

/** Whether this Node can compress so. */
export function canCompress(compression: Compression): boolean {
  return compression === 'gzip' || zlib().createZstdCompress !== undefined;
}

/** Compresses what is written to another sink. */
export class CompressedSink implements Sink {
  readonly #sink: Sink & { finish(): Promise<void>; discard(): void };
  readonly #stream: Transform;
  #failure: unknown;
  readonly #ended: Promise<void>;

  /** `compression` must be one of those that `canCompress`. */
  constructor(sink: Sink & { finish(): Promise<void>; discard(): void }, compression: Compression) {
    this.#sink = sink;
    const { createGzip, createZstdCompress = createGzip } = zlib();
    this.#stream = compression === 'gzip' ? createGzip() : createZstdCompress();
    this.#ended = this.#pump();
  }

  /** Settled when the bytes are compressed and the sink has taken what came out before. */
  write(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== undefined) return reject(this.#failure);
      this.#stream.write(bytes, (error) => {
        if (error || this.#failure !== undefined) reject(this.#failure ?? new OutputError('EIO'));
        else resolve();
      });
    });
  }

  async finish(): Promise<void> {
    this.#stream.end();
    await this.#ended;
    if (this.#failure !== undefined) {
      this.#sink.discard();
      throw this.#failure;
    }
    await this.#sink.finish();
  }

  discard(): void {
    this.#stream.destroy();
    this.#sink.discard();
  }

  /** What was taken out is written before more is: the stream holds back whoever writes into it. */
  async #pump(): Promise<void> {
    try {
      for await (const piece of this.#stream) {
        if (this.#failure !== undefined) continue;
        try {
          await this.#sink.write(piece as Uint8Array);
        } catch (error) {
          this.#failure = error;
        }
      }
    } catch {
      // Destroyed: given up.
      this.#failure ??= new OutputError('EIO');
    }
  }
}
