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
}

/** A result in a form whose difference can be read: stdout byte for byte as latin1. */
function shown({ stdout, stderr, code, signal }: RunResult) {
  return { stdout: stdout.toString('latin1'), stderr: ourName(stderr), code, signal };
}

/** The client puts its name in front of messages about options; ours is another. */
function ourName(stderr: string): string {
  return stderr.replaceAll(/\bmariadb: /g, 'analytics-mysql: ');
}

/**
 * Runs the same arguments and input through the real client and through the built program, at the
 * same server, and expects the same stdout, stderr and exit code.
 */
export async function expectSame(args: string[], where: Where = {}): Promise<void> {
  const { section = 's2', ...options } = where;
  const [client, ours] = await Promise.all([
    runClient(section, args, options),
    runOurs([...clientArguments(section), ...args], options),
  ]);
  expect(shown(ours)).toEqual(shown(client));
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
