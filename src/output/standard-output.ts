import { closeSync, constants, fstatSync, openSync, type Stats, write } from 'node:fs';
import type { Socket } from 'node:net';
import type { Writable } from 'node:stream';
import { isTerminal } from '../descriptor.js';
import { writeAll } from '../files/write-all.js';
import { OutputError, type Sink } from './sink.js';

/** A sink that writes to a file descriptor. */
export interface DescriptorSink extends Sink {
  /**
   * Closes the descriptor if it was opened for the sink, after the pending writes. Later writes are
   * dropped without an error, because a signal can end a run at any time. May be called again.
   */
  close(): void;
}

/** Returns a sink for standard output; see openDescriptor. */
export function openStandardOutput(): Sink {
  return openDescriptor(1);
}

/**
 * Returns a sink for a descriptor that the caller of the program opened. Writing never blocks the
 * event loop: if the reader stops reading (`| less`), Ctrl-C must still work.
 */
export function openDescriptor(fd: number): DescriptorSink {
  let stat: Stats;
  try {
    stat = fstatSync(fd);
  } catch {
    // The caller closed the descriptor (`>&-`): like the client, drop the output silently.
    return { write: () => undefined, close() {} };
  }
  if (stat.isFIFO()) {
    const reopened = reopenPipe(fd);
    if (reopened !== undefined) return createPipeSink(reopened);
  }
  const sink = stat.isSocket() ? createStreamSink(openSocket(fd)) : createSink(fd, stat);
  return makeClosable(sink, () => {});
}

/** Returns a sink that owns the non-blocking descriptor `fd`: `close` closes it. */
export function openOwnedDescriptor(fd: number): DescriptorSink {
  const stat = fstatSync(fd);
  return stat.isFIFO()
    ? createPipeSink(fd)
    : makeClosable(createSink(fd, stat), () => closeSync(fd));
}

function createSink(fd: number, stat: Stats): Sink {
  return stat.isCharacterDevice() && isTerminal(fd) ? createTerminalSink(fd) : createFileSink(fd);
}

function createPipeSink(fd: number): DescriptorSink {
  const socket = openSocket(fd);
  return makeClosable(createStreamSink(socket), () => socket.destroySoon());
}

function makeClosable(sink: Sink, close: () => void): DescriptorSink {
  let isOpen = true;
  let lastWrite: Promise<void> | undefined;
  return {
    isTerminal: sink.isTerminal,
    write(bytes) {
      if (!isOpen) return undefined;
      lastWrite = sink.write(bytes);
      return lastWrite;
    },
    close() {
      if (!isOpen) return;
      isOpen = false;
      if (lastWrite === undefined) close();
      else lastWrite.then(close, close);
    },
  };
}

function openSocket(fd: number): Socket {
  // Loaded on demand: files and terminals do not need it.
  const net = process.getBuiltinModule('node:net');
  return new net.Socket({ fd, readable: false });
}

/**
 * Returns a new, non-blocking open file description of a pipe; undefined if that fails. Other
 * processes share the inherited one (`(analytics-mysql …; cat x) | …`), and non-blocking mode would
 * break them; with a blocking one, a stuck write would keep the process from ending.
 */
function reopenPipe(fd: number): number | undefined {
  try {
    const reopened = openSync(`/proc/self/fd/${fd}`, constants.O_WRONLY | constants.O_NONBLOCK);
    if (fstatSync(reopened).isFIFO()) return reopened;
    closeSync(reopened);
  } catch {
    // There is no /proc, or the pipe belongs to another user.
  }
  return undefined;
}

function createStreamSink(stream: Writable): Sink {
  let failure: OutputError | undefined;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    failure ??= new OutputError(error.code ?? 'EIO');
  });
  return {
    write: (bytes) =>
      new Promise((resolve, reject) => {
        if (failure !== undefined) return reject(failure);
        stream.write(bytes, (error) => {
          if (!error) return resolve();
          const { code = 'EIO' } = error as NodeJS.ErrnoException;
          reject(failure ?? new OutputError(code === 'ERR_STREAM_DESTROYED' ? 'EPIPE' : code));
        });
      }),
  };
}

/** For files, and devices such as /dev/null: writes synchronously, because they do not block. */
function createFileSink(fd: number): Sink {
  return {
    write(bytes) {
      try {
        writeAll(fd, bytes);
        return undefined;
      } catch (error) {
        return Promise.reject(new OutputError((error as NodeJS.ErrnoException).code ?? 'EIO'));
      }
    },
  };
}

/** For terminals: writes one buffer after another on Node's thread pool. */
function createTerminalSink(fd: number): Sink {
  let lastWrite: Promise<void> = Promise.resolve();
  return {
    isTerminal: true,
    write(bytes) {
      lastWrite = lastWrite.then(() => writeOnThreadPool(fd, bytes));
      // Avoids an unhandled rejection of the chain; the caller of `write` receives the error.
      lastWrite.catch(() => {});
      return lastWrite;
    },
  };
}

/** Milliseconds to wait before a write to a full descriptor is retried. */
const retryDelay = 5;

function writeOnThreadPool(fd: number, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    let writtenBytes = 0;
    const writeRest = () => {
      write(fd, bytes, writtenBytes, bytes.length - writtenBytes, null, (error, written) => {
        // Another process made the descriptor non-blocking, and the reader is slow.
        if (error?.code === 'EAGAIN') return setTimeout(writeRest, retryDelay);
        if (error) return reject(new OutputError(error.code ?? 'EIO'));
        writtenBytes += written;
        return writtenBytes < bytes.length ? writeRest() : resolve();
      });
    };
    writeRest();
  });
}
