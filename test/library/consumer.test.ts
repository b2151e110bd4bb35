import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { environment } from '../farm/run.js';
import { projectRoot } from '../farm/sections.js';

const run = promisify(execFile);
let project: string;

const exported = [
  'Failure',
  'ReplicaError',
  'WikisFailed',
  'getDbstoreHostPort',
  'getJdbcString',
  'getMediawikiSectionDbnameMapping',
  'query',
  'queryWikis',
  'resolveTarget',
  'sectionOf',
];

/** The body of the programs below, which differ only in how they import the library. */
const body = `
async function main() {
  const { user, password } = JSON.parse(process.env.LOGIN ?? '');
  const rows = query<{ page_id: number; page_title: string }>(
    'itwiki',
    'select page_id, page_title from page order by page_id limit 2',
    { user, password, signal: new AbortController().signal },
  );
  const ids: number[] = [];
  for await (const { page_id, page_title } of rows) if (page_title !== '') ids.push(page_id);
  const arrays: Value[][] = await query('itwiki', 'select 1, 1', { user, password, rows: 'array' }).toArray();
  const target: Target = await resolveTarget('itwiki');
  let failure = '';
  try { sectionOf('nosuchwiki'); } catch (error) { if (error instanceof Failure) failure = error.code; }
  let errno = 0;
  try { await query('itwiki', 'select nothing', { user, password }).toArray(); }
  catch (error) { if (error instanceof ReplicaError) errno = error.errno; }
  const [host, port]: [string, number] = await getDbstoreHostPort(getMediawikiSectionDbnameMapping(), false, 'itwiki');
  const pages: Record<string, bigint> = {};
  const many = queryWikis<{ pages: bigint }>('s2', 'select count(*) as pages from page', { user, password });
  for await (const { wiki, row } of many) pages[wiki] = row.pages;
  const outcomes: WikiOutcome[] = many.outcomes.filter(({ outcome }) => outcome === 'ok');
  let failed = 0;
  try { await queryWikis(['itwiki', 'nlwiki'], 'select nothing', { user, password }).toArray(); }
  catch (error) { if (error instanceof WikisFailed) failed = error.failures.length; }
  const section: string = sectionOf('itwiki');
  console.log(JSON.stringify({ ids, arrays, section, jdbc: target.jdbcUrl, failure, errno, host, port, itwiki: Number(pages.itwiki), ok: outcomes.length === Object.keys(pages).length, failed }));
}
main();
`;
const names = `${exported.join(', ')}, type Target, type Value, type WikiOutcome`;

beforeAll(() => {
  // Outside the project, so that Node and tsc do not find the project's own node_modules.
  project = mkdtempSync(join(tmpdir(), 'analytics-mysql-consumer-'));
  const installed = join(project, 'node_modules/analytics-mysql');
  mkdirSync(installed, { recursive: true });
  for (const name of ['package.json', 'dist']) {
    cpSync(join(projectRoot, name), join(installed, name), { recursive: true });
  }
  const types = join(project, 'node_modules/@types');
  mkdirSync(types);
  symlinkSync(join(projectRoot, 'node_modules/@types/node'), join(types, 'node'));
  writeFileSync(join(project, 'package.json'), '{}');
  writeFileSync(
    join(project, 'tsconfig.json'),
    JSON.stringify({
      compilerOptions: {
        module: 'nodenext',
        target: 'es2022',
        lib: ['es2023'],
        types: ['node'],
        strict: true,
        exactOptionalPropertyTypes: true,
        skipLibCheck: false,
        outDir: 'out',
        rootDir: '.',
      },
      include: ['*.mts', '*.cts'],
    }),
  );
  writeFileSync(join(project, 'module.mts'), `import { ${names} } from 'analytics-mysql';${body}`);
  writeFileSync(join(project, 'common.cts'), `import { ${names} } from 'analytics-mysql';${body}`);
});

afterAll(() => rmSync(project, { recursive: true, force: true }));

it('type-checks in a project without its dependencies, and runs as ES module and as CommonJS', async () => {
  const tsc = join(projectRoot, 'node_modules/typescript/bin/tsc');
  const result = await run(process.execPath, [tsc, '-p', project], { cwd: project }).catch(
    ({ stdout }: { stdout: string }) => ({ stdout }),
  );
  expect(result.stdout).toBe('');
  const { endpoints, users } = inject('farm');
  const { name: user, password } = users.research;
  const env = environment({ LOGIN: JSON.stringify({ user, password }) });
  const { host, port } = endpoints.s2;
  for (const file of ['module.mjs', 'common.cjs']) {
    const { stdout, stderr } = await run(process.execPath, [join(project, 'out', file)], { env });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({
      ids: [1, 2],
      arrays: [[1, 1]],
      section: 's2',
      jdbc: `jdbc:mysql://${host}:${port}/itwiki?characterEncoding=UTF-8`,
      failure: 'unknown-database',
      errno: 1054,
      host,
      port,
      itwiki: 200,
      ok: true,
      failed: 2,
    });
  }
});

it('exports the same classes and functions to ES modules and to CommonJS', async () => {
  const program = `
    const required = require('analytics-mysql');
    import('analytics-mysql').then((imported) => {
      const names = Object.keys(imported);
      console.log(JSON.stringify(names.filter((name) => imported[name] === required[name])));
    });`;
  writeFileSync(join(project, 'both.cjs'), program);
  const { stdout } = await run(process.execPath, [join(project, 'both.cjs')]);
  expect(JSON.parse(stdout)).toEqual(exported);
});

it('declares nothing that needs the types of Node or of a browser', async () => {
  const alone = join(project, 'alone');
  mkdirSync(alone);
  const program = `import { query } from 'analytics-mysql';\nexport const rows = query('itwiki', 'select 1');\n`;
  writeFileSync(join(alone, 'alone.mts'), program);
  const options =
    '--ignoreConfig --noEmit --module nodenext --target es2022 --lib es2023 --strict'.split(' ');
  const tsc = join(projectRoot, 'node_modules/typescript/bin/tsc');
  const args = [tsc, ...options, '--types', '', 'alone.mts'];
  const result = await run(process.execPath, args, { cwd: alone }).catch(
    ({ stdout }: { stdout: string }) => ({ stdout }),
  );
  expect(result.stdout).toBe('');
});
