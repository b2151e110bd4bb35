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

const brand = Symbol.for('analytics-mysql.OutputError');

/** Writing the output failed. `closed`: the reader went away (`| head -1`), which is no fault. */
export class OutputError extends Error {
  readonly closed: boolean;
  readonly code: string;
  readonly [brand] = true;

  /** By brand, as a Failure: each bundle carries its own copy of the class. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && brand in value;
  }

  constructor(code: string) {
    super(code);
    this.name = 'OutputError';
    this.code = code;
    this.closed = code === 'EPIPE' || code === 'ECONNRESET';
  }
}
