import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FarmInfo } from './farm.js';
import { projectRoot } from './sections.js';

/*
 * Option files and environment variables with which a shell, or a user, runs the program on the farm.
 */

/** Writes an option file with the credentials of `research`; only its owner can read it. */
export function writeOptionFile(farm: FarmInfo, path: string): void {
  const { name, password } = farm.users.research;
  writeFileSync(path, `[client]\nuser = ${name}\npassword = "${password}"\n`, { mode: 0o600 });
}

/** Creates a home directory in the farm's directory, with the credentials in .my.cnf. */
export function makeHome(farm: FarmInfo): string {
  const home = join(farm.directory, 'demo');
  mkdirSync(home);
  writeOptionFile(farm, join(home, '.my.cnf'));
  return home;
}

/** Returns variables with which a shell finds the built `analytics-mysql`, and it finds the farm. */
export function shellVariables(farm: FarmInfo): Record<string, string> {
  return {
    PATH: `${join(projectRoot, 'bin')}:${process.env.PATH ?? ''}`,
    ANALYTICS_MYSQL_NAMESERVER: farm.nameserver,
    ANALYTICS_MYSQL_MW_CONFIG_PATH: farm.mwConfigPath,
  };
}
