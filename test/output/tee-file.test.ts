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

describe('TeeFile', () => {
  it('creates a new file with mode 0600, and keeps the mode and content of an old one', () => {
    const path = newPath();
    new TeeFile(path, rethrow).close();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const old = newPath();
    writeFileSync(old, 'before\n', { mode: 0o644 });
    const tee = new TeeFile(old, rethrow);
    tee.append(Buffer.from('after\n'));
    tee.close();
    expect(statSync(old).mode & 0o777).toBe(0o644);
    expect(readFileSync(old, 'utf8')).toBe('before\nafter\n');
  });

  const text = 'a \x1b[2mNULL\x1b[22m \x1b[31mred\x1b[0m \x1b \x1b[2\x1b[2m\\n\x1b[22m\x1b[2m';
  const plain = 'a NULL \x1b[31mred\x1b[0m \x1b \x1b[2\\n';

  it('removes only the dimming sequences, however the text is split', () => {
    for (let size = 1; size <= text.length; size++) {
      const path = newPath();
      const tee = new TeeFile(path, rethrow);
      for (let position = 0; position < text.length; position += size) {
        tee.append(Buffer.from(text.slice(position, position + size)));
      }
      tee.close();
      expect(readFileSync(path, 'utf8')).toBe(plain);
    }
  });

  it('keeps an incomplete sequence at the end', () => {
    const path = newPath();
    const tee = new TeeFile(path, rethrow);
    tee.append(Buffer.from('a\x1b[2'));
    tee.close();
    tee.append(Buffer.from('later'));
    expect(readFileSync(path, 'utf8')).toBe('a\x1b[2');
  });

  it("throws the system's errors", () => {
    expect(() => new TeeFile(directory, rethrow)).toThrow('EISDIR');
    expect(() => new TeeFile(join(directory, 'no', 'file'), rethrow)).toThrow('ENOENT');
  });

  it('reports a full disk once', () => {
    const codes: (string | undefined)[] = [];
    const tee = new TeeFile('/dev/full', ({ code }) => codes.push(code));
    tee.append(Buffer.from('a'));
    tee.append(Buffer.from('b'));
    tee.close();
    expect(codes).toEqual(['ENOSPC']);
  });
});
