import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { ensureBuild } from '../farm/build.js';
import { projectRoot } from '../farm/sections.js';
import { temporaryDirectory } from '../temporary-directory.js';
import { requireProgram } from './programs.js';

/*
 * Makes the archives and the Debian packages in a copy of the built checkout, with a small program in
 * place of the Node.js that is packed. test/farm/try-deb.ts installs the real packages.
 */

let checkout: string;
const { version } = manifest;
const installedNode = /^installed_node=(\S+)$/m.exec(
  readFileSync(join(projectRoot, 'test/farm/install'), 'utf8'),
)?.[1];

beforeAll(() => {
  ensureBuild();
  checkout = join(temporaryDirectory(), 'checkout');
  const names = ['bin', 'dist', 'docs', 'src/build/package', 'test/farm/install', 'test/shell'];
  const files = ['LICENSE', 'README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'package.json'];
  for (const name of [...names, ...files]) {
    cpSync(join(projectRoot, name), join(checkout, name), { recursive: true });
  }
  for (const architecture of ['x64', 'arm64']) {
    const directory = join(checkout, `.node/${installedNode}-linux-${architecture}`);
    mkdirSync(join(directory, 'bin'), { recursive: true });
    const program = `#!/bin/sh\necho "packed $*" | sed 's|/.*/||'\n`;
    writeFileSync(join(directory, 'bin/node'), program, { mode: 0o755 });
    writeFileSync(join(directory, 'LICENSE'), 'The license of Node.js\n');
  }
});

/** Runs a script of src/build/package in the copy; returns its status and output. */
function run(script: string, env: NodeJS.ProcessEnv = {}) {
  const { status, stdout, stderr } = spawnSync(join(checkout, 'src/build/package', script), {
    encoding: 'utf8',
    env: {
      PATH: process.env.PATH,
      // The least compression, which takes the least time.
      XZ_OPT: '-0',
      DPKG_DEB_COMPRESSOR_LEVEL: '0',
      DEBEMAIL: 'maintainers@example.org',
      DEBFULLNAME: 'Maintainers',
      ...env,
    },
  });
  return { status, stdout, stderr };
}

/** Makes a package; returns its path. */
function make(script: string, env: NodeJS.ProcessEnv = {}): string {
  const { status, stdout, stderr } = run(script, env);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout.trim();
}

/** Returns the paths of all files in a directory that are not directories, sorted. */
function filesIn(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
    .sort();
}

function expectNoBuildFiles(files: string[]): void {
  expect(files.filter((file) => /\.(v8cache|wasm|d\.ts|ts)$|node_modules/.test(file))).toEqual([]);
  expect(files.filter((file) => file.endsWith('dist/launch/start.js'))).toHaveLength(1);
}

describe('make tarball', () => {
  /** Unpacks an archive; returns its only directory. */
  function unpack(archive: string): string {
    const directory = temporaryDirectory();
    execFileSync('tar', ['-C', directory, '-xf', archive]);
    const entries = readdirSync(directory);
    expect(entries).toHaveLength(1);
    return join(directory, entries[0] ?? '');
  }

  it('makes an archive that runs where it is unpacked, with the Node.js on PATH', () => {
    const archive = make('tarball');
    expect(archive).toBe(join(checkout, `packages/analytics-mysql-${version}.tar.xz`));
    const unpacked = unpack(archive);
    expectNoBuildFiles(filesIn(unpacked));
    expect(filesIn(unpacked)).toEqual(
      expect.arrayContaining(['LICENSE', 'README.md', 'dist/THIRD-PARTY-NOTICES.txt']),
    );
    const program = join(unpacked, 'bin/analytics-mysql');
    const { stdout } = spawnSync(program, ['--version'], { encoding: 'utf8' });
    expect(stdout.startsWith(`analytics-mysql ${version} (`), stdout).toBe(true);
  });

  it('contains every file to which its documents link', () => {
    const unpacked = unpack(make('tarball'));
    for (const document of [
      'README.md',
      ...filesIn(join(unpacked, 'docs')).map((f) => `docs/${f}`),
    ]) {
      const text = readFileSync(join(unpacked, document), 'utf8');
      for (const [, link = ''] of text.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)) {
        const path = join(unpacked, document, '..', link);
        expect([document, link, existsSync(path)]).toEqual([document, link, true]);
      }
    }
  });

  it.each(['amd64', 'arm64'])('NODE=bundled packs a Node.js for %s', (ARCH) => {
    const archive = make('tarball', { NODE: 'bundled', ARCH });
    expect(archive).toMatch(`/analytics-mysql-${version}-linux-${ARCH}.tar.xz`);
    const unpacked = unpack(archive);
    expect(readFileSync(join(unpacked, 'NODE-LICENSE'), 'utf8')).toBe('The license of Node.js\n');
    const { stdout } = spawnSync(join(unpacked, 'bin/analytics-mysql'), ['x'], {
      encoding: 'utf8',
      env: { PATH: '/usr/bin:/bin' },
    });
    expect(stdout).toBe('packed start.js x\n');
  });
});

