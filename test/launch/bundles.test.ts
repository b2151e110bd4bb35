import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { formatThirdPartyNotices } from '../../src/build/notices.js';
import { ensureBuild } from '../farm/build.js';
import { programEntry } from '../farm/run.js';
import { projectRoot } from '../farm/sections.js';

beforeAll(() => ensureBuild());

/** The names of the classes in all bundles, sorted. */
function bundledClasses(): string[] {
  const dist = join(projectRoot, 'dist');
  return readdirSync(dist, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.js'))
    .flatMap((file) => [...readFileSync(join(dist, file), 'latin1').matchAll(/([\w$]+)=class\b/g)])
    .map(([, name = '']) => name)
    .sort();
}

/** The names of the packages that src imports, except for the build. */
function bundledPackages(): string[] {
  const src = join(projectRoot, 'src');
  const sources = readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.startsWith('build/'))
    .map((file) => readFileSync(join(src, file), 'utf8'));
  const imported = sources.flatMap((text) =>
    [...text.matchAll(/\b(?:from |import\()'((?:@[^/']+\/)?[\w-][^/':]*)[^':]*'/g)].map(
      ([, name = '']) => name,
    ),
  );
  return [...new Set(imported)];
}

it.each(['Failure', 'OutputError', 'WikiFailure', 'TsvFormat'])(
  'the build contains the class %s exactly once',
  (name) => {
    expect(bundledClasses().filter((found) => found === name)).toEqual([name]);
  },
);

it('the bundler renames no class by adding a number', () => {
  expect(bundledClasses().filter((name) => /\$\d+$/.test(name))).toEqual([]);
});

it('the build contains the manual page and the completion scripts', () => {
  const dist = join(projectRoot, 'dist');
  expect(readFileSync(join(dist, 'man/analytics-mysql.1'), 'utf8')).toMatch(
    /^\.Dd .+\n\.Dt ANALYTICS-/,
  );
  const paths = {
    bash: 'bash/analytics-mysql',
    zsh: 'zsh/_analytics-mysql',
    fish: 'fish/analytics-mysql.fish',
  };
  for (const [shell, path] of Object.entries(paths)) {
    const args = [programEntry, '--completion', shell];
    const { stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    expect(stdout).toContain(`${shell} completion for analytics-mysql`);
    expect(readFileSync(join(dist, 'completion', path), 'utf8')).toBe(stdout);
  }
});

it('the build contains every file that a bundle requires', () => {
  const dist = join(projectRoot, 'dist');
  const bundles = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.js'),
  );
  const required = bundles.flatMap((bundle) => {
    const text = readFileSync(join(dist, bundle), 'latin1');
    return [...text.matchAll(/\brequire\(["'`](\.[^"'`]+)["'`]\)/g)].map(([, path = '']) =>
      join(bundle, '..', path),
    );
  });
  expect(required).not.toEqual([]);
  expect(required.filter((file) => !bundles.includes(file))).toEqual([]);
});

it('no bundle contains import(), which the bundle loader does not support', () => {
  const dist = join(projectRoot, 'dist');
  const found = readdirSync(dist, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.js'))
    .flatMap(
      (file) => readFileSync(join(dist, file), 'latin1').match(/[^.\w$]import\([^)]*\)/g) ?? [],
    );
  expect(found).toEqual([]);
});

it('THIRD-PARTY-NOTICES.txt contains the license of each bundled package', () => {
  const notices = readFileSync(join(projectRoot, 'dist/THIRD-PARTY-NOTICES.txt'), 'utf8');
  const versions = new Map(Object.entries(manifest.devDependencies));
  for (const name of bundledPackages()) {
    const version = versions.get(name);
    expect(notices).toMatch(new RegExp(`^${name} ${version}, \\S+\n\n.{10}`, 'm'));
  }
  // A dependency of another package.
  expect(notices).toMatch(/^yargs-parser [\d.]+, ISC\n\n(?:.*\n)*Permission to use, copy/m);
  const bundler = manifest.devDependencies.rolldown;
  expect(notices).toMatch(new RegExp(`^rolldown ${bundler}, MIT\n\n(?:.*\n)*Permission is`, 'm'));
});

it('THIRD-PARTY-NOTICES.txt does not list packages that stubs replace', () => {
  const notices = readFileSync(join(projectRoot, 'dist/THIRD-PARTY-NOTICES.txt'), 'utf8');
  const names = [...notices.matchAll(/^(\S+) \d+\.\d+\.\d+, /gm)].map(([, name]) => name);
  expect(names).toEqual([...names].sort());
  expect(names).toContain('mysql2');
  for (const stub of ['@colors/colors', 'iconv-lite', 'long', 'named-placeholders']) {
    expect(names).not.toContain(stub);
  }
});

it('package.json pins the version of each package that src imports', () => {
  expect(bundledPackages()).toEqual(
    expect.arrayContaining(['mysql2', 'yargs', 'dns2', 'cli-table3']),
  );
  const pinned = new Map(Object.entries(manifest.devDependencies));
  for (const name of bundledPackages()) {
    expect(pinned.get(name), name).toMatch(/^\d+\.\d+\.\d+$/);
  }
});

it('the package depends on no other, since all that it needs is in the bundles', () => {
  expect(manifest).not.toHaveProperty('dependencies');
});

it('refuses to bundle a package without a license', () => {
  const directory = mkdtempSync(join(tmpdir(), 'notices-'));
  const inside = join(directory, 'node_modules/@scope/name');
  try {
    mkdirSync(inside, { recursive: true });
    const write = (content: object) =>
      writeFileSync(join(inside, 'package.json'), JSON.stringify(content));
    const notices = () => formatThirdPartyNotices([join(inside, 'lib/index.js')]);
    write({ name: '@scope/name', version: '1.2.3', license: 'MIT' });
    expect(notices).toThrow('@scope/name 1.2.3 has no license');
    writeFileSync(join(inside, 'LICENSE.md'), 'Do as you like.');
    expect(notices()).toContain('@scope/name 1.2.3, MIT\n\nDo as you like.\n');
    write({ name: '@scope/name', version: '1.2.3' });
    expect(notices).toThrow('@scope/name 1.2.3 has no license');
  } finally {
    rmSync(directory, { recursive: true });
  }
});

it('runs from the sources, without a build', () => {
  const args = ['itwiki', '--print-target', '--nameserver', '127.0.0.1:9'];
  const env = { PATH: process.env.PATH, ANALYTICS_MYSQL_MW_CONFIG_PATH: projectRoot };
  const run = (...program: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [...program, ...args], {
      encoding: 'utf8',
      env,
      cwd: projectRoot,
    });
    return { status, stdout, stderr };
  };
  const built = run(programEntry);
  expect(built).toMatchObject({ status: 0, stdout: 's2-analytics-replica.eqiad.wmnet:3312\n' });
  expect(run('--import', 'tsx', 'src/main.ts')).toEqual(built);
});
