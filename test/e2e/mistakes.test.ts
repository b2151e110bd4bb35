import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { ownOptions } from '../../src/cli/own-options.js';
import { clientArguments, type RunOptions, type RunResult, runOursWarm } from '../farm/run.js';
import { credentialsFile, emptyDirectory, homeWithCredentials } from './home.js';

/** Expects that the program ended with one line on standard error and a non-zero exit status. */
function expectOneLine({ stderr, code, stdout }: RunResult, text: RegExp): void {
  expect(stderr).toMatch(text);
  expect(stderr).not.toMatch(/\n\s+at /);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  expect(code).toBeGreaterThan(0);
  expect(stdout.toString()).toBe('');
}

describe('a wrong name', () => {
  it.each<[string, string[], RegExp]>([
    ['of a wiki', ['itwik', '-e', 'select 1'], /did you mean itwiki\?/],
    ['of a wiki, for --print-target', ['itwki', '--print-target'], /did you mean itwiki\?/],
    ['of a database that was moved', ['log', '-e', 'select 1'], /event_sanitized/],
    ['of a section', ['--section', '../s2', '-e', 'select 1'], /section/],
    ['of an option', ['itwiki', '--no-such-option'], /unknown option '--no-such-option'/],
    ['of a format', ['itwiki', '--print-target', '--format', 'csv'], /unknown format 'csv'/],
    ['of a credentials file', ['itwiki', '--credentials', 'nobody', '-e', 'select 1'], /nobody/],
    ['of a client', ['itwiki', '--client', '/no/such/client'], /cannot start '\/no\/such\/client'/],
    ['of a name server', ['itwiki', '--nameserver', 'x:y', '--print-target'], /nameserver/],
    [
      'of the mediawiki-config checkout',
      ['itwiki', '--mw-config-path', '/no/such', '--print-target'],
      /--mw-config-path/,
    ],
  ])('%s', async (_name, args, text) => {
    expectOneLine(await runOursWarm(args), text);
  });

  it('a missing database name is an error that says what to give', async () => {
    expectOneLine(await runOursWarm(['-e', 'select 1'], { input: '' }), /database/);
  });
});

describe('a wrong value of an option that the client does not have is an exit status from 2 to 13', () => {
  /** Arguments with a wrong value, or with an option that cannot be used with the others. */
  const cases: Record<(typeof ownOptions)[number]['name'], string[]> = {
    'use-x1': ['itwiki', '--use-x1=1'],
    section: ['--section=../s2'],
    redacted: ['itwiki', '--redacted', '--use-x1'],
    'redacted-host': ['itwiki', '--redacted', '--redacted-host=a b'],
    'print-target': ['itwiki', '--print-target', '--output=x.csv'],
    format: ['itwiki', '--format=excel'],
    output: ['itwiki', '--output=x.xlsx'],
    timestamps: ['itwiki', '--timestamps=unix'],
    'binary-as-text': ['itwiki', '--binary-as-text', '--format=csv'],
    provenance: ['itwiki', '--provenance'],
    wikis: ['--wikis=itwik'],
    except: ['--wikis=itwiki', '--except=itwik'],
    'list-wikis': ['itwiki', '--list-wikis'],
    'list-lists': ['itwiki', '--list-lists'],
    completion: ['--completion=tcsh'],
    'dry-run': ['itwiki', '--dry-run'],
    plan: ['--wikis=itwiki', '--plan=yaml'],
    'per-section': ['--wikis=itwiki', '--per-section=17'],
    'skip-read-only': ['itwiki', '--skip-read-only'],
    'max-statement-time': ['--wikis=itwiki', '--max-statement-time=1h'],
    'wiki-timeout': ['itwiki', '--wiki-timeout=5'],
    throttle: ['--wikis=itwiki', '--throttle=-1'],
    'wiki-column': ['itwiki', '--wiki-column=x'],
    'wiki-fields': ['--wikis=itwiki', '--wiki-fields=color'],
    unordered: ['--wikis=itwiki', '--unordered', '--output=x.csv'],
    'union-columns': ['itwiki', '--union-columns'],
    'fail-fast': ['itwiki', '--fail-fast'],
    resume: ['--wikis=itwiki', '--output=x.csv', '--resume=soon'],
    restart: ['--wikis=itwiki', '--restart'],
    quiet: ['itwiki', '--quiet'],
    retries: ['--wikis=itwiki', '--retries=many'],
    'mw-config-path': ['itwiki', '--mw-config-path=/no/such'],
    nameserver: ['itwiki', '--nameserver=localhost'],
    domain: ['itwiki', '--domain=a b'],
    credentials: ['itwiki', '--credentials=nobody'],
    client: ['itwiki', '--client=/no/such'],
    vi: ['itwiki', '--vi=1'],
    'skip-destructive-warning': ['itwiki', '--skip-destructive-warning=1'],
    'long-query-bell': ['itwiki', '--long-query-bell=loud'],
    'defaults-file': ['itwiki', '--no-defaults', '--defaults-file=/dev/null'],
    'defaults-extra-file': ['itwiki', '--no-defaults', '--defaults-extra-file=/dev/null'],
    'defaults-group-suffix': ['itwiki', '--defaults-group-suffix'],
    'no-defaults': ['itwiki', '--no-defaults=1'],
    'print-defaults': ['itwiki', '--print-defaults=1'],
  };

  it.each(ownOptions.map(({ name }) => name))('--%s', async (name) => {
    const cwd = emptyDirectory();
    const env = { HOME: homeWithCredentials() };
    const isLast = cases[name].at(-1) === `--${name}` && name === 'defaults-group-suffix';
    const args = isLast ? ['-e', 'select 1', ...cases[name]] : [...cases[name], '-e', 'select 1'];
    const result = await runOursWarm(args, { cwd, env });
    expectOneLine(result, /./);
    expect(result.code, result.stderr).toBeGreaterThanOrEqual(2);
    expect(result.code, result.stderr).toBeLessThanOrEqual(13);
    expect(readdirSync(cwd)).toEqual([]);
  });

  it.each(ownOptions.filter(({ kind }) => kind === 'flag').map(({ name }) => name))(
    '--%s=1: 4',
    async (name) => {
      expect((await runOursWarm([`--${name}=1`])).code).toBe(4);
    },
  );

  it.each(ownOptions.filter(({ kind }) => !/flag|optional/.test(kind)).map(({ name }) => name))(
    '--%s without a value: 5',
    async (name) => {
      expect((await runOursWarm([`--${name}`])).code).toBe(5);
      expect((await runOursWarm([`--${name}`, '-e', 'select 1'])).code).toBe(5);
    },
  );
});

