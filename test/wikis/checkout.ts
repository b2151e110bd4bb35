import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { Failure } from '../../src/failure.js';

const made: string[] = [];

afterAll(() => {
  for (const path of made) rmSync(path, { recursive: true });
});

/** An empty folder that goes when the tests of this file are done. */
export function temporaryFolder(): string {
  const path = mkdtempSync(join(tmpdir(), 'analytics-mysql-'));
  made.push(path);
  return path;
}

/** Writes a small checkout of mediawiki-config: file name in dblists/ → content. Gives its path. */
export function checkout(files: Record<string, string>): string {
  const path = temporaryFolder();
  mkdirSync(join(path, 'dblists'));
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(path, 'dblists', name), content);
  }
  return path;
}

/** What `act` throws, as `code: message`; fails when it throws nothing or a defect. */
export function failureOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof Failure) return `${error.code}: ${error.message}`;
    throw error;
  }
  throw new Error('nothing was thrown');
}
