import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { removeAbandonedFiles } from '../../src/files/atomic-file.js';
import { AppendingSink, FileSink } from '../../src/output/file-sink.js';
import { temporaryDirectory } from '../temporary-directory.js';

const modeOf = (path: string) => statSync(path).mode & 0o777;

describe('FileSink', () => {
  it('gives the file its name only when it is finished', async () => {
    const path = join(temporaryDirectory(), 'out.tsv');
    const sink = new FileSink(path);
    await sink.write(Buffer.from('a\n'));
    expect(existsSync(path)).toBe(false);
    sink.finish();
    expect(readFileSync(path, 'utf8')).toBe('a\n');
    expect(modeOf(path)).toBe(0o600);
  });

  it('leaves partial files, which removeAbandonedFiles removes if their process is gone', async () => {
    const directory = temporaryDirectory();
    const path = join(directory, 'out.tsv');
    const { pid: exitedPid } = spawnSync('true');
    const others = [
      `.other.tsv.${exitedPid}-abc123.part`,
      '.out.tsv.x.part',
      '.out.tsv.run',
      'out.tsv',
    ];
    for (const name of [`.out.tsv.${exitedPid}-abc123.part`, ...others]) {
      writeFileSync(join(directory, name), '');
    }
    const sink = new FileSink(path);
    const unfinished = readdirSync(directory).find((name) => name.includes(`${process.pid}-`));
    removeAbandonedFiles(path);
    expect(readdirSync(directory).sort()).toEqual([...others, unfinished].sort());
    sink.discard();
    expect(removeAbandonedFiles(join(directory, 'no', 'out.tsv'))).toBeUndefined();
  });

  it('keeps the old file until it is finished, and then keeps its mode', async () => {
    const path = join(temporaryDirectory(), 'out.tsv');
    writeFileSync(path, 'old');
    chmodSync(path, 0o640);
    const sink = new FileSink(path);
    await sink.write(Buffer.from('new'));
    expect(readFileSync(path, 'utf8')).toBe('old');
    sink.finish();
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(modeOf(path)).toBe(0o640);
  });

  it('replaces the target of a symbolic link', async () => {
    const directory = temporaryDirectory();
    const [path, link] = [join(directory, 'out.tsv'), join(directory, 'link')];
    writeFileSync(path, 'old');
    symlinkSync(path, link);
    const sink = new FileSink(link);
    await sink.write(Buffer.from('new'));
    sink.finish();
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(readlinkSync(link)).toBe(path);
  });

  it('writes directly to a path that is not a regular file', async () => {
    // A pipe and not a system device, because a bug would replace the device.
    const directory = temporaryDirectory();
    const path = join(directory, 'pipe');
    execFileSync('mkfifo', [path]);
    const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const sink = new FileSink(path);
    await sink.write(Buffer.from('a\n'));
    sink.finish();
    expect(readFileSync(reader, 'utf8')).toBe('a\n');
    closeSync(reader);
    expect(readdirSync(directory)).toEqual(['pipe']);
    expect(statSync(path).isFIFO()).toBe(true);
  });

  it('leaves no file after discard()', async () => {
    const directory = temporaryDirectory();
    const sink = new FileSink(join(directory, 'out.tsv'));
    await sink.write(Buffer.from('half'));
    sink.discard();
    expect(readdirSync(directory)).toEqual([]);
  });

  it('throws if the directory does not exist, or if the path is a directory', () => {
    const directory = temporaryDirectory();
    mkdirSync(join(directory, 'sub'));
    const codeOf = (path: string) => {
      try {
        new FileSink(path);
        return 'made';
      } catch (error) {
        return (error as { code?: string }).code;
      }
    };
    expect(codeOf(join(directory, 'nowhere', 'x'))).toBe('ENOENT');
    expect(codeOf(join(directory, 'sub'))).toBe('EISDIR');
  });
});

describe('AppendingSink', () => {
  it('keeps the content of the file, and creates a new file with mode 0600', async () => {
    const path = join(temporaryDirectory(), 'log');
    for (const text of ['a', 'b']) {
      const sink = new AppendingSink(path);
      await sink.write(Buffer.from(text));
      sink.close();
    }
    expect(readFileSync(path, 'utf8')).toBe('ab');
    expect(modeOf(path)).toBe(0o600);
  });
});
