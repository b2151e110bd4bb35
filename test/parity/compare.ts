import { expect, inject } from 'vitest';
import type { Section } from '../farm/places.js';
import { isClientWithin, type VersionRange } from '../farm/reference-client.js';
import {
  clientArguments,
  type RunOptions,
  type RunResult,
  runClient,
  runOurs,
} from '../farm/run.js';

/** What clients of some versions write where we write, and are meant to write, something else. */
export interface ClientDifference extends VersionRange {
  /** Must occur in the client's standard output or error, so that nothing outdated stays here. */
  client: RegExp;
  /** What stands there with us; `$1` as in String.replace. */
  ours: string;
}

/** A case in which clients of some versions come to another end than we do. */
export interface OutcomeDifference extends VersionRange {
  /** Both are looked for in standard output and error; that they differ is checked as well. */
  client: RegExp;
  ours: RegExp;
}

/** Where a case runs; itwiki's section unless it says otherwise. */
export interface Where extends RunOptions {
  section?: Section;
  /** Takes out of stdout and stderr what differs between any two runs. */
  mask?: (text: string) => string;
  /** Those that are not of the client's version do not count. */
  differences?: ClientDifference[];
  outcome?: OutcomeDifference | undefined;
}

/** What a program did, in a form whose difference can be read. */
export interface Shown {
  /** Byte for byte as latin1, but for times that were measured. */
  stdout: string;
  stderr: string;
  code: number | null;
  signal: NodeJS.Signals | null;
}

export function shown(
  { stdout, stderr, code, signal }: RunResult,
  mask: (text: string) => string = (text) => text,
): Shown {
  const text = stdout.toString('latin1');
  // A search for fixed text is much faster than a pattern in results of many MB.
  const timeless = text.includes(' sec)')
    ? text.replaceAll(/\(\d+\.\d{3} sec\)/g, '(# sec)')
    : text;
  const errors = mask(withoutChance(ourName(stderr)));
  return { stdout: mask(timeless), stderr: errors, code, signal };
}

/**
 * Two of the system's errors are one to us: which of them the client tells depends on whether it
 * had to wait for the server.
 */
function withoutChance(stderr: string): string {
  return stderr.replaceAll(/(system error: |server \()(11|115)\b/g, '$1EAGAIN');
}

/** The client puts its name in front of messages about options; ours is another. */
function ourName(stderr: string): string {
  return stderr.replaceAll(/\bmariadb: /g, 'analytics-mysql: ');
}

/**
 * Runs the same arguments and input through the real client and through the built program, at the
 * same server.
 */
export async function runBoth(
  args: string[],
  where: Where = {},
): Promise<{ client: Shown; ours: Shown }> {
  const { section = 's2', mask = (text) => text, differences: _, outcome: __, ...options } = where;
  const [client, ours] = await Promise.all([
    runClient(section, args, options),
    runOurs([...clientArguments(section), ...args], options),
  ]);
  return { client: shown(client, mask), ours: shown(ours, mask) };
}

/** Runs both and expects the same stdout, stderr and exit code. */
export async function expectSame(args: string[], where: Where = {}): Promise<void> {
  const { client, ours } = await runBoth(args, where);
  const { outcome } = where;
  if (outcome !== undefined && isClientWithin(outcome)) {
    expect(client.stdout + client.stderr, outcome.reason).toMatch(outcome.client);
    expect(ours.stdout + ours.stderr).toMatch(outcome.ours);
    expect(ours).not.toEqual(client);
    return;
  }
  expect(ours).toEqual(withoutDifferences(client, where.differences ?? []));
  // A case that neither runs compares nothing.
  expect(client.signal).toBeNull();
}

/**
 * A mask for logins by names that no account has: by which plugin the server refuses one, so with
 * which error, depends on all accounts that there are, and some tests make accounts.
 */
export function withoutPlugin(text: string): string {
  return text.replaceAll(
    /ERROR (?:1045|1698)( \(28000\): Access denied for user '.*'@'.*?')(?:\s*\(using\s+password:\s+(?:YES|NO)\))?/g,
    'ERROR 1045$1',
  );
}

/** Where the client looks for character sets that are not compiled in. */
export const charsetsDirectory: ClientDifference = {
  since: '11.8',
  reason: 'its files are in another directory',
  client: /\/usr\/share\/mariadb\/charsets/,
  ours: '/usr/share/mysql/charsets',
};

/** Clients of some versions take an end of TLS for a lost connection. */
export const lostUnderTls: ClientDifference = {
  since: '11.8',
  reason: 'built with OpenSSL 3.5, it takes the end of TLS for a lost connection',
  client: /ERROR 2013 \(HY000\)( at line \d+)?: Lost connection to server during query/,
  ours: 'ERROR 2026 (HY000)$1: TLS/SSL error: unexpected eof while reading',
};

/** What the client would have shown, were it like us. */
export function withoutDifferences(client: Shown, differences: ClientDifference[]): Shown {
  let { stdout, stderr } = client;
  for (const difference of differences.filter(isClientWithin)) {
    expect(`${stdout}${stderr}`, difference.reason).toMatch(difference.client);
    const all = new RegExp(difference.client, 'gm');
    stdout = stdout.replaceAll(all, difference.ours);
    stderr = stderr.replaceAll(all, difference.ours);
  }
  return { ...client, stdout, stderr };
}

/** The same, as a user of the farm's choosing. */
export function asUser(user: keyof ReturnType<typeof users>): string[] {
  const { name, password } = users()[user];
  return [`-u${name}`, `-p${password}`];
}

function users() {
  return inject('farm').users;
}
