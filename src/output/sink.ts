/**
 * Where bytes go in the end: standard output, or whatever stands for it. Buffers are written in
 * order; several may be under way.
 */
export interface Sink {
  /**
   * Queues `bytes`, which must not change until the promise is settled; undefined: they are written.
   * Rejects with OutputError.
   */
  write(bytes: Uint8Array): Promise<void> | undefined;
}

/** Writing the output failed. `closed`: the reader went away (`| head -1`), which is no fault. */
export class OutputError extends Error {
  readonly closed: boolean;
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.name = 'OutputError';
    this.code = code;
    this.closed = code === 'EPIPE' || code === 'ECONNRESET';
  }
}
