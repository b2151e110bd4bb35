import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from './places.js';
import { copyData, fillDatabase, installDatabase, serverEnvironment } from './server.js';

const run = promisify(execFile);

/**
 * Templates are kept here between runs, each under a digest of all that it is made from; nothing
 * writes to one that has its name. `make clean` removes them.
 */
const cache = join(projectRoot, 'node_modules', '.cache', 'replicas');

/** Milliseconds after which a template that no run has used is removed: a day. */
const maxAge = 24 * 60 * 60 * 1000;

/** The code that makes a template from SQL. */
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
 * Returns the name of the template that `sql` makes. It changes with the SQL, the versions of the
 * server and of the client, the code of the setup, and the user.
 */
export async function templateName(sql: string): Promise<string> {
  common ??= commonDigest();
  return digest([await common, sql]);
}

/** Removes templates that no run has used for long, and what a killed run has left incomplete. */
async function removeOldTemplates(): Promise<void> {
  for (const name of await readdir(cache)) {
    const path = join(cache, name);
    // Another run may have removed it meanwhile.
    const status = await stat(path).catch(() => undefined);
    if (status === undefined || Date.now() - status.mtimeMs < maxAge) continue;
    await rm(path, { recursive: true, force: true });
  }
}

/** Marks a template as used just now; returns whether it exists. */
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
 * Returns the cached template with this name. If there is none, `make` makes it in `scratch`, a
 * directory of the caller's. It gets its name only when it is complete; if two runs make the same one
 * at the same time, the first to finish wins, and the other's is dropped.
 */
async function cached(
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
 * Returns a data directory to copy, on which `sql` was run: made in an earlier run, or now with the
 * help of the directory `scratch`.
 */
export async function dataTemplate(scratch: string, sql: string): Promise<string> {
  return cached(await templateName(sql), scratch, async (directory) => {
    await copyData(await emptyTemplate(scratch), directory);
    await fillDatabase(directory, sql);
  });
}

let making: Promise<string> | undefined;

/** Servers that are started together share the making of the empty one. */
function emptyTemplate(scratch: string): Promise<string> {
  making ??= templateName('')
    .then((name) => cached(name, scratch, installDatabase))
    .finally(() => {
      making = undefined;
    });
  return making;
}
