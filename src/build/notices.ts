import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Manifest {
  name: string;
  version: string;
  license?: string;
}

/**
 * Returns the names, versions and licence texts of the packages to which the modules belong, for
 * distribution beside the bundles. `modules`: paths of files. Throws for a package without a licence.
 */
export function thirdPartyNotices(modules: Iterable<string>): string {
  const folders = new Set<string>();
  for (const module of modules) {
    const [folder] = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(module) ?? [];
    if (folder !== undefined) folders.add(folder);
  }
  // A version may be there more than once, within other packages.
  const notices = [...new Set([...folders].map(noticeOf))].sort();
  const head = 'The bundles of analytics-mysql contain code of these packages:\n';
  return [head, ...notices].join(`\n${'-'.repeat(80)}\n\n`);
}

function noticeOf(folder: string): string {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
  const { name, version, license } = manifest;
  const file = readdirSync(folder).find((entry) => /^licen[cs]e(?:\.|-|$)/i.test(entry));
  if (license === undefined || file === undefined) {
    throw new Error(`${name} ${version} has no licence that could be distributed with it`);
  }
  const text = readFileSync(join(folder, file), 'utf8').trim();
  return `${name} ${version}, ${license}\n\n${text}\n`;
}
