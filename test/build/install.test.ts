import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { ensureBuild } from '../farm/build.js';
import { projectRoot } from '../farm/sections.js';
import { temporaryDirectory } from '../temporary-directory.js';

/*
 * Tests `make install` and `make uninstall` through their script, in a copy of the built checkout, which
 * the tests change and remove.
 */

let directory: string;
let checkout: string;
let prefix: string;

beforeAll(() => ensureBuild());

beforeEach(() => {
  directory = temporaryDirectory();
  checkout = join(directory, 'checkout');
  prefix = join(directory, 'prefix');
  mkdirSync(prefix);
  for (const name of ['bin', 'dist', 'src/build/package', 'LICENSE', 'package.json']) {
    cpSync(join(projectRoot, name), join(checkout, name), { recursive: true });
  }
});

interface Ended {
  status: number | null;
  stdout: string;
  stderr: string;
}

function run(command: string, args: string[], env: NodeJS.ProcessEnv = {}): Ended {
  const { status, stdout, stderr } = spawnSync(command, args, {
    encoding: 'utf8',
    cwd: directory,
    env: { PATH: process.env.PATH, HOME: directory, ...env },
  });
  return { status, stdout, stderr };
}

function install(env: NodeJS.ProcessEnv = {}): Ended {
  return run(join(checkout, 'src/build/package/install'), [], { PREFIX: prefix, ...env });
}

function uninstall(env: NodeJS.ProcessEnv = {}): Ended {
  const script = join(checkout, 'src/build/package/install');
  return run(script, ['--uninstall'], { PREFIX: prefix, ...env });
}

/** Writes the files that the build generates besides the bundles. */
function writeDocuments(content: string): void {
  for (const source of Object.keys(documents)) {
    mkdirSync(dirname(join(checkout, source)), { recursive: true });
    writeFileSync(join(checkout, source), content);
  }
}

/** The man page and the completions: the file of the build, and where it is installed in PREFIX. */
const documents: Record<string, string> = {
  'dist/man/analytics-mysql.1': 'share/man/man1/analytics-mysql.1',
  'dist/completion/bash/analytics-mysql': 'share/bash-completion/completions/analytics-mysql',
  'dist/completion/zsh/_analytics-mysql': 'share/zsh/site-functions/_analytics-mysql',
  'dist/completion/fish/analytics-mysql.fish':
    'share/fish/vendor_completions.d/analytics-mysql.fish',
};

/** Returns the paths of all files in PREFIX, sorted. */
function installedFiles(): string[] {
  return readdirSync(prefix, { recursive: true, encoding: 'utf8' })
    .filter((name) => !lstatSync(join(prefix, name)).isDirectory())
    .sort();
}

const versionLine: string = expect.stringMatching(
  new RegExp(`^analytics-mysql ${manifest.version.replaceAll('.', '\\.')} \\(.*\\)\n$`),
);

it('installs a program that runs after the checkout has been removed', () => {
  expect(install()).toEqual({
    status: 0,
    stdout: `Installed ${prefix}/bin/analytics-mysql\n${prefix}/bin is not in PATH; add it, or run ${prefix}/bin/analytics-mysql\n`,
    stderr: '',
  });
  rmSync(checkout, { recursive: true });
  const installed = join(prefix, 'bin/analytics-mysql');
  const expected = { status: 0, stdout: versionLine, stderr: '' };
  expect(run(installed, ['--version'])).toEqual(expected);
  symlinkSync(installed, join(directory, 'link'));
  expect(run(join(directory, 'link'), ['--version'])).toEqual(expected);
});

it.each(Object.keys(documents))('installs nothing if the build lacks %s', (source) => {
  rmSync(join(checkout, source));
  expect(install()).toEqual({
    status: 1,
    stdout: '',
    stderr: `analytics-mysql: ${checkout}/${source} is missing; run 'make build' again\n`,
  });
  expect(installedFiles()).toEqual([]);
});

it('installs readable files, whatever the umask, and the code caches', () => {
  const script = join(checkout, 'src/build/package/install');
  expect(run('sh', ['-c', `umask 077; ${script}`], { PREFIX: prefix }).status).toBe(0);
  const names = readdirSync(prefix, { recursive: true, encoding: 'utf8' });
  for (const name of names) {
    const { mode } = statSync(join(prefix, name));
    const isProgram = name === 'bin/analytics-mysql' || name.endsWith('/bin/analytics-mysql');
    const executable = isProgram || statSync(join(prefix, name)).isDirectory();
    expect([name, (mode & 0o777).toString(8)]).toEqual([name, executable ? '755' : '644']);
  }
  const caches = (root: string) =>
    readdirSync(root, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.includes(process.version) && name.endsWith('.v8cache'))
      .sort();
  expect(caches(join(prefix, 'lib/analytics-mysql/dist'))).toEqual(caches(join(checkout, 'dist')));
  expect(caches(join(checkout, 'dist'))).not.toEqual([]);
});

