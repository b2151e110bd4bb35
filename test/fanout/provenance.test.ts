import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readSettings } from '../../src/cli/read-settings.js';
import { Failure } from '../../src/failure.js';
import type { Plan } from '../../src/fanout/plan/plan.js';
import { provenancePathForRun, writeRunProvenance } from '../../src/fanout/provenance.js';
import type { WikiResult } from '../../src/fanout/results/result-collector.js';
import { type Address, makeTcpAddress } from '../../src/target/address.js';
import { targetWith } from '../examples.js';
import { failure, outcome, statsOf } from './outcomes.js';

const directory = mkdtempSync(join(tmpdir(), 'analytics-mysql-provenance-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe('the provenance document of a run is', () => {
  it.each<[string, string, string | undefined, string]>([
    ['beside a file', 'data/edits.csv', undefined, 'data/edits.csv.meta.json'],
    ['beside a directory', 'data/edits/', 'data/edits', 'data/edits.meta.json'],
    ['beside an existing directory', 'edits', 'edits', 'edits.meta.json'],
    ['in the directory of a pattern', 'data/{wiki}.csv', 'data', 'data/_analytics-mysql.meta.json'],
    [
      'in the deepest directory that all files of a pattern share',
      '/data/w-{wiki}/{wiki}.csv',
      '/data',
      '/data/_analytics-mysql.meta.json',
    ],
    ['in the current directory', '{wiki}.csv', '.', '_analytics-mysql.meta.json'],
  ])('%s', (_name, output, outputDirectory, path) =>
    expect(provenancePathForRun(output, outputDirectory)).toBe(path),
  );

  it('beside the current directory if that is the output', () => {
    expect(provenancePathForRun('./', '.')).toBe(`${process.cwd()}.meta.json`);
  });
});

/** Returns a plan with two wikis on s2, which has two hosts, one on s1 and one on a socket. */
function plan(sql: Uint8Array): Plan {
  const s1 = makeTcpAddress('db1', 3311);
  const s2: Address = {
    kind: 'tcp',
    endpoints: [
      { host: 'db2', port: 3312 },
      { host: 'db3', port: 3312 },
    ],
  };
  const socket: Address = { kind: 'socket', path: '/run/my.sock' };
  const wikisOn = (section: string, ...wikis: string[]) =>
    wikis.map((wiki) => ({ wiki, database: wiki, section }));
  const sections = [
    {
      name: 's1',
      target: targetWith({ section: 's1', address: s1 }),
      wikis: wikisOn('s1', 'enwiki'),
    },
    {
      name: 's2',
      target: targetWith({ section: 's2', address: s2 }),
      wikis: wikisOn('s2', 'itwiki', 'plwiki'),
    },
    {
      name: '/run/my.sock',
      target: targetWith({ section: undefined, address: socket }),
      wikis: wikisOn('/run/my.sock', 'zuwiki'),
    },
  ];
  const wikis = sections.flatMap((section) => section.wikis);
  return { wikis, sections, unresolved: [], statements: [{ sql, line: 1 }] };
}

interface RunFiles {
  sql?: Uint8Array;
  itwiki?: WikiResult;
  plwiki?: WikiResult;
  directory?: string;
}

/** Writes the provenance document of a run and reads it back. */
async function writeAndRead(output: string, ran: RunFiles = {}) {
  const settings = readSettings(
    ['--wikis', 'all', '--no-defaults', '--output', output, '-e', '1'],
    {},
  );
  const stats = statsOf(4, [
    outcome('itwiki', { endpoint: { host: 'db3', port: 3312 }, result: ran.itwiki }),
    failure('enwiki', 1054, 'SECRET text'),
    outcome('plwiki', {
      outcome: 'finished-before',
      serverVersion: undefined,
      result: ran.plwiki,
    }),
  ]);
  await writeRunProvenance({
    settings,
    plan: plan(ran.sql ?? Buffer.from('select 1')),
    stats,
    run: 'abc',
    characterSet: 'utf8mb4',
    directory: ran.directory,
  });
  const path = provenancePathForRun(output, ran.directory);
  const text = readFileSync(path, 'utf8');
  return { text, document: JSON.parse(text), mode: statSync(path).mode & 0o777 };
}

const emptyResult: WikiResult = { rows: 0, bytes: 0, file: undefined, sha256: undefined };
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

