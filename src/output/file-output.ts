import { constants, fstatSync, statSync } from 'node:fs';
import { findDescriptor } from '../descriptor.js';
import { openOwnFile } from '../files/file-owner.js';
import { CompressedSink, type Compression } from './compressed-sink.js';
import { FileSink } from './file-sink.js';
import { type Sink, withOutputErrors } from './sink.js';
import { type DescriptorSink, openDescriptor, openOwnedDescriptor } from './standard-output.js';

/** A sink whose output is either finished or discarded. */
export interface FileOutput extends Sink {
  /** Completes the output. Rejects with OutputError, and then leaves no file. */
  finish(): Promise<void>;
  /** Discards the output after an error: leaves no file. */
  discard(): void;
}

/**
 * Opens a file for output, compressed if `compression` is given. A regular file gets its name only
 * when it is complete. Devices, pipes and inherited descriptors (`/dev/null`, `/dev/fd/3`) cannot
 * be replaced, so the output is written to them directly; those of another user are refused. Throws
 * OutputError.
 *
 * `onWrite` receives all bytes as they are written to the file.
 */
export function openFileOutput(
  path: string,
  compression: Compression | undefined,
  onWrite?: (bytes: Uint8Array) => void,
): FileOutput {
  const descriptor = findDescriptor(path);
  const opened =
    descriptor !== undefined
      ? openInherited(descriptor)
      : isWrittenInPlace(path)
        ? openNonRegular(path)
        : openAtomic(path);
  const file = onWrite === undefined ? opened : withWriteListener(opened, onWrite);
  return compression === undefined ? file : new CompressedSink(file, compression);
}

/**
 * Whether output to `path` is visible at once: it is a device, a pipe or an inherited descriptor.
 */
export function isWrittenInPlace(path: string): boolean {
  if (findDescriptor(path) !== undefined) return true;
  const stat = statOf(path);
  return stat !== undefined && !stat.isFile() && !stat.isDirectory();
}

function withWriteListener(file: FileOutput, onWrite: (bytes: Uint8Array) => void): FileOutput {
  return {
    ...file,
    write(bytes) {
      onWrite(bytes);
      return file.write(bytes);
    },
  };
}

function statOf(path: string) {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    // Creating the file fails for the same reason and reports it.
    return undefined;
  }
}

function openAtomic(path: string): FileOutput {
  const sink = new FileSink(path);
  return {
    write: (bytes) => sink.write(bytes),
    finish: async () => sink.finish(),
    discard: () => sink.discard(),
  };
}

/** Writes to a descriptor that the caller of the program opened, at its shared file offset. */
function openInherited(descriptor: number): FileOutput {
  withOutputErrors(() => fstatSync(descriptor));
  return toFileOutput(openDescriptor(descriptor));
}

/**
 * Non-blocking, so that a pipe without a reader is an error and not a wait that ignores signals.
 */
function openNonRegular(path: string): FileOutput {
  return withOutputErrors(() =>
    toFileOutput(openOwnedDescriptor(openOwnFile(path, constants.O_WRONLY | constants.O_NONBLOCK))),
  );
}

function toFileOutput({ isTerminal, write, close }: DescriptorSink): FileOutput {
  return { isTerminal, write, finish: async () => close(), discard: close };
}
