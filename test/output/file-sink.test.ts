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
import { removeAbandoned } from '../../src/files/atomic-file.js';
import { AppendingSink, FileSink } from '../../src/output/file-sink.js';
import { temporaryDirectory } from '../temporary.js';

const modeOf = (path: string) => statSync(path).mode & 0o777;

describe('a file that comes into being whole', () => {
  it('has its name only when it is finished', async () => {
    const path = join(temporaryDirectory(), 'out.tsv');
    const sink = new FileSink(path);
    await sink.write(Buffer.from('a\n'));
    expect(existsSync(path)).toBe(false);
    sink.finish();
    expect(readFileSync(path, 'utf8')).toBe('a\n');
    expect(modeOf(path)).toBe(0o600);
  });

  it('can be rid of what killed programs have left beside it, and of nothing else', async () => {
    const directory = temporaryDirectory();
    const path = join(directory, 'out.tsv');
    const { pid: gone } = spawnSync('true');
    const others = [`.other.tsv.${gone}-abc123.part`, '.out.tsv.x.part', '.out.tsv.run', 'out.tsv'];
    for (const name of [`.out.tsv.${gone}-abc123.part`, ...others]) {
      writeFileSync(join(directory, name), '');
    }
    const sink = new FileSink(path);
    const underWay = readdirSync(directory).find((name) => name.includes(`${process.pid}-`));
    removeAbandoned(path);
    expect(readdirSync(directory).sort()).toEqual([...others, underWay].sort());
    sink.discard();
    expect(removeAbandoned(join(directory, 'no', 'out.tsv'))).toBeUndefined();
  });

  it('leaves what was there alone until then, and keeps its mode', async () => {
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

  it('is the one that a link leads to', async () => {
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

  it('is written to as it is where it is no file', async () => {
    // Not a device of the machine's: a mistake would replace that.
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

  it('leaves nothing if it is given up', async () => {
    const directory = temporaryDirectory();
    const sink = new FileSink(join(directory, 'out.tsv'));
    await sink.write(Buffer.from('half'));
    sink.discard();
    expect(readdirSync(directory)).toEqual([]);
  });

  it('cannot be made where there is no directory, or in place of one', () => {
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

describe('a file that is added to', () => {
  it('keeps what it has, and is for the user alone if it is new', async () => {
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