it('installs and removes the man page and the completions', () => {
  writeDocuments('generated');
  expect(install()).toMatchObject({ status: 0, stderr: '' });
  for (const place of Object.values(documents)) {
    expect(readFileSync(join(prefix, place), 'utf8')).toBe('generated');
  }
  rmSync(join(checkout, 'dist'), { recursive: true });
  expect(uninstall()).toEqual({
    status: 0,
    stdout: `Removed analytics-mysql from ${prefix}\n`,
    stderr: '',
  });
  expect(installedFiles()).toEqual([]);
  expect(existsSync(join(prefix, 'lib/analytics-mysql'))).toBe(false);
});

it('replaces a copy of ours, and removes the files that the older version had', () => {
  writeDocuments('old');
  install();
  writeFileSync(join(prefix, 'lib/analytics-mysql/dist/chunks/gone.js'), '');
  // A file that only the older version had.
  const place = 'share/man/man1/older.1';
  writeFileSync(join(prefix, place), 'old');
  const manifestFile = join(prefix, 'lib/analytics-mysql/installed-files');
  const sum = createHash('sha256').update('old').digest('hex');
  appendFileSync(manifestFile, `${sum}  ${place}\n`);
  writeDocuments('new');
  expect(install()).toMatchObject({ status: 0, stderr: '' });
  expect(readFileSync(join(prefix, 'share/man/man1/analytics-mysql.1'), 'utf8')).toBe('new');
  expect(installedFiles().filter((name) => name.includes('gone.js'))).toEqual([]);
  expect(installedFiles().filter((name) => /analytics-mysql\.[^/]{6}($|\/)/.test(name))).toEqual(
    [],
  );
  expect(uninstall()).toMatchObject({ status: 0, stderr: '' });
  expect(installedFiles()).toEqual([]);
});

it('replaces a launcher that was copied or linked from a checkout', () => {
  const place = join(prefix, 'bin/analytics-mysql');
  mkdirSync(join(prefix, 'bin'));
  symlinkSync(join(checkout, 'bin/analytics-mysql'), place);
  expect(install()).toMatchObject({ status: 0, stderr: '' });
  expect(lstatSync(place).isSymbolicLink()).toBe(false);
  expect(lstatSync(join(checkout, 'bin/analytics-mysql')).isFile()).toBe(true);
  uninstall();
  cpSync(join(checkout, 'bin/analytics-mysql'), place);
  expect(install()).toMatchObject({ status: 0, stderr: '' });
});

describe('a program that is not ours', () => {
  const wrapper = '#!/usr/bin/env python3\nimport sys\n';
  let place: string;

  beforeEach(() => {
    place = join(prefix, 'bin/analytics-mysql');
    mkdirSync(join(prefix, 'bin'));
    writeFileSync(place, wrapper, { mode: 0o755 });
  });

  it('is not replaced, and the message says what it is', () => {
    expect(install()).toEqual({
      status: 1,
      stdout: '',
      stderr:
        `analytics-mysql: ${place} is another program, which begins with '#!/usr/bin/env python3'\n` +
        'analytics-mysql: nothing was installed; remove what is there, choose another PREFIX, or replace it with FORCE=1\n',
    });
    expect(installedFiles()).toEqual(['bin/analytics-mysql']);
    expect(readFileSync(place, 'utf8')).toBe(wrapper);
  });

  it('is replaced with FORCE=1', () => {
    expect(install({ FORCE: '1' })).toMatchObject({ status: 0, stderr: '' });
    expect(run(place, ['--version']).stdout).toEqual(versionLine);
  });

  it('is not removed when it took the place of ours', () => {
    install({ FORCE: '1' });
    writeFileSync(place, wrapper);
    expect(uninstall()).toEqual({
      status: 0,
      stdout: `Removed analytics-mysql from ${prefix}\n`,
      stderr: `Kept ${place}, which is another program, which begins with '#!/usr/bin/env python3'\n`,
    });
    expect(installedFiles()).toEqual(['bin/analytics-mysql']);
  });
});

