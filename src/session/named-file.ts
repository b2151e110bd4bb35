import { formOfFileName } from '../cli/file-name.js';
import { Failure } from '../failure.js';
import { type Compression, canCompress } from '../output/compressed-sink.js';
import { type FileOutput, isWrittenInPlace, openFileOutput } from '../output/file-output.js';
import { OutputError } from '../output/sink.js';
import { printable } from '../text/printable.js';

/**
 * Opens a file that is named as the user did it, compressed as its name says. Throws Failure.
 * `written`: is given all bytes as they go into the file.
 */
export function openNamedFile(path: string, written?: (bytes: Uint8Array) => void): FileOutput {
  const { compression } = formOfFileName(path);
  requireCompression(path, compression);
  try {
    return openFileOutput(path, compression, written);
  } catch (error) {
    throw asFailure(path, error);
  }
}

/** Throws a Failure where this Node cannot compress so. */
export function requireCompression(path: string, compression: Compression | undefined): void {
  if (compression === undefined || canCompress(compression)) return;
  const text = `${printable(path)}: Node ${process.versions.node} has no zstd (22.15 has); use .gz`;
  throw new Failure('no-zstd', text);
}

/** Runs what writes a file, whose errors then name it. */
export async function withPath(path: string, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    throw asFailure(path, error);
  }
}

/** What a file that cannot be written is told as; other errors, and a reader gone, stay themselves. */
export function asFailure(path: string, error: unknown): unknown {
  if (!(error instanceof OutputError) || error.closed) return error;
  const state = isWrittenInPlace(path) ? 'what was written is incomplete' : 'it was not made';
  return new Failure('output-failed', `cannot write ${printable(path)} (${error.code}): ${state}`);
}
