import { inject } from 'vitest';
import type { QueryOptions } from '../../src/library/index.js';
import type { Users } from '../farm/users.js';

/** Returns the options for a query on the farm, which exclude all settings of the machine. */
export function farmOptions(user: keyof Users = 'research'): QueryOptions {
  const { nameserver, mwConfigPath, users } = inject('farm');
  const { name, password } = users[user];
  return { noDefaults: true, user: name, password, nameservers: [nameserver], mwConfigPath };
}

/** Returns the error of a rejected promise as `code: message` or `errno (SQL state): message`. */
export async function errorOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    const { code, errno, sqlState, message } = error as Record<string, unknown>;
    return `${errno === undefined ? code : `${errno} (${sqlState})`}: ${message}`;
  }
  return 'no error';
}
