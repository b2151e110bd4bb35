import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { program, runClient, runOurs } from '../farm/run.js';
import { emptyDirectory, homeWithCredentials } from './home.js';

let HOME: string;
beforeAll(() => {
  HOME = homeWithCredentials();
});

/** Runs a command line in bash, with the built program as `analytics-mysql`. */
async function runBash(
  line: string,
  cwd = emptyDirectory(),
): Promise<{ code: number; output: string }> {
  const { nameserver, mwConfigPath } = inject('farm');
  const child = spawn('bash', ['-c', line], {
    cwd,
    env: {
      PATH: `${join(program, '..')}:${process.env.PATH}`,
      HOME,
      LC_ALL: 'C.UTF-8',
      ANALYTICS_MYSQL_NAMESERVER: nameserver,
      ANALYTICS_MYSQL_MW_CONFIG_PATH: mwConfigPath,
    },
  });
  const output: Buffer[] = [];
  child.stdout.on('data', (data: Buffer) => output.push(data));
  child.stderr.on('data', (data: Buffer) => output.push(data));
  const [code] = await once(child, 'close');
  return { code, output: Buffer.concat(output).toString() };
}

describe('the target of a wiki', () => {
  it.each([
    [['itwiki'], 'dbstore1007.eqiad.wmnet:3312\n'],
    [['itwiki', '--use-x1'], 'dbstore1009.eqiad.wmnet:3320\n'],
    [['--use-x1', 'itwiki'], 'dbstore1009.eqiad.wmnet:3320\n'],
    [['enwiki'], 'dbstore1008.eqiad.wmnet:3311\n'],
    [['simplewiki'], 'dbstore1007.eqiad.wmnet:3313\n'],
    [['wikidatawiki'], 'dbstore1009.eqiad.wmnet:3318\n'],
    [['centralauth'], 'dbstore1008.eqiad.wmnet:3317\n'],
    [['centralauth', '--use-x1'], 'dbstore1008.eqiad.wmnet:3317\n'],
    [['staging'], 'dbstore1009.eqiad.wmnet:3350\n'],
    [['wikishared'], 'dbstore1009.eqiad.wmnet:3320\n'],
    [['--section', 's2'], 'dbstore1007.eqiad.wmnet:3312\n'],
    [['--host', 'elsewhere.example', '--port', '4000'], 'elsewhere.example:4000\n'],
  ])('%j is printed by --print-target as %j', async (args, expected) => {
    const { stdout, stderr, code } = await runOurs([...args, '--print-target']);
    expect({ stdout: stdout.toString(), stderr, code }).toEqual({
      stdout: expected,
      stderr: '',
      code: 0,
    });
  });

  it('is explained by --format json and by -v', async () => {
    const json = await runOurs(['itwiki', '--print-target', '--format', 'json']);
    expect(JSON.parse(json.stdout.toString())).toMatchObject({
      database: 'itwiki',
      section: 's2',
      host: 'dbstore1007.eqiad.wmnet',
      port: 3312,
    });
    const words = await runOurs(['itwiki', '--print-target', '-v']);
    expect(words.stdout.toString()).toBe('dbstore1007.eqiad.wmnet:3312\n');
    expect(words.stderr).toMatch(/s2\.dblist/);
    expect(words.stderr).toMatch(/_s2-analytics\._tcp\.eqiad\.wmnet/);
  });

  it('comes from the port scheme if no name server answers, with one warning', async () => {
    const args = ['itwiki', '--print-target', '--nameserver', '127.0.0.1:1'];
    const { stdout, stderr, code } = await runOurs(args);
    expect(stdout.toString()).toBe('s2-analytics-replica.eqiad.wmnet:3312\n');
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(/port scheme/);
    expect(code).toBe(0);
  });
});

describe('the examples of the README', () => {
  it('write the bytes of mariadb --batch', async () => {
    const directory = emptyDirectory();
    const { code, output } = await runBash(
      "analytics-mysql itwiki -e 'show tables' > t.tsv",
      directory,
    );
    const client = await runClient('s2', ['--batch', 'itwiki', '-e', 'show tables']);
    expect([code, output]).toEqual([0, '']);
    expect(readFileSync(join(directory, 't.tsv')).equals(client.stdout)).toBe(true);
  });

  it('read SQL from standard input', async () => {
    const directory = emptyDirectory();
    const line = "echo 'select page_title from page' | analytics-mysql itwiki > t.tsv";
    expect(await runBash(line, directory)).toEqual({ code: 0, output: '' });
    const sql = 'select page_title from page';
    const client = await runClient('s2', ['--batch', 'itwiki', '-e', sql]);
    expect(readFileSync(join(directory, 't.tsv')).equals(client.stdout)).toBe(true);
  });

  it('load a script into staging', async () => {
    const directory = emptyDirectory();
    const script =
      'drop table if exists e2e;\ncreate table e2e (n int);\ninsert into e2e values (1),(2);\n';
    writeFileSync(join(directory, 'dump.sql'), script);
    const line =
      'analytics-mysql staging < dump.sql && analytics-mysql staging -e "select sum(n) from e2e; drop table e2e"';
    expect(await runBash(line, directory)).toEqual({ code: 0, output: 'sum(n)\n3\n' });
  });

  it.each([
    "analytics-mysql staging -- -e 'select 1'",
    "analytics-mysql -e 'select 1' itwiki",
    "analytics-mysql -BNe 'select 1' itwiki --column-names",
    "analytics-mysql --execute='select 1' --section s3",
    "analytics-mysql itwiki --use-x1 -e 'select 1'",
    "analytics-mysql wikishared -e 'select 1'",
    'analytics-mysql itwiki --mw-config-path "$ANALYTICS_MYSQL_MW_CONFIG_PATH" -e "select 1"',
  ])('run: %s', async (line) => {
    expect(await runBash(line)).toEqual({ code: 0, output: '1\n1\n' });
  });

  it('connect to the given database', async () => {
    const line = "analytics-mysql itwiki -Ne 'select database(), @@port'";
    expect((await runBash(line)).output).toBe('itwiki\t3312\n');
    const x1 = "analytics-mysql itwiki --use-x1 -Ne 'select database(), @@port'";
    expect((await runBash(x1)).output).toBe('itwiki\t3320\n');
  });
});
