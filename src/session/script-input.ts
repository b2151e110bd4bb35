import { fstatSync, read } from 'node:fs';
import type { InputSettings } from '../cli/settings.js';
import { Failure } from '../failure.js';
import { toExactBytes } from '../text/exact-bytes.js';

/**
 * Returns the text of a script in chunks: that of -e, else standard input. A chunk is valid only
 * until the next one is requested.
 */
export function openScriptInput({
  execute,
}: InputSettings): AsyncIterable<Uint8Array> | Iterable<Uint8Array> {
  // Like the client: several -e make one text, followed by a newline.
  return execute === undefined ? readStandardInput() : [toExactBytes(`${execute.join(' ')}\n`)];
}

/**
 * Throws a Failure if standard input is a directory. Like the client, call this before anything
 * else.
 */
export function rejectDirectoryInput(): void {
  if (!fstatSync(0).isDirectory()) return;
  const text = "Can't read from a directory 'stdin'";
  throw new Failure('input-unreadable', text, 1, [`ERROR: ${text}`]);
}

async function* readStandardInput(): AsyncIterable<Uint8Array> {
  try {
    yield* fstatSync(0).isFile() ? readFileChunks() : process.stdin;
  } catch (error) {
    const { code = 'EIO' } = error as NodeJS.ErrnoException;
    throw new Failure('input-unreadable', `cannot read standard input: ${code}`);
  }
}

/** The number of bytes per read of a file. Node's streams read 64 kB, which means more waits. */
const chunkSize = 1 << 20;

/**
 * Reads standard input from its current offset, with one buffer for all chunks: Node's streams
 * allocate a buffer per chunk, which is freed late.
 */
async function* readFileChunks(): AsyncIterable<Uint8Array> {
  const buffer = Buffer.allocUnsafeSlow(chunkSize);
  for (;;) {
    const length = await new Promise<number>((resolve, reject) => {
      read(0, buffer, 0, chunkSize, null, (error, count) =>
        error ? reject(error) : resolve(count),
      );
    });
    if (length === 0) return;
    yield buffer.subarray(0, length);
  }
}
