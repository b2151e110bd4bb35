import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { TeeFile } from '../../src/output/tee-file.js';

const directory = mkdtempSync(join(tmpdir(), 'tee-'));
afterAll(() => rmSync(directory, { recursive: true }));

let files = 0;
const newPath = () => join(directory, `${++files}`);
const fails = (error: Error) => {
  throw error;
};

describe('TeeFile', () => {
  it('is for its owner alone where it is new, and else stays as it is', () => {
    const path = newPath();
    new TeeFile(path, fails).close();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const old = newPath();
    writeFileSync(old, 'before\n', { mode: 0o644 });
    const tee = new TeeFile(old, fails);
    tee.append(Buffer.from('after\n'));
    tee.close();
    expect(statSync(old).mode & 0o777).toBe(0o644);
    expect(readFileSync(old, 'utf8')).toBe('before\nafter\n');
  });

  const text = 'a \x1b[2mNULL\x1b[22m \x1b[31mred\x1b[0m \x1b \x1b[2\x1b[2m\\n\x1b[22m\x1b[2m';
  const plain = 'a NULL \x1b[31mred\x1b[0m \x1b \x1b[2\\n';

  it('leaves out our dimming alone, however the text is cut', () => {
    for (let size = 1; size <= text.length; size++) {
      const path = newPath();
      const tee = new TeeFile(path, fails);
      for (let at = 0; at < text.length; at += size) {
        tee.append(Buffer.from(text.slice(at, at + size)));
      }
      tee.close();
      expect(readFileSync(path, 'utf8')).toBe(plain);
    }
  });

  it('keeps the beginning of a sequence that never goes on', () => {
    const path = newPath();
    const tee = new TeeFile(path, fails);
    tee.append(Buffer.from('a\x1b[2'));
    tee.close();
    tee.append(Buffer.from('later'));
    expect(readFileSync(path, 'utf8')).toBe('a\x1b[2');
  });

  it('throws what the system says', () => {
    expect(() => new TeeFile(directory, fails)).toThrow('EISDIR');
    expect(() => new TeeFile(join(directory, 'no', 'file'), fails)).toThrow('ENOENT');
  });

  it('tells once that the disk is full', () => {
    const codes: (string | undefined)[] = [];
    const tee = new TeeFile('/dev/full', ({ code }) => codes.push(code));
    tee.append(Buffer.from('a'));
    tee.append(Buffer.from('b'));
    tee.close();
    expect(codes).toEqual(['ENOSPC']);
  });
});
