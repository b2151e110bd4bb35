import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stubbedFiles } from './stub-unused.js';

interface Manifest {
  name: string;
  version: string;
  license?: string;
}

/*
 * Collects the licenses of the packages in the bundles, for dist/THIRD-PARTY-NOTICES.txt.
 */

/** The module of helper functions that the bundler adds to the bundles. */
const bundlerRuntime = '\0rolldown/runtime.js';

/**
 * Returns the paths of the files whose code is in the bundles, without files that stubs replace.
 * `modules`: the names that the bundler gives to modules; `bundler`: the directory of its package.
 */
export function listBundledFiles(modules: readonly string[], bundler: string): string[] {
  return modules
    .filter((module) => !stubbedFiles.some((file) => module.endsWith(`/node_modules/${file}`)))
    .map((module) => (module === bundlerRuntime ? join(bundler, 'runtime.js') : module));
}

/**
 * Returns the names, versions and license texts of the packages to which the files belong. Throws if
 * a package has no license.
 */
export function formatThirdPartyNotices(files: Iterable<string>): string {
  const directories = new Set<string>();
  for (const file of files) {
    const [directory] = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file) ?? [];
    if (directory !== undefined) directories.add(directory);
  }
  // The same version may be installed more than once, inside other packages.
  const notices = [...new Set([...directories].map(formatNotice))].sort();
  const head = 'The bundles of analytics-mysql contain code of these packages:\n';
  return [head, ...notices].join(`\n${'-'.repeat(80)}\n\n`);
}

function formatNotice(directory: string): string {
  const manifest = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as Manifest;
  const { name, version, license } = manifest;
  const file = readdirSync(directory).find((entry) => /^licen[cs]e(?:\.|-|$)/i.test(entry));
  if (license === undefined || file === undefined) {
    throw new Error(`${name} ${version} has no license that can be distributed with it`);
  }
  const text = readFileSync(join(directory, file), 'utf8').trim();
  return `${name} ${version}, ${license}\n\n${text}\n`;
}