describe('make deb', () => {
  beforeEach((test) => requireProgram(test, 'dpkg-deb', 'dpkg'));

  function field(deb: string, name: string): string {
    return execFileSync('dpkg-deb', ['-f', deb, name], { encoding: 'utf8' }).trim();
  }

  function unpack(deb: string): string {
    const directory = temporaryDirectory();
    execFileSync('dpkg-deb', ['-R', deb, directory]);
    return directory;
  }

  it('makes a package for all architectures that depends on Node.js', () => {
    const deb = make('deb');
    expect(deb).toBe(join(checkout, `packages/analytics-mysql_${version}-1_all.deb`));
    expect(field(deb, 'Architecture')).toBe('all');
    expect(field(deb, 'Depends')).toBe(`nodejs (${manifest.engines.node.replace('>=', '>= ')})`);
    expect(field(deb, 'Maintainer')).toBe('Maintainers <maintainers@example.org>');
    const unpacked = unpack(deb);
    const files = filesIn(unpacked);
    expectNoBuildFiles(files);
    expect(files).toEqual(
      expect.arrayContaining([
        'DEBIAN/triggers',
        'usr/bin/analytics-mysql',
        'usr/share/doc/analytics-mysql/changelog.gz',
        'usr/share/doc/analytics-mysql/copyright',
      ]),
    );
    const copyright = readFileSync(
      join(unpacked, 'usr/share/doc/analytics-mysql/copyright'),
      'utf8',
    );
    const notices = readFileSync(join(checkout, 'dist/THIRD-PARTY-NOTICES.txt'), 'utf8');
    expect(copyright).toContain('/usr/share/common-licenses/Apache-2.0');
    expect(copyright).toContain(notices);
    // Every file has its checksum.
    const sums = readFileSync(join(unpacked, 'DEBIAN/md5sums'), 'utf8');
    const listed = sums
      .split('\n')
      .slice(0, -1)
      .map((line) => line.slice(34));
    expect(listed).toEqual(files.filter((file) => file.startsWith('usr/')));
  });

  it.each(['amd64', 'arm64'])('NODE=bundled packs a Node.js for %s', (ARCH) => {
    const deb = make('deb', { NODE: 'bundled', ARCH });
    expect(deb).toMatch(`/analytics-mysql_${version}-1_${ARCH}.deb`);
    expect(field(deb, 'Architecture')).toBe(ARCH);
    expect(field(deb, 'Depends')).not.toContain('nodejs');
    const unpacked = unpack(deb);
    const { stdout } = spawnSync(join(unpacked, 'usr/bin/analytics-mysql'), ['x'], {
      encoding: 'utf8',
      env: { PATH: '/usr/bin:/bin' },
    });
    expect(stdout).toBe('packed start.js x\n');
    expect(filesIn(unpacked)).toContain('usr/share/doc/analytics-mysql/node-notices.gz');
    expect(filesIn(unpacked)).not.toContain('DEBIAN/triggers');
  });

  it('refuses an architecture for which there is no Node.js', () => {
    expect(run('deb', { NODE: 'bundled', ARCH: 'i386' })).toEqual({
      status: 1,
      stdout: '',
      stderr: 'ARCH=i386 is not amd64 or arm64, for which there is a Node.js to be packed\n',
    });
  });

  it('asks for the maintainer if there is no commit', () => {
    expect(run('deb', { DEBEMAIL: '' })).toEqual({
      status: 1,
      stdout: '',
      stderr: 'the maintainer of the package is unknown; set DEBFULLNAME and DEBEMAIL\n',
    });
  });

  it('the same commit gives the same package', () => {
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@example.org', ...args], {
        cwd: checkout,
      });
    git('init', '-q');
    try {
      git('commit', '-q', '--allow-empty', '-m', 'first');
      const deb = make('deb');
      expect(deb).toMatch(new RegExp(`_${version}\\+git\\d{8}\\.\\d{4}\\.[0-9a-f]+-1_all\\.deb$`));
      const first = readFileSync(deb);
      expect(readFileSync(make('deb')).equals(first)).toBe(true);
      git('tag', `v${version}`);
      expect(make('deb')).toMatch(`_${version}-1_all.deb`);
    } finally {
      rmSync(join(checkout, '.git'), { recursive: true });
    }
  });
});

it.each(['tarball', 'deb'])(
  'make %s leaves nothing half-written under its final name',
  (script) => {
    const before = readdirSync(join(checkout, 'packages'));
    const notices = join(checkout, 'dist/THIRD-PARTY-NOTICES.txt');
    const content = readFileSync(notices);
    rmSync(notices);
    try {
      expect(run(script).status).not.toBe(0);
    } finally {
      writeFileSync(notices, content);
    }
    expect(readdirSync(join(checkout, 'packages'))).toEqual(before);
  },
);
