import type { Transform } from 'node:stream';
import { OutputError, type Sink } from './sink.js';

/** The compression method of a file. */
export type Compression = 'gzip' | 'zstd';

type Zlib = typeof import('node:zlib') & {
  /** zstd; available since Node 22.15. */
  createZstdCompress?: () => Transform;
};

/** Loads node:zlib on demand: most runs compress nothing. */
function loadZlib(): Zlib {
  return process.getBuiltinModule('node:zlib');
}

/** Whether this version of Node supports `compression`. */
export function canCompress(compression: Compression): boolean {
  return compression === 'gzip' || loadZlib().createZstdCompress !== undefined;
}

/** Compresses the output before another sink writes it. */
export class CompressedSink implements Sink {
  readonly #sink: Sink & { finish(): Promise<void>; discard(): void };
  readonly #stream: Transform;
  #failure: unknown;
  readonly #ended: Promise<void>;

  /** `canCompress(compression)` must be true. */
  constructor(sink: Sink & { finish(): Promise<void>; discard(): void }, compression: Compression) {
    this.#sink = sink;
    const { createGzip, createZstdCompress = createGzip } = loadZlib();
    this.#stream = compression === 'gzip' ? createGzip() : createZstdCompress();
    this.#ended = this.#copyToSink();
  }

  /** Resolves when the bytes are compressed and the sink has written the earlier output. */
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

  /** Waits for each write to the sink, so that the stream's back-pressure delays the writer. */
  async #copyToSink(): Promise<void> {
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
      // discard() destroyed the stream.
      this.#failure ??= new OutputError('EIO');
    }
  }
}
