import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stubbed } from './stub-unused.js';

interface Manifest {
  name: string;
  version: string;
  license?: string;
}

/** The module that the bundler adds: helpers of its own that the bundles call. */
const bundlerHelpers = '\0rolldown/runtime.js';

/**
 * Returns the paths of the files whose code is in the bundles, without those of packages that a stub
 * replaces. `modules`: as the bundler names them; `bundler`: the directory of its package.
 */
export function bundledFiles(modules: readonly string[], bundler: string): string[] {
  return modules
    .filter((module) => !stubbed.some((file) => module.endsWith(`/node_modules/${file}`)))
    .map((module) => (module === bundlerHelpers ? join(bundler, 'runtime.js') : module));
}

/**
 * Returns the names, versions and licence texts of the packages to which the files belong, for
 * distribution beside the bundles. Throws for a package without a licence.
 */
export function thirdPartyNotices(files: Iterable<string>): string {
  const directories = new Set<string>();
  for (const file of files) {
    const [directory] = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file) ?? [];
    if (directory !== undefined) directories.add(directory);
  }
  // A version may be there more than once, within other packages.
  const notices = [...new Set([...directories].map(noticeOf))].sort();
  const head = 'The bundles of analytics-mysql contain code of these packages:\n';
  return [head, ...notices].join(`\n${'-'.repeat(80)}\n\n`);
}

function noticeOf(directory: string): string {
  const manifest = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as Manifest;
  const { name, version, license } = manifest;
  const file = readdirSync(directory).find((entry) => /^licen[cs]e(?:\.|-|$)/i.test(entry));
  if (license === undefined || file === undefined) {
    throw new Error(`${name} ${version} has no licence that could be distributed with it`);
  }
  const text = readFileSync(join(directory, file), 'utf8').trim();
  return `${name} ${version}, ${license}\n\n${text}\n`;
}
