import { isDeepStrictEqual } from 'node:util';
import { expect, inject } from 'vitest';
import { isClientWithin, type VersionRange } from '../farm/reference-client.js';
import {
  clientArguments,
  type RunOptions,
  type RunResult,
  runClient,
  runOurs,
  runOursWarm,
} from '../farm/run.js';
import type { Section } from '../farm/sections.js';

/*
 * Helpers that run the same case through the mariadb client and through this program, and compare
 * what both wrote.
 */

/** Output of some client versions from which this program deviates on purpose. */
export interface ClientDifference extends VersionRange {
  /** Must match the client's stdout or stderr, so that an outdated entry fails its test. */
  client: RegExp;
  /** What this program writes instead; `$1` as in String.replace. */
  ours: string;
}

/** A case whose outcome differs between some client versions and this program. */
export interface OutcomeDifference extends VersionRange {
  /** Both patterns are matched against stdout and stderr; the outcomes must also differ. */
  client: RegExp;
  ours: RegExp;
  /** The client differs only sometimes, by chance. */
  isOccasional?: true;
}

/** How a case runs and is compared. */
export interface CaseOptions extends RunOptions {
  /** The section to connect to; itwiki's section (s2) by default. */
  section?: Section;
  /** Runs the program as users do: in a process of its own, with pipes; see runOursWarm. */
  ownProcess?: boolean;
  /** Replaces the parts of stdout and stderr that differ between any two runs. */
  mask?: (text: string) => string;
  /** Differences for other versions of the client are ignored. */
  differences?: ClientDifference[];
  outcome?: OutcomeDifference | undefined;
}

/** The result of a run, in a form whose differences are readable. */
export interface ComparableRun {
  /** The bytes decoded as latin1; measured times are replaced by `#`. */
  stdout: string;
  stderr: string;
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** Converts the result of a run for comparison; `mask` is applied to stdout and stderr. */
export function toComparable(
  { stdout, stderr, code, signal }: RunResult,
  mask: (text: string) => string = (text) => text,
): ComparableRun {
  const text = stdout.toString('latin1');
  // In results of many MB, a search for fixed text is much faster than a regular expression.
  const timeless = text.includes(' sec)')
    ? text.replaceAll(/\(\d+\.\d{3} sec\)/g, '(# sec)')
    : text;
  const errors = mask(unifyTlsLosses(unifyWaitErrors(replaceProgramName(stderr))));
  return { stdout: mask(timeless), stderr: errors, code, signal };
}

/**
 * Replaces the system error numbers 11 and 115 by EAGAIN: which of them the client reports depends
 * on whether it had to wait for the server.
 */
function unifyWaitErrors(stderr: string): string {
  return stderr.replaceAll(/(system error: |server \()(11|115)\b/g, '$1EAGAIN');
}

/**
 * Replaces the client's error for a reset of a TLS connection by its error for the end of one: which
 * of them it reports depends on whether the server had already closed the connection when the
 * client's last packet arrived. This program always reports the end.
 */
function unifyTlsLosses(stderr: string): string {
  return stderr.replaceAll(
    'TLS/SSL error: Connection reset by peer (104)',
    'TLS/SSL error: unexpected eof while reading',
  );
}

/** Replaces the client's name, with which its messages about options begin. */
function replaceProgramName(stderr: string): string {
  return stderr.replaceAll(/\bmariadb: /g, 'analytics-mysql: ');
}

/**
 * Runs the real client and the built program with the same arguments and input on the same server.
 */
export async function runBoth(
  args: string[],
  options: CaseOptions = {},
): Promise<{ client: ComparableRun; ours: ComparableRun }> {
  const {
    section = 's2',
    ownProcess = false,
    mask = (text) => text,
    differences: _,
    outcome: __,
    ...runOptions
  } = options;
  const [client, ours] = await Promise.all([
    runClient(section, args, runOptions),
    (ownProcess ? runOurs : runOursWarm)([...clientArguments(section), ...args], runOptions),
  ]);
  return { client: toComparable(client, mask), ours: toComparable(ours, mask) };
}

/** Runs both programs and expects the same stdout, stderr, exit code and signal. */
export async function expectSame(args: string[], options: CaseOptions = {}): Promise<void> {
  const { client, ours } = await runBoth(args, options);
  const { outcome } = options;
  const mayBeSame = outcome?.isOccasional === true && isDeepStrictEqual(ours, client);
  if (outcome !== undefined && isClientWithin(outcome) && !mayBeSame) {
    expect(client.stdout + client.stderr, outcome.reason).toMatch(outcome.client);
    expect(ours.stdout + ours.stderr).toMatch(outcome.ours);
    expect(ours).not.toEqual(client);
    return;
  }
  expect(ours).toEqual(withoutDifferences(client, options.differences ?? []));
  // If a signal ended both runs, the comparison would prove nothing.
  expect(client.signal).toBeNull();
}

/**
 * Masks the error of a login with an unknown user name. The server picks the authentication plugin
 * for such a login, and so the error, according to all existing accounts, and some tests create
 * accounts.
 */
export function withoutPlugin(text: string): string {
  return text.replaceAll(
    /ERROR (?:1045|1698)( \(28000\): Access denied for user '.*'@'.*?')(?:\s*\(using\s+password:\s+(?:YES|NO)\))?/g,
    'ERROR 1045$1',
  );
}

/** The warning about an option that has no effect any more. */
export const obsoleteWarning: ClientDifference = {
  since: '11.8',
  reason: 'it no longer quotes the name',
  client: /^WARNING: option (--\S+) is obsolete/m,
  ours: "WARNING: option '$1' is obsolete",
};

/** The directory in which the client looks for character sets that are not compiled in. */
export const charsetsDirectory: ClientDifference = {
  since: '11.8',
  reason: 'the character set files are in another directory',
  client: /\/usr\/share\/mariadb\/charsets/,
  ours: '/usr/share/mysql/charsets',
};

/** Some client versions report the end of a TLS connection as a lost connection. */
export const lostUnderTls: ClientDifference = {
  since: '11.8',
  reason: 'built with OpenSSL 3.5, the client reports the end of TLS as a lost connection',
  client: /ERROR 2013 \(HY000\)( at line \d+)?: Lost connection to server during query/,
  ours: 'ERROR 2026 (HY000)$1: TLS/SSL error: unexpected eof while reading',
};

/**
 * Returns the client's run with all differences for its version replaced by what this program
 * writes.
 */
export function withoutDifferences(
  client: ComparableRun,
  differences: ClientDifference[],
): ComparableRun {
  let { stdout, stderr } = client;
  for (const difference of differences.filter(isClientWithin)) {
    expect(`${stdout}${stderr}`, difference.reason).toMatch(difference.client);
    const pattern = new RegExp(difference.client, 'gm');
    stdout = stdout.replaceAll(pattern, difference.ours);
    stderr = stderr.replaceAll(pattern, difference.ours);
  }
  return { ...client, stdout, stderr };
}

/** Returns the options that log in as one of the farm's users. */
export function asUser(user: keyof ReturnType<typeof users>): string[] {
  const { name, password } = users()[user];
  return [`-u${name}`, `-p${password}`];
}

function users() {
  return inject('farm').users;
}
