import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { referenceArguments } from '../farm/reference-client.js';

/** The environment in which the client is run: nothing of the caller's option files. */
export const bareEnvironment = { PATH: process.env.PATH, LC_ALL: 'C.UTF-8' };

/** What one run of the mariadb client gave. */
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

/** A directory that goes away when the tests of the file are done. */
export function scratchDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'analytics-mysql-cli-'));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}
