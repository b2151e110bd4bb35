import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { referenceArguments } from '../farm/reference-client.js';

/** The environment of the client, so that it reads none of the caller's option files. */
export const bareEnvironment = { PATH: process.env.PATH, LC_ALL: 'C.UTF-8' };

/** The result of one run of the mariadb client. */
export interface ClientRun {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** Runs the mariadb client without a terminal, its arguments adapted by referenceArguments. */
export function mariadb(args: string[], env: NodeJS.ProcessEnv = {}, cwd?: string): ClientRun {
  const options = { env: { ...bareEnvironment, ...env }, cwd, timeout: 20_000 };
  const { status, stdout, stderr } = spawnSync('mariadb', referenceArguments(args), {
    ...options,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

/** Creates a directory that is removed after the tests of the file. */
export function scratchDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'analytics-mysql-cli-'));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}
