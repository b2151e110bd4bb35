import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FarmInfo } from './farm.js';
import { projectRoot } from './places.js';

/** Writes an option file with the credentials of `research`, readable by its owner alone. */
export function writeOptionFile(farm: FarmInfo, path: string): void {
  const { name, password } = farm.users.research;
  writeFileSync(path, `[client]\nuser = ${name}\npassword = "${password}"\n`, { mode: 0o600 });
}

/** A HOME of its own, in the farm's directory, whose .my.cnf has the credentials. */
export function makeHome(farm: FarmInfo): string {
  const home = join(farm.directory, 'demo');
  mkdirSync(home);
  writeOptionFile(farm, join(home, '.my.cnf'));
  return home;
}

/** What a shell needs so that `analytics-mysql` is the build, and talks to the farm. */
export function shellVariables(farm: FarmInfo): Record<string, string> {
  return {
    PATH: `${join(projectRoot, 'bin')}:${process.env.PATH ?? ''}`,
    ANALYTICS_MYSQL_NAMESERVER: farm.nameserver,
    ANALYTICS_MYSQL_MW_CONFIG_PATH: farm.mwConfigPath,
  };
}
