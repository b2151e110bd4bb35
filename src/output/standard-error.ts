import { writeSync } from 'node:fs';
import { isTerminal } from '../descriptor.js';
import { sanitizeText } from '../text/text-sanitizer.js';

/*
 * Writes messages to standard error.
 */

/** Milliseconds between two attempts to write to a full descriptor, and the number of attempts in a row. */
const retryDelay = 10;
const maxRetries = 100;

const bell = 0x07;

/**
 * Writes to standard error synchronously. If that is a terminal, `sanitize` first makes the text safe
 * for it. Never throws: a closed standard error is not an error of the run, and there is nowhere to
 * report it.
 */
export function writeStandardError(
  text: Uint8Array | string,
  sanitize: (text: Uint8Array) => Uint8Array = sanitizeMessage,
): void {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  const all = isTerminal(2) ? sanitize(bytes) : bytes;
  let retries = 0;
  for (let written = 0; written < all.length; ) {
    try {
      written += writeSync(2, all, written);
      retries = 0;
    } catch (error) {
      // EAGAIN: another process made the descriptor non-blocking, and its reader is slow.
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'EAGAIN' || ++retries > maxRetries) return;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, retryDelay);
    }
  }
}

/** Sanitizes UTF-8 text. A BEL at the beginning stays: some of the client's messages have one. */
function sanitizeMessage(text: Uint8Array): Uint8Array {
  const options = { characterSet: 'utf8mb4', colors: false };
  const start = text[0] === bell ? 1 : 0;
  const sanitized = sanitizeText(text.subarray(start), options, 'newlines and tabs');
  return start === 0 ? sanitized : Buffer.concat([text.subarray(0, start), sanitized]);
}
