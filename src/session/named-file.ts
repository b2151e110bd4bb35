import { parseFileName } from '../cli/file-name.js';
import { Failure } from '../failure.js';
import { type Compression, canCompress } from '../output/compressed-sink.js';
import { type FileOutput, isWrittenInPlace, openFileOutput } from '../output/file-output.js';
import { OutputError } from '../output/sink.js';
import { describeWriteError } from '../output/write-error.js';
import { printable } from '../text/printable.js';

/**
 * Opens an output file that the user named, with the compression that its name implies.
 * `onBytes` receives all bytes as they are written to the file, after compression.
 * Throws a Failure.
 */
export function openNamedFile(path: string, onBytes?: (bytes: Uint8Array) => void): FileOutput {
  const { compression } = parseFileName(path);
  requireCompression(path, compression);
  try {
    return openFileOutput(path, compression, onBytes);
  } catch (error) {
    throw toFileFailure(path, error);
  }
}

/** Throws a Failure if this version of Node.js does not support the compression. */
export function requireCompression(path: string, compression: Compression | undefined): void {
  if (compression === undefined || canCompress(compression)) return;
  const node = `Node.js ${process.versions.node}`;
  const text = `cannot write '${printable(path)}': ${node} has no zstd; use Node.js 22.15, or .gz`;
  throw new Failure('no-zstd', text).about('output');
}

/**
 * Runs `act`, which writes the file at `path`, and turns its errors into Failures that name the
 * file.
 */
export async function withPath(path: string, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    throw toFileFailure(path, error);
  }
}

/**
 * Turns an OutputError into a Failure that names the file. Returns other errors, and the error of a
 * closed reader, unchanged.
 */
export function toFileFailure(path: string, error: unknown): unknown {
  if (!(error instanceof OutputError) || error.closed) return error;
  if (error.reason !== undefined) {
    const text = `cannot write '${printable(path)}': ${error.reason}; choose another file`;
    return new Failure('foreign-file', text).about('output');
  }
  const state = isWrittenInPlace(path) ? 'it is incomplete' : 'it was not created';
  return new Failure(
    'output-failed',
    `cannot write '${printable(path)}' (${describeWriteError(error.code, path)}): ${state}`,
  ).about('output');
}
