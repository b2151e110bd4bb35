import { expect, inject } from 'vitest';
import type { Section } from '../farm/places.js';
import {
  clientArguments,
  type RunOptions,
  type RunResult,
  runClient,
  runOurs,
} from '../farm/run.js';

/** Where a case runs; itwiki's section unless it says otherwise. */
export interface Where extends RunOptions {
  section?: Section;
  /** Takes out of stdout and stderr what differs between any two runs. */
  mask?: (text: string) => string;
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
  const timeless = stdout.toString('latin1').replaceAll(/\(\d+\.\d{3} sec\)/g, '(# sec)');
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
  const { section = 's2', mask = (text) => text, ...options } = where;
  const [client, ours] = await Promise.all([
    runClient(section, args, options),
    runOurs([...clientArguments(section), ...args], options),
  ]);
  return { client: shown(client, mask), ours: shown(ours, mask) };
}

/** Runs both and expects the same stdout, stderr and exit code. */
export async function expectSame(args: string[], where: Where = {}): Promise<void> {
  const { client, ours } = await runBoth(args, where);
  expect(ours).toEqual(client);
  // A case that neither runs compares nothing.
  expect(client.signal).toBeNull();
}

/** The same, as a user of the farm's choosing. */
export function asUser(user: keyof ReturnType<typeof users>): string[] {
  const { name, password } = users()[user];
  return [`-u${name}`, `-p${password}`];
}

function users() {
  return inject('farm').users;
}
