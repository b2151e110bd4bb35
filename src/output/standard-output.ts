import { closeSync, constants, fstatSync, openSync, type Stats, write } from 'node:fs';
import type { Socket } from 'node:net';
import type { Writable } from 'node:stream';
import { writeAll } from '../files/write-all.js';
import { OutputError, type Sink } from './sink.js';

/** A sink over a descriptor. */
export interface DescriptorSink extends Sink {
  /**
   * Closes what was opened for the sink, after the writes so far; what comes later is dropped without
   * an error, since a signal ends a run at any moment. Can be called again.
   */
  close(): void;
}

/** Standard output as a sink, see openDescriptor. */
export function openStandardOutput(): Sink {
  return openDescriptor(1);
}

/**
 * A descriptor that the caller of the program opened, as a sink. Writing never waits for a reader on
 * the event loop: one that stops reading (`| less`) must not keep Ctrl-C from being noticed.
 */
export function openDescriptor(fd: number): DescriptorSink {
  let stat: Stats;
  try {
    stat = fstatSync(fd);
  } catch {
    // Closed by the caller (`>&-`): as the client, we take what is written and say nothing.
    return { write: () => undefined, close() {} };
  }
  if (stat.isFIFO()) {
    const own = reopen(fd);
    if (own !== undefined) return pipeSink(own);
  }
  const sink = stat.isSocket() ? streamSink(socketOf(fd)) : sinkOf(fd, stat);
  return closable(sink, () => {});
}

/** The same for a descriptor that was opened for the sink alone, non-blocking: `close` closes it. */
export function openOwnDescriptor(fd: number): DescriptorSink {
  const stat = fstatSync(fd);
  return stat.isFIFO() ? pipeSink(fd) : closable(sinkOf(fd, stat), () => closeSync(fd));
}

function sinkOf(fd: number, stat: Stats): Sink {
  return stat.isCharacterDevice() && isTerminal(fd) ? terminalSink(fd) : fileSink(fd);
}

function pipeSink(fd: number): DescriptorSink {
  const socket = socketOf(fd);
  return closable(streamSink(socket), () => socket.destroySoon());
}

function closable(sink: Sink, close: () => void): DescriptorSink {
  let isOpen = true;
  let last: Promise<void> | undefined;
  return {
    write(bytes) {
      if (!isOpen) return undefined;
      last = sink.write(bytes);
      return last;
    },
    close() {
      if (!isOpen) return;
      isOpen = false;
      if (last === undefined) close();
      else last.then(close, close);
    },
  };
}

function isTerminal(fd: number): boolean {
  // Loaded late: only a device can be a terminal, and node:tty loads node:net.
  return process.getBuiltinModule('node:tty').isatty(fd);
}

function socketOf(fd: number): Socket {
  // Loaded late: a file and a terminal do without.
  const net = process.getBuiltinModule('node:net');
  return new net.Socket({ fd, readable: false });
}

/**
 * A pipe's own open file description, non-blocking. The one that we were given is shared with
 * other processes (`(analytics-mysql …; cat x) | …`), which non-blocking mode would break; and a
 * blocking write that is stuck would keep the process from ending.
 */
function reopen(fd: number): number | undefined {
  try {
    const own = openSync(`/proc/self/fd/${fd}`, constants.O_WRONLY | constants.O_NONBLOCK);
    if (fstatSync(own).isFIFO()) return own;
    closeSync(own);
  } catch {
    // No /proc, or another user's pipe.
  }
  return undefined;
}

function streamSink(stream: Writable): Sink {
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

/** For files, and devices such as /dev/null: written at once, since they do not keep us waiting. */
function fileSink(fd: number): Sink {
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

/** For terminals: one write after another, on Node's thread pool. */
function terminalSink(fd: number): Sink {
  let last: Promise<void> = Promise.resolve();
  return {
    write(bytes) {
      last = last.then(() => writeInPool(fd, bytes));
      // Whoever wrote hears of the failure; the chain itself must not count as unhandled.
      last.catch(() => {});
      return last;
    },
  };
}

/** How long to wait before a descriptor that was full is tried again, in milliseconds. */
const retryDelay = 5;

function writeInPool(fd: number, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    let done = 0;
    const next = () => {
      write(fd, bytes, done, bytes.length - done, null, (error, written) => {
        // Somebody else made the descriptor non-blocking, and its reader is slow.
        if (error?.code === 'EAGAIN') return setTimeout(next, retryDelay);
        if (error) return reject(new OutputError(error.code ?? 'EIO'));
        done += written;
        return done < bytes.length ? next() : resolve();
      });
    };
    next();
  });
}
