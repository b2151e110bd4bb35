/**
 * The destination of output bytes: standard output, a file, a pager. A sink writes buffers in
 * order; several writes may be pending at a time.
 */
export interface Sink {
  /** The sink writes to a terminal, so that what it gets must be safe there. */
  readonly isTerminal?: boolean | undefined;
  /**
   * Queues `bytes`. Returns undefined if they are already written, otherwise a promise; the bytes
   * must not change until it settles. Rejects with OutputError.
   */
  write(bytes: Uint8Array): Promise<void> | undefined;
}

/**
 * A write to an output failed. `closed` is true if the reader closed its end (`| head -1`), which
 * is not an error for the user.
 */
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
