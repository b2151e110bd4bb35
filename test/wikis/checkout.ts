import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../../src/failure.js';
import { temporaryDirectory } from '../temporary-directory.js';

/** Creates a checkout of mediawiki-config with these files in dblists/. Returns its path. */
export function createCheckout(files: Record<string, string>): string {
  const path = temporaryDirectory();
  mkdirSync(join(path, 'dblists'));
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(path, 'dblists', name), content);
  }
  return path;
}

/** Returns the Failure that `callback` throws as `code: message`. Throws if there is no Failure. */
export function catchFailure(callback: () => unknown): string {
  try {
    callback();
  } catch (error) {
    if (error instanceof Failure) return `${error.code}: ${error.message}`;
    throw error;
  }
  throw new Error('nothing was thrown');
}
