import { execFileSync } from 'node:child_process';
import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openFileOutput } from '../../src/output/file-output.js';
import { temporaryDirectory } from '../temporary-directory.js';

/** Returns the number of open descriptors of this process for `path`. */
function countDescriptors(path: string): number {
  const paths = readdirSync('/proc/self/fd').map((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      // The descriptor with which readdirSync read the directory is already closed.
      return undefined;
    }
  });
  return paths.filter((each) => each === path).length;
}

describe('a named pipe', () => {
  let path: string;
  let reader: number;

  beforeEach(() => {
    path = join(temporaryDirectory(), 'pipe');
    execFileSync('mkfifo', [path]);
    reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  });

  afterEach(() => closeSync(reader));

  /** Returns what a read returns: `''` at the end of file, `EAGAIN` while a writer is open. */
  function readPipe(): string {
    const bytes = Buffer.alloc(100);
    try {
      return bytes.subarray(0, readSync(reader, bytes)).toString();
    } catch (error) {
      return (error as NodeJS.ErrnoException).code ?? '';
    }
  }

  it.each(['finish', 'discard'] as const)('is closed by %s', async (method) => {
    const output = openFileOutput(path, undefined);
    await output.write(Buffer.from('a\n'));
    expect([readPipe(), readPipe()]).toEqual(['a\n', 'EAGAIN']);
    await output[method]();
    await expect.poll(readPipe).toBe('');
    expect(countDescriptors(path)).toBe(1);
    // A signal can end a run at any time, so late calls must do nothing.
    await output.write(Buffer.from('late'));
    output.discard();
    expect(countDescriptors(path)).toBe(1);
  });

  it('stays open if the path is an inherited descriptor', async () => {
    const descriptor = openSync(path, constants.O_WRONLY);
    const output = openFileOutput(`/dev/fd/${descriptor}`, undefined);
    await output.write(Buffer.from('a\n'));
    await output.finish();
    // One descriptor is the reader's, one is the inherited one.
    await expect.poll(() => countDescriptors(path)).toBe(2);
    expect(fstatSync(descriptor).isFIFO()).toBe(true);
    expect([readPipe(), readPipe()]).toEqual(['a\n', 'EAGAIN']);
    closeSync(descriptor);
    expect(readPipe()).toBe('');
  });
});

describe('a device', () => {
  it.each(['finish', 'discard'] as const)('is closed by %s', async (method) => {
    const before = countDescriptors('/dev/null');
    const output = openFileOutput('/dev/null', undefined);
    expect(countDescriptors('/dev/null')).toBe(before + 1);
    await output.write(Buffer.from('a\n'));
    await output[method]();
    output.discard();
    expect(countDescriptors('/dev/null')).toBe(before);
  });
});
