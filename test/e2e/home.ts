import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inject } from 'vitest';
import { writeOptionFile } from '../farm/shell.js';
import type { Users } from '../farm/users.js';

/** Creates an empty directory inside the farm's directory, which is removed with the farm. */
export function emptyDirectory(): string {
  return mkdtempSync(join(inject('farm').directory, 'e2e-'));
}

/** Creates a home directory whose .my.cnf logs in as `research`. */
export function homeWithCredentials(): string {
  const home = emptyDirectory();
  writeOptionFile(inject('farm'), join(home, '.my.cnf'));
  return home;
}

/** Writes an option file with the name and password of one of the farm's users. */
export function credentialsFile(path: string, user: keyof Users, mode = 0o600): void {
  const { name, password } = inject('farm').users[user];
  const quoted = password.replaceAll('\\', '\\\\').replaceAll('"', '\\"');
  writeFileSync(path, `[client]\nuser=${name}\npassword="${quoted}"\n`);
  chmodSync(path, mode);
}
