import type { FileHandle } from 'node:fs/promises';
import { headerLength } from '../protocol/packets.js';
import { clientErrors, SqlError } from '../protocol/sql-error.js';

/** Tells whether the statement names this file, so that the server may read it. */
export type AllowLocalFile = (name: Uint8Array) => boolean;

/**
 * Sends one packet of the answer. If it returns a promise, the sender waits for it before the next
 * packet.
 */
export type SendFrame = (frame: Uint8Array) => Promise<void> | undefined;

/**
 * Answers the server's request for a local file (LOAD DATA LOCAL): sends its content in chunks of
 * `chunkLength` bytes if `allowsFile` returns true, else nothing. An empty packet ends both
 * answers.
 *
 * `sequence`: the packet number of the request. Returns the error with which the statement must
 * fail: the file is not allowed, or it cannot be opened (the client then uses the system's error
 * number as the number of the error). A later read error ends the file, as in the client.
 */
export async function answerFileRequest(
  name: Uint8Array,
  allowsFile: AllowLocalFile | undefined,
  sequence: number,
  chunkLength: number,
  send: SendFrame,
): Promise<SqlError | undefined> {
  const frameBuffer = Buffer.allocUnsafeSlow(headerLength + chunkLength);
  let nextSequence = sequence + 1;
  const sendChunk = (length: number) => {
    const frame = Buffer.from(frameBuffer.subarray(0, headerLength + length));
    frame.writeUIntLE(length, 0, 3);
    frame[3] = nextSequence++ & 0xff;
    return send(frame);
  };
  let file: FileHandle | undefined;
  try {
    if (!allowsFile?.(name)) return forbiddenError();
    // Load node:fs/promises only when needed: few runs send a file.
    const { open } = process.getBuiltinModule('node:fs/promises');
    file = await open(Buffer.from(name), 'r');
    for (;;) {
      const length = await readChunk(file, frameBuffer, chunkLength);
      if (length === 0) return undefined;
      await sendChunk(length);
    }
  } catch (error) {
    return cannotOpenError(name, error as NodeJS.ErrnoException);
  } finally {
    await file?.close();
    await sendChunk(0);
  }
}

async function readChunk(file: FileHandle, frameBuffer: Buffer, length: number): Promise<number> {
  try {
    return (await file.read(frameBuffer, headerLength, length)).bytesRead;
  } catch {
    return 0;
  }
}

function forbiddenError(): SqlError {
  return new SqlError(clientErrors.unknown, 'HY000', 'Load data local infile forbidden', 'first');
}

function cannotOpenError(name: Uint8Array, { errno = 0 }: NodeJS.ErrnoException): SqlError {
  // The client does not try to open a file without a name, so there is no system error.
  const number = name.length === 0 ? 0 : -errno;
  const text = [Buffer.from("File '"), name, Buffer.from(`' not found (Errcode: ${number})`)];
  return new SqlError(number, 'HY000', Buffer.concat(text), 'first');
}
