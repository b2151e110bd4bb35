import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { TestContext } from 'vitest';

/**
 * Tests whether a program is on PATH. test/farm/install installs those that the tests use; on a machine
 * where it cannot, their tests are skipped.
 */
export function hasProgram(name: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((directory) => {
    try {
      accessSync(join(directory, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/**
 * Skips the test, with the reason, if a program is not on PATH.
 *
 * @param packageName the program's package in Debian
 */
export function requireProgram(test: TestContext, name: string, packageName = name): void {
  test.skip(!hasProgram(name), `this needs ${name}: install ${packageName}`);
}
