import { ForeignFileError } from '../files/file-owner.js';

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
  /** Why this program refuses the output; undefined for an error of the system. */
  readonly reason: string | undefined;

  constructor(code: string, reason?: string) {
    super(reason ?? code);
    this.name = 'OutputError';
    this.code = code;
    this.reason = reason;
    this.closed = code === 'EPIPE' || code === 'ECONNRESET';
  }
}

/** Runs `action` and throws its errors as OutputErrors. */
export function withOutputErrors<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (error instanceof OutputError) throw error;
    const reason = error instanceof ForeignFileError ? error.message : undefined;
    throw new OutputError((error as NodeJS.ErrnoException).code ?? 'EIO', reason);
  }
}
