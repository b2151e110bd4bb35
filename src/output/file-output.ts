import { constants, fstatSync, openSync, statSync } from 'node:fs';
import { descriptorOf } from '../descriptor.js';
import { CompressedSink, type Compression } from './compressed-sink.js';
import { FileSink } from './file-sink.js';
import { OutputError, type Sink } from './sink.js';
import { type DescriptorSink, openDescriptor, openOwnDescriptor } from './standard-output.js';

/** A sink that has an end, good or bad. */
export interface FileOutput extends Sink {
  /** All was written. Rejects with OutputError, and then nothing is left. */
  finish(): Promise<void>;
  /** Something went wrong: nothing is left. */
  discard(): void;
}

/**
 * Opens a file that comes into being whole, or not at all, compressed if asked for. Devices, pipes
 * and our own descriptors (`/dev/null`, `/dev/fd/3`) cannot be replaced: they are written to. Throws
 * OutputError.
 *
 * `written`: is given all bytes as they go into the file.
 */
export function openFileOutput(
  path: string,
  compression: Compression | undefined,
  written?: (bytes: Uint8Array) => void,
): FileOutput {
  const descriptor = descriptorOf(path);
  const opened =
    descriptor !== undefined
      ? writingTo(descriptor)
      : isWrittenInPlace(path)
        ? openSpecial(path)
        : wholeFile(path);
  const file = written === undefined ? opened : telling(opened, written);
  return compression === undefined ? file : new CompressedSink(file, compression);
}

/** Whether what is written to `path` is there at once: it is a device, a pipe, or a descriptor of ours. */
export function isWrittenInPlace(path: string): boolean {
  if (descriptorOf(path) !== undefined) return true;
  const stat = statOf(path);
  return stat !== undefined && !stat.isFile() && !stat.isDirectory();
}

function telling(file: FileOutput, written: (bytes: Uint8Array) => void): FileOutput {
  return {
    ...file,
    write(bytes) {
      written(bytes);
      return file.write(bytes);
    },
  };
}

function statOf(path: string) {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    // Why, says the attempt to make the file.
    return undefined;
  }
}

function wholeFile(path: string): FileOutput {
  const sink = new FileSink(path);
  return {
    write: (bytes) => sink.write(bytes),
    finish: async () => sink.finish(),
    discard: () => sink.discard(),
  };
}

/** Writes through a descriptor that the caller opened, at the position that it shares with others. */
function writingTo(descriptor: number): FileOutput {
  try {
    fstatSync(descriptor);
  } catch (error) {
    throw new OutputError((error as NodeJS.ErrnoException).code ?? 'EIO');
  }
  return writtenInPlace(openDescriptor(descriptor));
}

/** A pipe that nobody reads is an error at once, not a wait that no signal could end. */
function openSpecial(path: string): FileOutput {
  let fd: number;
  try {
    fd = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
  } catch (error) {
    throw new OutputError((error as NodeJS.ErrnoException).code ?? 'EIO');
  }
  return writtenInPlace(openOwnDescriptor(fd));
}

function writtenInPlace({ write, close }: DescriptorSink): FileOutput {
  return { write, finish: async () => close(), discard: close };
}