describe('the content of the document', () => {
  const output = join(directory, 'edits.csv.gz');

  it('lists the server, times and outcome of each wiki', async () => {
    writeFileSync(output, 'data');
    const { document, text, mode } = await writeAndRead(output, {
      itwiki: { ...emptyResult, rows: 2, bytes: 20 },
      plwiki: { ...emptyResult, rows: 5, bytes: 50 },
    });
    expect(mode).toBe(0o600);
    expect(text).toMatch(/^\{\n {2}"tool": \{\n.*\n\}\n$/s);
    expect(text).not.toContain('SECRET');
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(document).toEqual({
      tool: { name: 'analytics-mysql', version: expect.stringMatching(/^\d+\.\d+\.\d+$/) },
      run: 'abc',
      start: time,
      end: time,
      statements: ['select 1'],
      options: expect.objectContaining({ format: 'csv', compression: 'gzip' }),
      wikis: [
        wiki('enwiki', 's1', 'db1', 3311, { outcome: 'failed', errors: [1054] }),
        wiki('itwiki', 's2', 'db3', 3312, { rows: 2, bytes: 20 }),
        {
          ...wiki('plwiki', 's2', null, null, { rows: 5, bytes: 50, outcome: 'finished-before' }),
          ...noServer,
        },
        {
          ...wiki('zuwiki', null, null, null, { outcome: 'not-run' }),
          ...noServer,
          socket: '/run/my.sock',
        },
      ],
      files: [{ file: 'edits.csv.gz', bytes: 4, sha256: sha256('data') }],
      totals: { wikis: 4, ok: 2, skipped: 0, failed: 1, rows: 7, bytes: 70 },
    });
    const [, itwiki] = document.wikis;
    expect(Date.parse(itwiki.end) - Date.parse(itwiki.start)).toBe(500);
  });

  const noServer = { start: null, end: null, serverVersion: null };

  function wiki(
    name: string,
    section: string | null,
    host: string | null,
    port: number | null,
    changes: object,
  ) {
    const time = expect.stringMatching(/Z$/);
    const result = { rows: 0, bytes: 0, outcome: 'ok', errors: [], ...changes };
    const answered = { serverVersion: '10.11.19-MariaDB', start: time, end: time };
    return { wiki: name, section, host, port, ...answered, ...result };
  }

  it('lists the files of a directory relative to the document', async () => {
    const data = join(directory, 'data');
    mkdirSync(join(data, 'wiki_db=itwiki'), { recursive: true });
    writeFileSync(join(data, 'wiki_db=itwiki', 'part-0.parquet'), 'rows');
    const givenHash = sha256('hash of the collector');
    writeFileSync(join(data, 'plwiki.csv'), 'more');
    const { document } = await writeAndRead(`${data}/`, {
      directory: data,
      itwiki: { ...emptyResult, file: 'wiki_db=itwiki/part-0.parquet' },
      plwiki: { ...emptyResult, file: 'plwiki.csv', sha256: givenHash },
    });
    const itwiki = 'data/wiki_db=itwiki/part-0.parquet';
    expect(document.files).toEqual([
      { file: itwiki, bytes: 4, sha256: sha256('rows') },
      { file: 'data/plwiki.csv', bytes: 4, sha256: givenHash },
    ]);
    expect(document.wikis.map(({ file }: { file?: string }) => file)).toEqual([
      undefined,
      itwiki,
      'data/plwiki.csv',
      undefined,
    ]);
  });

  it.each<[string, string, unknown]>([
    ['as text', "select 'é\n'", "select 'é\n'"],
    ['as base64 if it is not UTF-8', '\xff', { base64: '/w==' }],
    [
      'marked as left out if it contains a password',
      "set password = 'x'",
      { 'left-out': 'password' },
    ],
  ])('contains a statement %s', async (_name, sql, recorded) => {
    writeFileSync(output, '');
    const bytes = Buffer.from(sql, sql === '\xff' ? 'latin1' : 'utf8');
    expect((await writeAndRead(output, { sql: bytes })).document.statements).toEqual([recorded]);
  });

  it('reports an error and keeps the data if the document cannot be written', async () => {
    writeFileSync(output, 'data');
    rmSync(`${output}.meta.json`, { force: true });
    mkdirSync(`${output}.meta.json`);
    const error = await writeAndRead(output).catch((reason: unknown) => reason);
    expect(error instanceof Failure && [error.code, error.exitStatus]).toEqual([
      'provenance-failed',
      1,
    ]);
    expect(String(error)).toContain('(it is a directory); the data was written without provenance');
    expect(readFileSync(output, 'utf8')).toBe('data');
  });
});
