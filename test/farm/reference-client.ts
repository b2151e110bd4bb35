import { spawnSync } from 'node:child_process';

/** The options that the client wants before all others. */
const first = /^--(no-defaults$|print-defaults$|defaults-(file|extra-file|group-suffix)=)/;

/** --default-character-set and all that the client takes for it. */
const characterSet = /^--(loose-|skip-|disable-|enable-)*default[-_]c/i;

/**
 * The arguments with which the reference client, of whatever version, does what `args` ask of ours.
 * They go in front of `args`, so that a case that sets the same option decides.
 *
 * Since 11.4 the client verifies certificates unless told otherwise; we do so where an authority is
 * named. Our character set is utf8mb4 by default; which is the client's depends on its version and
 * on the locale.
 */
export function referenceArguments(args: readonly string[]): string[] {
  let start = 0;
  while (first.test(args[start] ?? '')) start += 1;
  // What --print-defaults shows are the arguments themselves.
  if (args.slice(0, start).includes('--print-defaults')) return [...args];
  const added = ['--disable-ssl-verify-server-cert'];
  if (!args.some((arg) => characterSet.test(arg))) added.push('--default-character-set=utf8mb4');
  return [...args.slice(0, start), ...added, ...args.slice(start)];
}

/** The versions of the client for which a case is known to differ from what we do, and why. */
export interface VersionRange {
  /** The first version. */
  since: string;
  /** The first version that is like us again. */
  before?: string;
  reason: string;
}

/** Whether the installed client is one of those. */
export function isClientWithin({ since, before }: VersionRange): boolean {
  const version = clientVersion();
  return isAtLeast(version, since) && !(before !== undefined && isAtLeast(version, before));
}

let known: string | undefined;

/** The version of the installed client, such as `10.11.19`. */
export function clientVersion(): string {
  known ??= readVersion();
  return known;
}

function readVersion(): string {
  const { stdout, error } = spawnSync('mariadb', ['--version'], { encoding: 'utf8' });
  const found = /\b(\d+\.\d+\.\d+)-MariaDB\b/.exec(stdout ?? '')?.[1];
  if (found === undefined)
    throw new Error(`mariadb --version shows no version: ${error ?? stdout}`);
  return found;
}

/** Whether `version` is `least` or newer; both are numbers with points between them. */
export function isAtLeast(version: string, least: string): boolean {
  const numbers = version.split('.').map(Number);
  for (const [i, number] of least.split('.').map(Number).entries()) {
    const difference = (numbers[i] ?? 0) - number;
    if (difference !== 0) return difference > 0;
  }
  return true;
}
