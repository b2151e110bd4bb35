import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { runOurs, runOursWarm } from '../farm/run.js';
import { emptyDirectory, homeWithCredentials } from './home.js';

let HOME: string;
beforeAll(() => {
  HOME = homeWithCredentials();
});

async function run(file: string, ...args: string[]) {
  const words = ['itwiki', '--output', file, '--provenance', ...args];
  const { code, stderr } = await runOursWarm(words, { env: { HOME } });
  const meta = `${file}.meta.json`;
  const document = existsSync(meta) ? JSON.parse(readFileSync(meta, 'utf8')) : undefined;
  return { code, stderr, meta, document };
}

const path = (name: string) => join(emptyDirectory(), name);
const sha256Of = (file: string) =>
  execFileSync('sha256sum', [file], { encoding: 'utf8' }).slice(0, 64);

describe('--provenance', () => {
  it.each(['x.csv', 'x.json.gz', 'x.parquet', 'x.tsv', 'x'])(
    'describes the origin and the checksum of %s in a .meta.json file',
    async (name) => {
      const file = path(name);
      const sql = 'select seq, md5(seq) m from seq_1_to_100000';
      const { code, stderr, document, meta } = await run(file, '-e', sql);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(statSync(meta).mode & 0o777).toBe(0o600);
      expect(readdirSync(dirname(file)).sort()).toEqual([name, `${name}.meta.json`].sort());
      expect(document.files).toEqual([
        { file: name, bytes: statSync(file).size, sha256: sha256Of(file) },
      ]);
      expect(document.statements).toEqual([sql]);
      expect(document.wikis).toEqual([
        expect.objectContaining({
          wiki: 'itwiki',
          section: 's2',
          host: 'dbstore1007.eqiad.wmnet',
          port: 3312,
          serverVersion: expect.stringMatching(/^\d+\.\d+\.\d+-MariaDB/),
          rows: 100_000,
          outcome: 'ok',
          errors: [],
        }),
      ]);
      expect(document.totals).toMatchObject({ wikis: 1, ok: 1, rows: 100_000 });
      const { password } = inject('farm').users.research;
      expect(readFileSync(meta, 'utf8')).not.toContain(password);
    },
  );

  it('records the options that can change the data', async () => {
    const args = ['--timestamps=iso', '-N', '--init-command', "set time_zone='+00:00'"];
    const { document } = await run(path('x.csv.gz'), ...args, '-e', 'select 1');
    expect(document.options).toMatchObject({
      format: 'csv',
      compression: 'gzip',
      timestamps: 'iso',
      columnNames: false,
      raw: false,
      binaryAsHex: false,
      characterSet: 'utf8mb4',
      initCommands: ["set time_zone='+00:00'"],
      selectLimit: null,
    });
  });

  it('records all statements without passwords, and the error numbers', async () => {
    const { code, document } = await run(
      path('x.jsonl'),
      '-e',
      "use enwiktionary; select 1 a union select 2; select nothing; set @x = password('y');",
      '-f',
    );
    expect(code).toBe(0);
    expect(document.statements).toEqual([
      'use enwiktionary',
      'select 1 a union select 2',
      'select nothing',
      { 'left-out': 'password' },
    ]);
    expect(document.wikis).toMatchObject([{ rows: 2, errors: [1054] }]);
  });

  it('is not written if there is no output file', async () => {
    const file = path('x.csv');
    const { code } = await run(file, '-e', 'select nothing');
    expect([code, readdirSync(dirname(file))]).toEqual([1, []]);
  });

  it('is an error if it cannot be written, but the output file is kept', async () => {
    const file = path('x.csv');
    mkdirSync(`${file}.meta.json`);
    const { stdout, stderr, code } = await runOurs(
      ['itwiki', '--output', file, '--provenance', '-e', 'select 1 a'],
      { env: { HOME } },
    );
    expect({ stdout: stdout.toString(), stderr, code }).toEqual({
      stdout: '',
      stderr: expect.stringMatching(
        /^analytics-mysql: cannot write .*x\.csv\.meta\.json \(it is a directory\); the data was written without provenance\n$/,
      ),
      code: 1,
    });
    expect(readFileSync(file, 'utf8')).toBe('a\n1\n');
  });

  it('replaces the provenance of an older file, and requires a regular output file', async () => {
    const file = path('x.csv');
    writeFileSync(`${file}.meta.json`, 'old');
    const { document } = await run(file, '-e', 'select 1');
    expect(document.files).toMatchObject([{ file: basename(file) }]);
    expect(await run('/dev/null', '-e', 'select 1')).toMatchObject({
      code: 13,
      stderr:
        "analytics-mysql: --provenance cannot be used with '/dev/null': it is not a regular file\n",
      document: undefined,
    });
  });
});

