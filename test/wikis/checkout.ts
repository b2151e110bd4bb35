import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../../src/failure.js';
import { temporaryDirectory } from '../temporary.js';

/** Writes a small checkout of mediawiki-config: file name in dblists/ → content. Gives its path. */
export function checkout(files: Record<string, string>): string {
  const path = temporaryDirectory();
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
