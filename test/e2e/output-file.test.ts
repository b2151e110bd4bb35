import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { program, runOurs, runOursWarm, startOurs } from '../farm/run.js';
import { running } from '../shell/server.js';
import { emptyDirectory, homeWithCredentials } from './home.js';

let HOME: string;
beforeAll(() => {
  HOME = homeWithCredentials();
});

const path = (name: string) => join(emptyDirectory(), name);
const listDirectoryOf = (file: string) => readdirSync(dirname(file));

async function run(file: string, sql: string, ...args: string[]) {
  const result = await runOursWarm(['itwiki', '--output', file, ...args, '-e', sql], {
    env: { HOME },
  });
  return { ...result, stdout: result.stdout.toString() };
}

describe('--output', () => {
  it('creates a file that only the user can read, in the format of its extension', async () => {
    const file = path('x.csv');
    expect(await run(file, 'select 1 a, null b')).toMatchObject({
      stdout: '',
      stderr: '',
      code: 0,
    });
    expect(readFileSync(file, 'utf8')).toBe('a,b\n1,\n');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(listDirectoryOf(file)).toEqual(['x.csv']);
  });

  it('keeps the mode of an existing file, and a symbolic link to it', async () => {
    const file = path('x.jsonl');
    const link = path('link.jsonl');
    writeFileSync(file, 'old');
    chmodSync(file, 0o666);
    symlinkSync(file, link);
    await run(link, 'select 1 a');
    expect(readFileSync(file, 'utf8')).toBe('{"a":1}\n');
    expect(statSync(file).mode & 0o777).toBe(0o666);
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
  });

  it('compresses a .gz file', async () => {
    const file = path('x.tsv.gz');
    const sql = 'select seq, md5(seq) m from seq_1_to_50000';
    expect(await run(file, sql)).toMatchObject({ stderr: '', code: 0 });
    const direct = await runOurs(['itwiki', '-e', sql], { env: { HOME } });
    expect(gunzipSync(readFileSync(file)).equals(direct.stdout)).toBe(true);
  });

  it('compresses a .zst file, or reports that this Node cannot', async () => {
    const { stderr, code } = await run(path('x.tsv.zst'), 'select 1');
    const hasZstd = 'createZstdCompress' in process.getBuiltinModule('node:zlib');
    expect([code, /has no zstd/.test(stderr)]).toEqual(hasZstd ? [0, false] : [1, true]);
  });

  it('writes to standard output for -, and to a device', async () => {
    expect(await run('-', 'select 1 a', '--format=csv')).toMatchObject({ stdout: 'a\n1\n' });
    expect(await run('/dev/null', 'select 1 a')).toMatchObject({ stdout: '', stderr: '', code: 0 });
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
  });

  it('with --wikis fails immediately if the directory cannot be created', async () => {
    const args = ['--wikis', 's2', '--output', '/proc/none/', '-e', 'select 1'];
    const { stderr, code } = await runOurs(args, { env: { HOME } });
    expect([stderr, code]).toEqual([
      "analytics-mysql: cannot write '/proc/none' (ENOENT): it was not created\n",
      1,
    ]);
  });

  it('writes only rows to the file, and messages to standard output', async () => {
    const file = path('x.csv');
    const { stdout } = await run(file, 'select 1 a', '-vv', '--tee', path('tee'));
    expect(readFileSync(file, 'utf8')).toBe('a\n1\n');
    expect(stdout).toMatch(/^Logging to file.*select 1 a.*1 row in set.*Bye\n$/s);
  });
});

