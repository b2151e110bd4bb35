import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { escapeRegExp } from '../../src/text/regex-escape.js';
import { ensureBuild } from '../farm/build.js';
import { projectRoot } from '../farm/sections.js';

let copy: string;
let launcher: string;

beforeAll(() => {
  ensureBuild();
  copy = mkdtempSync(join(tmpdir(), 'analytics-mysql-'));
  for (const name of ['bin', 'dist']) {
    cpSync(join(projectRoot, name), join(copy, name), { recursive: true });
  }
  launcher = join(copy, 'bin/analytics-mysql');
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

const { node: nodeVersion, openssl } = process.versions;

/** Version, commit, date, Node.js and OpenSSL. A copy of the sources outside git has no commit. */
const versionLine = expect.stringMatching(
  new RegExp(
    `^analytics-mysql ${manifest.version} \\(([0-9a-f]{7,}\\+?, \\d{4}-\\d\\d-\\d\\d|commit unknown), ` +
      `${escapeRegExp(`Node.js ${nodeVersion}, OpenSSL ${openssl})\n`)}$`,
  ),
);

function run(command: string, args: string[], env: NodeJS.ProcessEnv = {}) {
  const options = { encoding: 'utf8', env: { PATH: process.env.PATH, ...env } } as const;
  const { status, stdout, stderr } = spawnSync(command, args, options);
  return { status, stdout, stderr };
}

it('finds the build through a symbolic link, a relative path and sh', () => {
  const link = join(copy, 'link');
  symlinkSync(launcher, link);
  const expected = { status: 0, stdout: versionLine, stderr: '' };
  expect(run(link, ['--version'])).toEqual(expected);
  expect(run('sh', ['-c', `cd '${copy}/bin' && sh analytics-mysql --version`])).toEqual(expected);
});

it('falls back to the fetched Node.js, then to the one on PATH, if the one that built it is gone', () => {
  const recorded = join(copy, 'dist/node-path');
  const before = readFileSync(recorded);
  expect(before.toString()).toBe(`${process.execPath}\n`);
  const onPath = join(copy, 'path');
  const fetched = join(copy, '.node/bin');
  for (const [directory, name] of [
    [onPath, 'the one on PATH'],
    [fetched, 'the one that was fetched'],
  ] as const) {
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, 'node'), `#!/bin/sh\necho "${name}: $*"\n`, { mode: 0o755 });
  }
  writeFileSync(recorded, '/no/such/node\n');
  try {
    expect(run(launcher, ['--version'], { PATH: `${onPath}:/bin` }).stdout).toMatch(
      /^the one that was fetched: .*\/dist\/launch\/start\.js --version\n$/,
    );
    rmSync(join(copy, '.node'), { recursive: true });
    expect(run(launcher, ['a b', '--version'], { PATH: `${onPath}:/bin` })).toMatchObject({
      stdout: expect.stringMatching(
        /^the one on PATH: .*\/dist\/launch\/start\.js a b --version\n$/,
      ),
    });
    expect(run('/bin/sh', [launcher], { PATH: '/nowhere' })).toEqual({
      status: 1,
      stdout: '',
      stderr:
        'analytics-mysql: Node.js 20.19 or newer is needed, but there is no node on PATH; install it\n',
    });
  } finally {
    writeFileSync(recorded, before);
  }
});

it('tells the user to run make build if there is no build', () => {
  const unbuilt = join(copy, 'unbuilt/bin');
  cpSync(join(projectRoot, 'bin'), unbuilt, { recursive: true });
  expect(run(join(unbuilt, 'analytics-mysql'), ['--help'])).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(
      /^analytics-mysql: .*\/dist is missing; run 'make build' there\n$/,
    ),
  });
});

it.each(['--help', '--version', 'itwiki'])(
  'refuses a Node.js that is too old with a one-line error (%s)',
  (argument) => {
    const code = `
      Object.defineProperty(process, 'version', { value: 'v20.18.3' });
      Object.defineProperty(process.versions, 'node', { value: '20.18.3' });
      process.argv.push('${argument}');
      require('${join(copy, 'dist/launch/start.js')}');`;
    expect(run(process.execPath, ['-e', code])).toEqual({
      status: 1,
      stdout: '',
      stderr: `analytics-mysql: Node.js 20.19 or newer is needed, found v20.18.3 (${process.execPath}); install it\n`,
    });
  },
);

it('all files name the same oldest version of Node.js', () => {
  const oldest = manifest.engines.node.replace('>=', '');
  const mentions = (file: string) =>
    [...readFileSync(join(projectRoot, file), 'utf8').matchAll(/\b20\.\d+\b/g)].map(
      ([text]) => text,
    );
  for (const file of ['bin/analytics-mysql', 'README.md', 'test/farm/install']) {
    expect([file, ...new Set(mentions(file))]).toEqual([file, oldest]);
  }
});

it('--version does not load the bundle of --help', () => {
  const traced = execFileSync(
    process.execPath,
    ['-r', writePreloadModule(), join(copy, 'dist/launch/start.js'), '--version'],
    { encoding: 'utf8' },
  );
  expect(traced).toEqual(versionLine);
});

/** Returns the path of a module to preload, which throws when the bundle of --help is read. */
function writePreloadModule(): string {
  const file = join(copy, 'preload.cjs');
  writeFileSync(
    file,
    `const fs = require('node:fs');
    const { readFileSync } = fs;
    fs.readFileSync = (path, ...rest) => {
      if (String(path).includes('help.js')) throw new Error('help.js was loaded');
      return readFileSync(path, ...rest);
    };`,
  );
  return file;
}
