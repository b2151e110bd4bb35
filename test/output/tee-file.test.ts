import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { TeeFile } from '../../src/output/tee-file.js';

const directory = mkdtempSync(join(tmpdir(), 'tee-'));
afterAll(() => rmSync(directory, { recursive: true }));

let files = 0;
const newPath = () => join(directory, `${++files}`);
const rethrow = (error: Error) => {
  throw error;
};

const keep = (bytes: Uint8Array) => bytes;

describe('TeeFile', () => {
  it('creates a new file with mode 0600, and keeps the mode and content of an old one', () => {
    const path = newPath();
    new TeeFile(path, rethrow, keep).close();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const old = newPath();
    writeFileSync(old, 'before\n', { mode: 0o644 });
    const tee = new TeeFile(old, rethrow, keep);
    tee.append(Buffer.from('after\n'));
    tee.close();
    expect(statSync(old).mode & 0o777).toBe(0o644);
    expect(readFileSync(old, 'utf8')).toBe('before\nafter\n');
  });

  it('keeps every byte', () => {
    const path = newPath();
    const tee = new TeeFile(path, rethrow, () => Buffer.from('not for a file'));
    tee.append(Buffer.from('a \x1b[2mNULL\x1b[22m \x9b', 'latin1'));
    tee.close();
    tee.append(Buffer.from('later'));
    expect(readFileSync(path, 'latin1')).toBe('a \x1b[2mNULL\x1b[22m \x9b');
  });

  it("throws the system's errors", () => {
    expect(() => new TeeFile(directory, rethrow, keep)).toThrow('EISDIR');
    expect(() => new TeeFile(join(directory, 'no', 'file'), rethrow, keep)).toThrow('ENOENT');
  });

  it('reports a full disk once', () => {
    const codes: (string | undefined)[] = [];
    const tee = new TeeFile('/dev/full', ({ code }) => codes.push(code), keep);
    tee.append(Buffer.from('a'));
    tee.append(Buffer.from('b'));
    tee.close();
    expect(codes).toEqual(['ENOSPC']);
  });
});