describe('no file is created, and an existing one is kept,', () => {
  it.each(['x.csv', 'x.json.gz', 'x.parquet'])(
    'after an error from the server: %s',
    async (name) => {
      const file = path(name);
      writeFileSync(file, 'old');
      const { code, stderr } = await run(file, 'select 1 a; select nothing');
      expect([code, stderr]).toEqual([1, expect.stringContaining('ERROR 1054')]);
      expect(listDirectoryOf(file)).toEqual([name]);
      expect(readFileSync(file, 'utf8')).toBe('old');
    },
  );

  it('after an error among the rows, even with --force; an error that loses no rows is ignored', async () => {
    const file = path('x.csv');
    const sql = 'select if(seq < 50000, seq, (select 1 union select 2)) a from seq_1_to_60000';
    expect(await run(file, sql)).toMatchObject({ code: 1 });
    const runWithForce = (sql: string) =>
      runOurs(['itwiki', '--output', file, '-e', sql, '-f'], { env: { HOME } });
    const forced = await runWithForce(sql);
    expect([forced.code, forced.stderr]).toEqual([1, expect.stringContaining('was not created')]);
    expect(listDirectoryOf(file)).toEqual([]);
    await runWithForce('select nothing; select 1 a');
    expect(listDirectoryOf(file)).toEqual(['x.csv']);
  });

  it.each([
    ['SIGINT', false],
    ['SIGTERM', false],
    ['SIGQUIT', false],
    ['SIGHUP', false],
    ['SIGKILL', true],
  ] as const)('after %s', async (signal, leavesPartialFile) => {
    const file = path('x.csv.gz');
    const mark = `output_${signal}`;
    const sql = `select seq, sleep(0.001) as ${mark} from seq_1_to_100000`;
    const child = startOurs(['itwiki', '--output', file, '-e', sql], { env: { HOME } });
    child.stdin?.end();
    await expect
      .poll(() => listDirectoryOf(file).length, { timeout: 10_000, interval: 20 })
      .toBe(1);
    await expect.poll(() => running(mark), { timeout: 10_000, interval: 100 }).toBe(1);
    child.kill(signal);
    const [, endedBy] = await once(child, 'close');
    expect(endedBy).toBe(signal);
    const remaining = listDirectoryOf(file);
    expect(remaining.length).toBe(leavesPartialFile ? 1 : 0);
    for (const name of remaining) expect(name).toMatch(/^\.x\.csv\.gz\..*\.part$/);
    expect(existsSync(file)).toBe(false);
  });

  it('if its directory is missing, or its path is a directory, with an error before the query runs', async () => {
    const directory = emptyDirectory();
    const sql = 'select sleep(60)';
    expect((await run(join(directory, 'no', 'x.csv'), sql)).stderr).toMatch(
      /\(the directory '.*\/no' does not exist\): it was not/,
    );
    expect((await run(directory, sql)).stderr).toMatch(/\(it is a directory\): it was not created/);
  });

  it.each(['x.csv', 'x.json.gz', 'x.parquet'])('if the disk is full: %s', async (name) => {
    const file = path(name);
    const { nameserver, mwConfigPath } = inject('farm');
    // The file size limit of the shell simulates a full disk.
    const sql = 'select seq, md5(seq) m, sha2(seq, 512) s from seq_1_to_30000';
    const line = `trap "" XFSZ; ulimit -f 100; exec '${program}' itwiki --output '${file}' -e '${sql}'`;
    const child = spawn('bash', ['-c', line], {
      env: {
        PATH: process.env.PATH,
        HOME,
        ANALYTICS_MYSQL_NAMESERVER: nameserver,
        ANALYTICS_MYSQL_MW_CONFIG_PATH: mwConfigPath,
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let stderr = '';
    child.stderr.on('data', (data) => {
      stderr += data;
    });
    const [code] = await once(child, 'close');
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/\(the file is too large\): it was not created\n$/),
    ]);
    expect(listDirectoryOf(file)).toEqual([]);
    expect((await run('/dev/full', 'select 1', '--format=csv')).stderr).toContain(
      '(no space left on the device)',
    );
  });
});

describe('a reader that closes standard output early', () => {
  it.each(['csv', 'json'])('causes no error: %s', async (format) => {
    const sql = "select seq, repeat('x', 1000) a from seq_1_to_1000000";
    const child = startOurs(['itwiki', `--format=${format}`, '-e', sql], { env: { HOME } });
    child.stdin?.end();
    child.stdout?.once('data', () => child.stdout?.destroy());
    const [code] = await once(child, 'exit');
    expect(code).toBe(0);
  });
});
