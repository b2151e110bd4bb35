import type { FileHandle } from 'node:fs/promises';
import { headerLength } from '../protocol/packets.js';
import { clientErrors, SqlError } from '../protocol/sql-error.js';

/** Whether a statement named this file, so that the server may have it. */
export type AllowLocalFile = (name: Uint8Array) => boolean;

/** Sends one packet of the answer; a promise holds back until the server takes more. */
export type SendFrame = (frame: Uint8Array) => Promise<void> | undefined;

/**
 * Answers a server that asks for a local file: with its content, piece by piece, if `offers` says
 * so, else with nothing; an empty packet ends it either way.
 *
 * `sequence` is the request's packet number. Gives the error with which the statement is to fail:
 * the file was not offered, or it cannot be opened (the client has the system's error number for
 * the error's own). What cannot be read later on ends the file, as in the client.
 */
export async function answerFileRequest(
  name: Uint8Array,
  offers: AllowLocalFile | undefined,
  sequence: number,
  pieceLength: number,
  send: SendFrame,
): Promise<SqlError | undefined> {
  const piece = Buffer.allocUnsafeSlow(headerLength + pieceLength);
  let next = sequence + 1;
  const sendPiece = (length: number) => {
    const frame = Buffer.from(piece.subarray(0, headerLength + length));
    frame.writeUIntLE(length, 0, 3);
    frame[3] = next++ & 0xff;
    return send(frame);
  };
  let file: FileHandle | undefined;
  try {
    if (!offers?.(name)) return notOffered();
    // Loaded late: few runs send a file.
    const { open } = process.getBuiltinModule('node:fs/promises');
    file = await open(Buffer.from(name), 'r');
    for (;;) {
      const length = await readPiece(file, piece, pieceLength);
      if (length === 0) return undefined;
      await sendPiece(length);
    }
  } catch (error) {
    return cannotOpen(name, error as NodeJS.ErrnoException);
  } finally {
    await file?.close();
    await sendPiece(0);
  }
}

async function readPiece(file: FileHandle, piece: Buffer, length: number): Promise<number> {
  try {
    return (await file.read(piece, headerLength, length)).bytesRead;
  } catch {
    return 0;
  }
}

function notOffered(): SqlError {
  return new SqlError(clientErrors.unknown, 'HY000', 'Load data local infile forbidden', 'first');
}

function cannotOpen(name: Uint8Array, { errno = 0 }: NodeJS.ErrnoException): SqlError {
  // The client does not ask the system for a file without a name.
  const number = name.length === 0 ? 0 : -errno;
  const text = [Buffer.from("File '"), name, Buffer.from(`' not found (Errcode: ${number})`)];
  return new SqlError(number, 'HY000', Buffer.concat(text), 'first');
}