describe('--provenance with --wikis', () => {
  const wikis = ['enwiki', 'itwiki', 'ptwiki'];

  async function runMany(output: string, sql: string, ...args: string[]) {
    const words = ['--wikis', wikis.join(','), '--output', output, '--provenance', ...args];
    return runOursWarm([...words, '-e', sql], { env: { HOME } });
  }

  it('is written next to the single file, with the server and the outcome of each wiki', async () => {
    const file = path('x.csv');
    const sql = "select if(database() = 'ptwiki', (select 1 union select 2), 7) n";
    const { code } = await runMany(file, sql);
    expect(code).toBe(4);
    const document = JSON.parse(readFileSync(`${file}.meta.json`, 'utf8'));
    const server = { serverVersion: expect.stringMatching(/^\d+\.\d+\.\d+-MariaDB/) };
    expect(document.wikis).toMatchObject([
      { wiki: 'enwiki', section: 's1', port: 3311, ...server, rows: 1, outcome: 'ok' },
      { wiki: 'itwiki', section: 's2', port: 3312, ...server, rows: 1, outcome: 'ok' },
      { wiki: 'ptwiki', section: 's2', port: 3312, ...server, rows: 0, errors: [1242] },
    ]);
    expect(document.files).toEqual([
      { file: 'x.csv', bytes: statSync(file).size, sha256: sha256Of(file) },
    ]);
    expect(document.totals).toMatchObject({ wikis: 3, ok: 2, failed: 1, rows: 2 });
    expect(document.options).toMatchObject({ format: 'csv', wikiColumn: 'wiki' });
  });

  it.each([
    ['edits/', 'edits.meta.json', ['--format=csv'], (wiki: string) => `edits/${wiki}.csv`],
    [
      'edits/',
      'edits.meta.json',
      ['--format=parquet'],
      (wiki: string) => `edits/wiki_db=${wiki}/part-0.parquet`,
    ],
    ['n-{wiki}.csv.gz', '_analytics-mysql.meta.json', [], (wiki: string) => `n-${wiki}.csv.gz`],
  ] as const)('lists the files of %s in %s', async (output, meta, args, name) => {
    const directory = emptyDirectory();
    const { code, stderr } = await runMany(join(directory, output), 'select 1 n', ...args);
    expect([code, stderr]).toEqual([0, expect.stringContaining('3 wikis ok')]);
    const { files, wikis: recorded } = JSON.parse(readFileSync(join(directory, meta), 'utf8'));
    const expected = wikis.map((wiki) => {
      const file = join(directory, name(wiki));
      return { file: name(wiki), bytes: statSync(file).size, sha256: sha256Of(file) };
    });
    expect(files).toEqual(expected);
    expect(recorded.map(({ file }: { file: string }) => file)).toEqual(wikis.map(name));
  });

  it('is reported after the summary if it cannot be written', async () => {
    const file = path('x.csv');
    mkdirSync(`${file}.meta.json`);
    const { code, stderr } = await runMany(file, 'select 1 n');
    expect(code).toBe(1);
    expect(stderr).toMatch(
      / 3 wikis ok; .*\n.*\(it is a directory\); the data was written without prov.*\n$/,
    );
    expect(readFileSync(file, 'utf8')).toBe('wiki,n\nenwiki,1\nitwiki,1\nptwiki,1\n');
  });

  it('is not written if all wikis failed or the run was stopped', async () => {
    const file = path('x.csv');
    writeFileSync(file, 'old');
    expect((await runMany(file, 'select nothing')).code).toBe(4);
    expect((await runMany(file, 'select nothing', '--fail-fast')).code).toBe(4);
    expect(existsSync(`${file}.meta.json`)).toBe(false);
    expect(readFileSync(file, 'utf8')).toBe('old');
  });
});

describe('without a terminal', () => {
  it('a long statement writes the same output as a short one', async () => {
    const sql = (seconds: number) => `select sleep(${seconds}) slept, repeat('x', 20000) x`;
    const ran = await Promise.all(
      [0, 2].map((seconds) => runOurs(['itwiki', '-e', sql(seconds)], { env: { HOME } })),
    );
    const [short, long] = ran;
    expect(long).toEqual(short);
    expect(long).toMatchObject({ stderr: '', code: 0 });
  });
});
