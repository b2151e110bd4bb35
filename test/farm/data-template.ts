import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from './sections.js';
import { copyData, fillDatabase, installDatabase, serverEnvironment } from './server.js';

const run = promisify(execFile);

/*
 * Caches data directories of MariaDB, so that a farm starts without running its SQL again.
 */

/**
 * The directory that keeps templates between runs, each named by a digest of everything that it
 * depends on. A template that has its name is never written to. `make clean` removes the directory.
 */
const cache = join(projectRoot, 'node_modules', '.cache', 'replicas');

/** Milliseconds after which an unused template is removed: one day. */
const maxAge = 24 * 60 * 60 * 1000;

/** The source files that create a template from SQL. */
const setupCode = ['data-template.ts', 'load-sql.ts', 'server.ts'];

function digest(parts: readonly (string | Buffer)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}\n`).update(part);
  return hash.digest('hex');
}

async function commonDigest(): Promise<string> {
  const programs = ['mariadbd', 'mariadb'].map(async (name) => {
    const { stdout } = await run(name, ['--version'], { env: serverEnvironment });
    return stdout;
  });
  const code = setupCode.map((name) => readFile(join(import.meta.dirname, name)));
  // The files of a template belong to the user who made it.
  const user = `${process.getuid?.()}`;
  return digest([user, ...(await Promise.all([...programs, ...code]))]);
}

let common: Promise<string> | undefined;

/**
 * Returns the name of the template for `sql`. It depends on the SQL, the versions of the server and of
 * the client, the code of the setup, and the user.
 */
export async function templateName(sql: string): Promise<string> {
  common ??= commonDigest();
  return digest([await common, sql]);
}

/** Removes templates that were unused for `maxAge`, and incomplete ones of runs that were killed. */
async function removeOldTemplates(): Promise<void> {
  for (const name of await readdir(cache)) {
    const path = join(cache, name);
    // Another run may have removed it meanwhile.
    const status = await stat(path).catch(() => undefined);
    if (status === undefined || Date.now() - status.mtimeMs < maxAge) continue;
    await rm(path, { recursive: true, force: true });
  }
}

/** Marks a template as used now; returns false if it does not exist. */
async function touch(path: string): Promise<boolean> {
  const now = new Date();
  try {
    await utimes(path, now, now);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}

/**
 * Returns the path of the cached template with this name. If it does not exist, `make` creates it in
 * `scratch`, a directory of the caller. A template gets its name only when it is complete; if two runs
 * create the same one at the same time, the first to finish wins, and the other one is deleted.
 */
async function cachedTemplate(
  name: string,
  scratch: string,
  make: (directory: string) => Promise<void>,
): Promise<string> {
  const template = join(cache, name);
  if (await touch(template)) return template;
  const made = join(scratch, `template-${name.slice(0, 8)}-${randomUUID().slice(0, 8)}`);
  await make(made);
  await mkdir(cache, { recursive: true });
  await removeOldTemplates();
  const incomplete = join(cache, `incomplete-${randomUUID()}`);
  await copyData(made, incomplete);
  await rm(made, { recursive: true });
  await rename(incomplete, template).catch(async (error: unknown) => {
    await rm(incomplete, { recursive: true });
    if (!(await touch(template))) throw error;
  });
  return template;
}

/**
 * Returns the path of a data directory to copy, in which `sql` was run: by an earlier run, or now, with
 * `scratch` as a temporary directory.
 */
export async function dataTemplate(scratch: string, sql: string): Promise<string> {
  return cachedTemplate(await templateName(sql), scratch, async (directory) => {
    await copyData(await emptyTemplate(scratch), directory);
    await fillDatabase(directory, sql);
  });
}

let making: Promise<string> | undefined;

/** Returns the template of an empty database; servers that start together create it only once. */
function emptyTemplate(scratch: string): Promise<string> {
  making ??= templateName('')
    .then((name) => cachedTemplate(name, scratch, installDatabase))
    .finally(() => {
      making = undefined;
    });
  return making;
}
