import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { projectRoot } from '../farm/sections.js';
import { temporaryDirectory } from '../temporary-directory.js';

/*
 * Makes the npm package from an unbuilt copy of the checkout, and installs it in an empty project.
 */

let project: string;
let installed: string;
/** The paths of the files in the package, sorted. */
let packed: string[];

const npmEnvironment = {
  ...process.env,
  npm_config_audit: 'false',
  npm_config_fund: 'false',
  npm_config_update_notifier: 'false',
};

beforeAll(() => {
  const checkout = join(temporaryDirectory(), 'checkout');
  const sources = ['bin', 'src', 'test/farm', 'LICENSE', 'README.md', 'CHANGELOG.md'];
  for (const name of [...sources, 'package.json', 'package-lock.json', 'tsconfig.json']) {
    cpSync(join(projectRoot, name), join(checkout, name), { recursive: true });
  }
  symlinkSync(join(projectRoot, 'node_modules'), join(checkout, 'node_modules'));
  const options = { encoding: 'utf8', env: npmEnvironment, stdio: 'pipe' } as const;
  const archive = execFileSync('npm', ['pack', '--silent'], { ...options, cwd: checkout }).trim();
  expect(archive).toBe(`analytics-mysql-${manifest.version}.tgz`);

  project = temporaryDirectory();
  writeFileSync(join(project, 'package.json'), '{}');
  // Offline, because the package depends on no other.
  execFileSync('npm', ['install', '--offline', '--silent', join(checkout, archive)], {
    ...options,
    cwd: project,
  });
  installed = join(project, 'node_modules/analytics-mysql');
  packed = readdirSync(installed, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(installed.length + 1))
    .sort();
}, 120_000);

it('runs, and is the only package that is installed', () => {
  const { status, stdout } = spawnSync(
    join(project, 'node_modules/.bin/analytics-mysql'),
    ['itwiki', '--print-target', '--nameserver', '127.0.0.1:9'],
    { encoding: 'utf8', env: { ...process.env, ANALYTICS_MYSQL_MW_CONFIG_PATH: projectRoot } },
  );
  expect({ status, stdout }).toEqual({
    status: 0,
    stdout: 's2-analytics-replica.eqiad.wmnet:3312\n',
  });
  const packages = readdirSync(join(project, 'node_modules'));
  expect(packages.filter((name) => !name.startsWith('.'))).toEqual(['analytics-mysql']);
});

it('contains the program, the library and the licenses, but no sources, tests and code caches', () => {
  const outside = packed.filter((name) => !name.startsWith('dist/'));
  expect(outside).toEqual(['LICENSE', 'README.md', 'bin/analytics-mysql', 'package.json']);
  expect(packed).toEqual(
    expect.arrayContaining([
      'dist/THIRD-PARTY-NOTICES.txt',
      'dist/launch/make-code-cache.js',
      'dist/launch/start.js',
      'dist/library/index.js',
      'dist/library/index.mjs',
      'dist/types/library/index.d.ts',
    ]),
  );
  const kinds = packed.map((name) => /(\.d\.ts|\.d\.mts|\.[^.]+)$/.exec(name)?.[0] ?? name);
  expect(kinds).not.toContain('.v8cache');
  expect(kinds).not.toContain('.wasm');
  expect(packed).not.toContain('dist/node-path');
});

it('contains every file that package.json names', () => {
  const paths: string[] = [];
  const collect = (value: unknown): void => {
    if (typeof value === 'string') paths.push(value);
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(collect);
  };
  collect([manifest.main, manifest.types, manifest.exports, manifest.bin, manifest.man]);
  expect(paths).toHaveLength(9);
  for (const path of paths) expect([path, existsSync(join(installed, path))]).toEqual([path, true]);
});

it('its code caches can be made where it is installed', () => {
  const script = join(installed, 'dist/launch/make-code-cache.js');
  const { status, stdout, stderr } = spawnSync(process.execPath, [script], { encoding: 'utf8' });
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
  expect(readdirSync(join(installed, 'dist/chunks'))).toContain(
    `connection.js.${process.version}-${process.versions.v8}-${process.arch}.v8cache`,
  );
});

const importing = `import { type Target, resolveTarget, sectionOf } from 'analytics-mysql';
export const section: string = sectionOf('itwiki');
export const target: Promise<Target> = resolveTarget('itwiki');
// @ts-expect-error: the name of a wiki is a string
sectionOf(1);
`;
const requiring = `import library = require('analytics-mysql');
export const section: string = library.sectionOf('itwiki');
// @ts-expect-error: the name of a wiki is a string
library.sectionOf(1);
`;

it.each<[module: string, moduleResolution: string, texts: Record<string, string>]>([
  ['node16', 'node16', { 'esm.mts': importing, 'cjs.cts': importing, 'require.cts': requiring }],
  ['nodenext', 'nodenext', { 'esm.mts': importing }],
  ['esnext', 'bundler', { 'consumer.ts': importing }],
  ['commonjs', 'bundler', { 'consumer.ts': importing }],
])('its types resolve with module %s, moduleResolution %s', (module, moduleResolution, texts) => {
  const directory = join(project, `types-${module}`);
  mkdirSync(directory);
  for (const [file, text] of Object.entries(texts)) writeFileSync(join(directory, file), text);
  const tsc = join(projectRoot, 'node_modules/typescript/bin/tsc');
  const options = ['--ignoreConfig', '--noEmit', '--strict', '--target', 'es2022', '--types', ''];
  const kind = ['--module', module, '--moduleResolution', moduleResolution];
  const args = [tsc, ...options, ...kind, ...Object.keys(texts)];
  const { status, stdout } = spawnSync(process.execPath, args, {
    cwd: directory,
    encoding: 'utf8',
  });
  expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
});