it.each([
  [
    'a link',
    (place: string) => symlinkSync('/usr/bin/env', place),
    'is a symbolic link to /usr/bin/env',
  ],
  [
    'a binary',
    (place: string) => writeFileSync(place, Buffer.of(0x7f, 0x45, 0x4c, 0x46, 2, 0)),
    'is another file of 6 bytes',
  ],
] as const)('does not replace %s', (_, create, expected) => {
  const place = join(prefix, 'bin/analytics-mysql');
  mkdirSync(join(prefix, 'bin'));
  create(place);
  const { status, stderr } = install();
  expect(stderr).toMatch(`analytics-mysql: ${place} ${expected}\n`);
  expect(status).toBe(1);
  expect(existsSync(join(prefix, 'lib'))).toBe(false);
});

it('does not replace a directory with FORCE=1', () => {
  const place = join(prefix, 'bin/analytics-mysql');
  mkdirSync(place, { recursive: true });
  expect(install({ FORCE: '1' })).toEqual({
    status: 1,
    stdout: '',
    stderr: `analytics-mysql: ${place} is a directory; remove it, then try again\n`,
  });
});

it('does not replace a completion or a library directory that is not ours', () => {
  writeDocuments('generated');
  const completion = join(prefix, 'share/bash-completion/completions/analytics-mysql');
  mkdirSync(dirname(completion), { recursive: true });
  writeFileSync(completion, 'complete -F _mine analytics-mysql\n');
  const library = join(prefix, 'lib/analytics-mysql');
  mkdirSync(library, { recursive: true });
  const { status, stderr } = install();
  expect(stderr).toMatch(`${completion} is another file of 34 bytes\n`);
  expect(stderr).toMatch(`${library} is a directory\n`);
  expect(status).toBe(1);
  expect(installedFiles()).toEqual(['share/bash-completion/completions/analytics-mysql']);
});

it('a Node.js that was fetched into the checkout is installed with the program', () => {
  const fetched = join(checkout, '.node/24.21.0/bin/node');
  mkdirSync(dirname(fetched), { recursive: true });
  writeFileSync(fetched, '#!/bin/sh\necho "fetched $*"\n', { mode: 0o755 });
  writeFileSync(join(checkout, 'dist/node-path'), `${fetched}\n`);
  expect(install()).toMatchObject({ status: 0, stderr: '' });
  rmSync(checkout, { recursive: true });
  expect(run(join(prefix, 'bin/analytics-mysql'), ['x']).stdout).toBe(
    `fetched ${prefix}/bin/../lib/analytics-mysql/dist/launch/start.js x\n`,
  );
});

it('DESTDIR is put before PREFIX, and both may contain spaces and quotes', () => {
  const DESTDIR = join(directory, "it's a directory");
  const PREFIX = '/opt/my tools';
  expect(install({ DESTDIR, PREFIX })).toEqual({
    status: 0,
    stdout: `Installed ${DESTDIR}${PREFIX}/bin/analytics-mysql\n`,
    stderr: '',
  });
  const program = join(DESTDIR, PREFIX, 'bin/analytics-mysql');
  expect(run(program, ['--version']).stdout).toEqual(versionLine);
  expect(uninstall({ DESTDIR, PREFIX })).toMatchObject({ status: 0, stderr: '' });
  expect(existsSync(program)).toBe(false);
});

it.each([
  [
    { PREFIX: 'tools' },
    'PREFIX=tools is not an absolute path; use PREFIX=$HOME/.local or another path that begins with /',
  ],
  [{ DESTDIR: 'root' }, 'DESTDIR=root is not an absolute path; use a path that begins with /'],
  [{ FORCE: 'yes' }, 'FORCE=yes is not 0 or 1'],
])('refuses %o', (env, message) => {
  expect(install(env)).toEqual({ status: 1, stdout: '', stderr: `analytics-mysql: ${message}\n` });
});

it('says how to build if there is no build, and that nothing is installed', () => {
  rmSync(join(checkout, 'dist'), { recursive: true });
  expect(install()).toEqual({
    status: 1,
    stdout: '',
    stderr: `analytics-mysql: ${checkout}/dist is missing; run 'make build' first\n`,
  });
  expect(uninstall()).toEqual({
    status: 1,
    stdout: '',
    stderr: `analytics-mysql: analytics-mysql is not installed in ${prefix}; use the PREFIX and DESTDIR with which it was installed\n`,
  });
});

it('says which directory cannot be written', () => {
  chmodSync(directory, 0o755);
  chmodSync(prefix, 0o555);
  const script = join(checkout, 'src/build/package/install');
  const asNobody = ['--reuid', '65534', '--regid', '65534', '--clear-groups', script];
  const ended = process.getuid?.() === 0 ? run('setpriv', asNobody, { PREFIX: prefix }) : install();
  expect(ended).toEqual({
    status: 1,
    stdout: '',
    stderr: `analytics-mysql: cannot write to ${prefix}; run it with sudo, or choose another directory with PREFIX=$HOME/.local\n`,
  });
});
