import { spawnSync } from 'node:child_process';

/*
 * The reference client, mariadb: its version, and the arguments that make its versions comparable.
 */

/** The options that the client accepts only before all others. */
const leadingOptions = /^--(no-defaults$|print-defaults$|defaults-(file|extra-file|group-suffix)=)/;

/** --default-character-set, with all spellings that the client accepts. */
const characterSet = /^--(loose-|skip-|disable-|enable-)*default[-_]c/i;

/**
 * Returns the arguments with which any version of the reference client does what the built program
 * does with `args`. The added options come before `args`, so that the same option in `args` has
 * precedence.
 *
 * Since 11.4 the client verifies certificates by default; the program does so only if a certificate
 * authority is given. The program's default character set is utf8mb4; the client's depends on its
 * version and on the locale.
 */
export function referenceArguments(args: readonly string[]): string[] {
  let start = 0;
  while (leadingOptions.test(args[start] ?? '')) start += 1;
  // --print-defaults prints the arguments, so that nothing may be added.
  if (args.slice(0, start).includes('--print-defaults')) return [...args];
  const added = ['--disable-ssl-verify-server-cert'];
  if (!args.some((arg) => characterSet.test(arg))) added.push('--default-character-set=utf8mb4');
  return [...args.slice(0, start), ...added, ...args.slice(start)];
}

/** Versions of the client whose behavior in a case differs from the program's, and the reason. */
export interface VersionRange {
  /** The first version that differs. */
  since: string;
  /** The first later version that does not differ. */
  before?: string;
  reason: string;
}

/** True if the version of the installed client is in the range. */
export function isClientWithin({ since, before }: VersionRange): boolean {
  const version = clientVersion();
  return isAtLeast(version, since) && !(before !== undefined && isAtLeast(version, before));
}

let cachedVersion: string | undefined;

/** Returns the version of the installed client, such as `10.11.19`; throws if it is unknown. */
export function clientVersion(): string {
  cachedVersion ??= readVersion();
  return cachedVersion;
}

function readVersion(): string {
  const { stdout, error } = spawnSync('mariadb', ['--version'], { encoding: 'utf8' });
  const found = /\b(\d+\.\d+\.\d+)-MariaDB\b/.exec(stdout ?? '')?.[1];
  if (found === undefined)
    throw new Error(`mariadb --version shows no version: ${error ?? stdout}`);
  return found;
}

/** True if `version` is `least` or newer; both are numbers separated by periods. */
export function isAtLeast(version: string, least: string): boolean {
  const numbers = version.split('.').map(Number);
  for (const [i, number] of least.split('.').map(Number).entries()) {
    const difference = (numbers[i] ?? 0) - number;
    if (difference !== 0) return difference > 0;
  }
  return true;
}
