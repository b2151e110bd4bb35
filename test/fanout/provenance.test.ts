import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readSettings } from '../../src/cli/read-settings.js';
import { Failure } from '../../src/failure.js';
import type { Plan } from '../../src/fanout/plan/plan.js';
import { provenancePath, writeRunProvenance } from '../../src/fanout/provenance.js';
import type { WikiResult } from '../../src/fanout/results/result-collector.js';
import { type Address, tcpAddress } from '../../src/target/address.js';
import { targetWith } from '../examples.js';
import { failure, outcome, tallyOf } from './outcomes.js';

const directory = mkdtempSync(join(tmpdir(), 'analytics-mysql-provenance-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe('the document stands', () => {
  it.each<[string, string, string | undefined, string]>([
    ['beside a file', 'data/edits.csv', undefined, 'data/edits.csv.meta.json'],
    ['beside a directory', 'data/edits/', 'data/edits', 'data/edits.meta.json'],
    ['beside a directory that was there', 'edits', 'edits', 'edits.meta.json'],
    ['in the directory of a pattern', 'data/{wiki}.csv', 'data', 'data/_analytics-mysql.meta.json'],
    [
      'in the deepest directory that is the same for all',
      '/data/w-{wiki}/{wiki}.csv',
      '/data',
      '/data/_analytics-mysql.meta.json',
    ],
    ['here', '{wiki}.csv', '.', '_analytics-mysql.meta.json'],
  ])('%s', (_name, output, of, path) => expect(provenancePath(output, of)).toBe(path));

  it('beside the directory that is the current one', () => {
    expect(provenancePath('./', '.')).toBe(`${process.cwd()}.meta.json`);
  });
});

/** Two wikis on s2, whose hosts are two, and one each on s1 and on a socket. */
function plan(sql: Uint8Array): Plan {
  const s1 = tcpAddress('db1', 3311);
  const s2: Address = {
    kind: 'tcp',
    endpoints: [
      { host: 'db2', port: 3312 },
      { host: 'db3', port: 3312 },
    ],
  };
  const socket: Address = { kind: 'socket', path: '/run/my.sock' };
  const named = (section: string, ...wikis: string[]) =>
    wikis.map((wiki) => ({ wiki, database: wiki, section }));
  const sections = [
    {
      name: 's1',
      target: targetWith({ section: 's1', address: s1 }),
      wikis: named('s1', 'enwiki'),
    },
    {
      name: 's2',
      target: targetWith({ section: 's2', address: s2 }),
      wikis: named('s2', 'itwiki', 'plwiki'),
    },
    {
      name: '/run/my.sock',
      target: targetWith({ section: undefined, address: socket }),
      wikis: named('/run/my.sock', 'zuwiki'),
    },
  ];
  const wikis = sections.flatMap((section) => section.wikis);
  return { wikis, sections, statements: [{ sql, line: 1 }] };
}

interface Ran {
  sql?: Uint8Array;
  itwiki?: WikiResult;
  plwiki?: WikiResult;
  directory?: string;
}

/** Writes the provenance of a run and reads it. */
async function provenanceOf(output: string, ran: Ran = {}) {
  const settings = readSettings(
    ['--wikis', 'all', '--no-defaults', '--output', output, '-e', '1'],
    {},
  );
  const stats = tallyOf(4, [
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
  const path = provenancePath(output, ran.directory);
  const text = readFileSync(path, 'utf8');
  return { text, document: JSON.parse(text), mode: statSync(path).mode & 0o777 };
}

const none: WikiResult = { rows: 0, bytes: 0, file: undefined, sha256: undefined };
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

describe('the document of a run', () => {
  const output = join(directory, 'edits.csv.gz');

  it('says where each wiki was, when, and what came of it', async () => {
    writeFileSync(output, 'data');
    const { document, text, mode } = await provenanceOf(output, {
      itwiki: { ...none, rows: 2, bytes: 20 },
      plwiki: { ...none, rows: 5, bytes: 50 },
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
          ...nowhere,
        },
        {
          ...wiki('zuwiki', null, null, null, { outcome: 'not-run' }),
          ...nowhere,
          socket: '/run/my.sock',
        },
      ],
      files: [{ file: 'edits.csv.gz', bytes: 4, sha256: sha256('data') }],
      totals: { wikis: 4, ok: 2, skipped: 0, failed: 1, rows: 7, bytes: 70 },
    });
    const [, itwiki] = document.wikis;
    expect(Date.parse(itwiki.end) - Date.parse(itwiki.start)).toBe(500);
  });

  const nowhere = { start: null, end: null, serverVersion: null };

  function wiki(
    name: string,
    section: string | null,
    host: string | null,
    port: number | null,
    changes: object,
  ) {
    const time = expect.stringMatching(/Z$/);
    const went = { rows: 0, bytes: 0, outcome: 'ok', errors: [], ...changes };
    const answered = { serverVersion: '10.11.19-MariaDB', start: time, end: time };
    return { wiki: name, section, host, port, ...answered, ...went };
  }

  it('names the files of a directory as seen from where it stands', async () => {
    const data = join(directory, 'data');
    mkdirSync(join(data, 'wiki_db=itwiki'), { recursive: true });
    writeFileSync(join(data, 'wiki_db=itwiki', 'part-0.parquet'), 'rows');
    const counted = sha256('counted while it was written');
    writeFileSync(join(data, 'plwiki.csv'), 'more');
    const { document } = await provenanceOf(`${data}/`, {
      directory: data,
      itwiki: { ...none, file: 'wiki_db=itwiki/part-0.parquet' },
      plwiki: { ...none, file: 'plwiki.csv', sha256: counted },
    });
    const itwiki = 'data/wiki_db=itwiki/part-0.parquet';
    expect(document.files).toEqual([
      { file: itwiki, bytes: 4, sha256: sha256('rows') },
      { file: 'data/plwiki.csv', bytes: 4, sha256: counted },
    ]);
    expect(document.wikis.map(({ file }: { file?: string }) => file)).toEqual([
      undefined,
      itwiki,
      'data/plwiki.csv',
      undefined,
    ]);
  });

  it.each<[string, string, unknown]>([
    ['as it was written', "select 'é\n'", "select 'é\n'"],
    ['as base64 where it is no UTF-8', '\xff', { base64: '/w==' }],
    ['not at all if it has a password', "set password = 'x'", { 'left-out': 'password' }],
  ])('has a statement %s', async (_name, sql, told) => {
    writeFileSync(output, '');
    const bytes = Buffer.from(sql, sql === '\xff' ? 'latin1' : 'utf8');
    expect((await provenanceOf(output, { sql: bytes })).document.statements).toEqual([told]);
  });

  it('that cannot be written is one clear error, and the data stays', async () => {
    writeFileSync(output, 'data');
    rmSync(`${output}.meta.json`, { force: true });
    mkdirSync(`${output}.meta.json`);
    const error = await provenanceOf(output).catch((reason: unknown) => reason);
    expect(error instanceof Failure && [error.code, error.exitStatus]).toEqual([
      'provenance-failed',
      1,
    ]);
    expect(String(error)).toContain('(EISDIR): the data is written, its provenance is not');
    expect(readFileSync(output, 'utf8')).toBe('data');
  });
});
