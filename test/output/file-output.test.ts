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
import { temporaryDirectory } from '../temporary.js';

/** How many descriptors of this process lead to a path. */
function openOn(path: string): number {
  const paths = readdirSync('/proc/self/fd').map((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      // The one that the directory was read with.
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

  /** What a read gives: `''` at the end, `EAGAIN` while somebody may still write. */
  function read(): string {
    const bytes = Buffer.alloc(100);
    try {
      return bytes.subarray(0, readSync(reader, bytes)).toString();
    } catch (error) {
      return (error as NodeJS.ErrnoException).code ?? '';
    }
  }

  it.each(['finish', 'discard'] as const)('is closed by %s', async (end) => {
    const output = openFileOutput(path, undefined);
    await output.write(Buffer.from('a\n'));
    expect([read(), read()]).toEqual(['a\n', 'EAGAIN']);
    await output[end]();
    await expect.poll(read).toBe('');
    expect(openOn(path)).toBe(1);
    // A signal ends a run at any moment.
    await output.write(Buffer.from('late'));
    output.discard();
    expect(openOn(path)).toBe(1);
  });

  it('stays open where it is a descriptor of ours', async () => {
    const descriptor = openSync(path, constants.O_WRONLY);
    const output = openFileOutput(`/dev/fd/${descriptor}`, undefined);
    await output.write(Buffer.from('a\n'));
    await output.finish();
    // The reader's, and ours.
    await expect.poll(() => openOn(path)).toBe(2);
    expect(fstatSync(descriptor).isFIFO()).toBe(true);
    expect([read(), read()]).toEqual(['a\n', 'EAGAIN']);
    closeSync(descriptor);
    expect(read()).toBe('');
  });
});

describe('a device', () => {
  it.each(['finish', 'discard'] as const)('is closed by %s', async (end) => {
    const before = openOn('/dev/null');
    const output = openFileOutput('/dev/null', undefined);
    expect(openOn('/dev/null')).toBe(before + 1);
    await output.write(Buffer.from('a\n'));
    await output[end]();
    output.discard();
    expect(openOn('/dev/null')).toBe(before);
  });
});