describe('an argument that may be a password is not shown', () => {
  it.each<[string[], RegExp]>([
    [['itwiki', '-p', 'hunter2', '-e', 'select 1'], /write a password directly after -p/],
    [['-p', 'hunter2', '-e', 'select 1'], /unknown database; write a password directly after -p/],
    [['--password', 'hunter2', '--print-target'], /unknown database; write a password directly/],
    [['--wikis', 'all', '-p', 'hunter2', '-e', 'select 1'], /write a password directly after -p/],
  ])('%j', async (args, text) => {
    const result = await runOursWarm(args);
    expectOneLine(result, text);
    expect(result.stderr).not.toContain('hunter2');
  });
});

describe('an output file that cannot be created', () => {
  it.each<[output: string, reason: string]>([
    ['nodir/x.csv', "the directory 'nodir' does not exist"],
    ['./nodir/sub/x.csv.gz', "the directory './nodir' does not exist"],
    ['/dev/null/x.csv', "'/dev/null' is not a directory"],
    ['file/sub/x.csv', "'file' is not a directory"],
  ])('%s: %s', async (output, reason) => {
    const cwd = emptyDirectory();
    writeFileSync(join(cwd, 'file'), '');
    const options = { cwd, env: { HOME: homeWithCredentials() } };
    for (const target of [['itwiki'], ['--wikis', 'itwiki']]) {
      const result = await runOursWarm([...target, '-e', 'select 1', '--output', output], options);
      const text = `analytics-mysql: cannot write '${output}' (${reason}): it was not created\n`;
      expect([result.stderr, result.code]).toEqual([text, 1]);
    }
  });
});

describe('a mediawiki-config checkout', () => {
  it.each<[string, (directory: string) => void, RegExp]>([
    ['that is empty', () => {}, /dblist/],
    [
      'with a wiki in two sections',
      (directory) => {
        writeFileSync(join(directory, 'dblists', 's1.dblist'), 'itwiki\n');
        writeFileSync(join(directory, 'dblists', 's2.dblist'), 'itwiki\n');
      },
      /itwiki.*s1.*s2/,
    ],
    [
      'whose dblist is a directory',
      (directory) => mkdirSync(join(directory, 'dblists', 's1.dblist')),
      /s1\.dblist/,
    ],
  ])('%s', async (_name, fill, text) => {
    const directory = emptyDirectory();
    mkdirSync(join(directory, 'dblists'));
    fill(directory);
    expectOneLine(
      await runOursWarm(['itwiki', '--print-target', '--mw-config-path', directory]),
      text,
    );
  });
});

