import { fstatSync, read } from 'node:fs';
import { exactBytes } from '../cli/exact-arguments.js';
import type { InputSettings } from '../cli/settings.js';
import { Failure } from '../failure.js';

/** The statements of a script: -e, else standard input. A piece is good until the next is asked for. */
export function inputOf({
  execute,
}: InputSettings): AsyncIterable<Uint8Array> | Iterable<Uint8Array> {
  // As the client: several -e are one text, with a newline behind it.
  return execute === undefined ? standardInput() : [exactBytes(`${execute.join(' ')}\n`)];
}

/** Throws a Failure if standard input is a directory; as the client, before anything else is done. */
export function refuseDirectory(): void {
  if (!fstatSync(0).isDirectory()) return;
  const text = "Can't read from a directory 'stdin'";
  throw new Failure('input-unreadable', text, 1, [`ERROR: ${text}`]);
}

async function* standardInput(): AsyncIterable<Uint8Array> {
  try {
    yield* fstatSync(0).isFile() ? piecesOfFile() : process.stdin;
  } catch (error) {
    const { code = 'EIO' } = error as NodeJS.ErrnoException;
    throw new Failure('input-unreadable', `cannot read standard input: ${code}`);
  }
}

/** Bytes of a file that are read at once: the 64 kB of Node's own stream cost a wait for each. */
const pieceSize = 1 << 20;

/**
 * What follows the place where standard input stands, all of it through one piece of memory: Node's
 * own stream takes a new one for each, which is given back late.
 */
async function* piecesOfFile(): AsyncIterable<Uint8Array> {
  const piece = Buffer.allocUnsafeSlow(pieceSize);
  for (;;) {
    const length = await new Promise<number>((resolve, reject) => {
      read(0, piece, 0, pieceSize, null, (error, count) =>
        error ? reject(error) : resolve(count),
      );
    });
    if (length === 0) return;
    yield piece.subarray(0, length);
  }
}
