import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { ensureBuild } from '../farm/build.js';
import { projectRoot } from '../farm/places.js';
import { programEntry } from '../farm/run.js';

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

it.each(['Failure', 'OutputError', 'WikiFailure', 'TsvFormat'])(
  'the build has the class %s once',
  (name) => {
    expect(bundledClasses().filter((found) => found === name)).toEqual([name]);
  },
);

it('no class of the build has a number added to its name', () => {
  expect(bundledClasses().filter((name) => /\$\d+$/.test(name))).toEqual([]);
});

it('every file that a bundle requires is in the build', () => {
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
  expect(required).toContain('chunks/iconv-lite.js');
  expect(required.filter((file) => !bundles.includes(file))).toEqual([]);
});

it('no bundle has an import(), which the loader of bundles does not support', () => {
  const dist = join(projectRoot, 'dist');
  const found = readdirSync(dist, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.js'))
    .flatMap(
      (file) => readFileSync(join(dist, file), 'latin1').match(/[^.\w$]import\([^)]*\)/g) ?? [],
    );
  expect(found).toEqual([]);
});

it('the program runs without a build', () => {
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