describe('if the program cannot connect or log in, it reports', () => {
  it('for an unreachable server, the error of the client with exit status 1', async () => {
    const args = ['--host', '127.0.0.1', '--port', '1', '-uresearch', '-e', 'select 1'];
    const result = await runOursWarm(args);
    expectOneLine(
      result,
      /^ERROR 2002 \(HY000\): Can't connect to server on '127.0.0.1' \(115\)\n$/,
    );
    expect(result.code).toBe(1);
  });

  it('without DNS, a warning, the unknown host of the port scheme, and what it means', async () => {
    const args = ['itwiki', '--nameserver', '127.0.0.1:1', '-e', 'select 1'];
    const { stderr, code } = await runOursWarm(args, { env: { HOME: homeWithCredentials() } });
    const lines = stderr.trimEnd().split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(/^analytics-mysql: Warning: .*port scheme/);
    expect(lines[1]).toBe(
      "ERROR 2005 (HY000): Unknown server host 's2-analytics-replica.eqiad.wmnet' (-2)",
    );
    expect(lines[2]).toMatch(
      /^analytics-mysql: the replicas can be reached only from the analytics/,
    );
    expect(code).toBe(1);
  });

  it('without credentials, the error of the server and who gives access', async () => {
    const directory = emptyDirectory();
    const env: RunOptions['env'] = { ANALYTICS_MYSQL_CREDENTIALS_DIR: directory };
    const { stderr, code } = await runOursWarm(['itwiki', '-e', 'select 1'], { env });
    const lines = stderr.trimEnd().split('\n');
    // The error is 1698 if the server has no user of that name.
    expect(lines[0]).toMatch(/^ERROR (1045|1698) \(28000\): Access denied for user /);
    expect(lines[1]).toMatch(/no credentials were found; ask for membership of /);
    expect([lines.length, code]).toEqual([2, 1]);
    const verbose = await runOursWarm(['itwiki', '-v', '-e', 'select 1'], { env });
    expect(verbose.stderr).toContain(`missing: `);
    expect(verbose.stderr).toContain(join(directory, 'analytics-research-client.cnf'));
  });

  it('for a wrong password, the error of the server without a list of files', async () => {
    const { stderr } = await runOursWarm(['itwiki', '-uresearch', '-pwrong', '-e', 'select 1']);
    expect(stderr).toMatch(/^ERROR 1045 \(28000\): Access denied .*\n$/);
  });
});

describe('credentials', () => {
  it('come from the first readable access-group file', async () => {
    const directory = emptyDirectory();
    credentialsFile(join(directory, 'stats-research-client.cnf'), 'noPassword');
    credentialsFile(join(directory, 'research-client.cnf'), 'research');
    const env = { ANALYTICS_MYSQL_CREDENTIALS_DIR: directory };
    const whoAmI = ['itwiki', '-Ne', "select substring_index(current_user(), '@', 1)"];
    expect((await runOursWarm(whoAmI, { env })).stdout.toString()).toBe('research\n');
    const chosen = [...whoAmI, '--credentials', 'stats-research-client'];
    expect((await runOursWarm(chosen, { env })).stdout.toString()).toBe('no_password\n');
  });

  it('in ~/.my.cnf take precedence', async () => {
    const directory = emptyDirectory();
    credentialsFile(join(directory, 'research-client.cnf'), 'noPassword');
    const env = { ANALYTICS_MYSQL_CREDENTIALS_DIR: directory, HOME: homeWithCredentials() };
    const { stdout } = await runOursWarm(['itwiki', '-Ne', 'select current_user()'], { env });
    expect(stdout.toString()).toBe('research@%\n');
  });

  it('can contain quotes, spaces and backslashes', async () => {
    const file = join(emptyDirectory(), 'odd.cnf');
    credentialsFile(file, 'oddPassword');
    const args = ['itwiki', `--defaults-file=${file}`, '-Ne', 'select current_user()'];
    expect((await runOursWarm(args)).stdout.toString()).toBe('odd_password@%\n');
  });

  it('in a world-writable file are ignored with a warning', async () => {
    const home = homeWithCredentials();
    chmodSync(join(home, '.my.cnf'), 0o666);
    const { stderr, code } = await runOursWarm(['itwiki', '-e', 'select 1'], {
      env: { HOME: home },
    });
    expect(stderr).toMatch(/World-writable config file/);
    expect(code).toBe(1);
  });

  it('never change the target, and neither does the environment', async () => {
    const file = join(emptyDirectory(), 'moved.cnf');
    writeFileSync(file, '[client]\nhost=elsewhere.example\nport=1\nsocket=/no/such.sock\n');
    const args = ['itwiki', `--defaults-extra-file=${file}`, '--print-target'];
    const { stdout } = await runOursWarm(args, { env: { MYSQL_HOST: 'x', MYSQL_TCP_PORT: '1' } });
    expect(stdout.toString()).toBe('dbstore1007.eqiad.wmnet:3312\n');
  });
});

it('--section connects without a database', async () => {
  const [, , , , , user, password] = clientArguments('s2');
  const args = ['--section', 's2', `${user}`, `${password}`, '-Ne', 'select database() is null'];
  expect((await runOursWarm(args)).stdout.toString()).toBe('1\n');
  expect(inject('farm').running).toContain('s2');
});
